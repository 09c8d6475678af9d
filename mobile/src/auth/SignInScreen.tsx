import { useEffect, useState, type ReactElement } from "react";
import { ScrollView, StyleSheet, View } from "react-native";
import { Problem, textOf, wordsFor } from "../api/http";
import { codeOf } from "../navigation/route";
import { Banner } from "../ui/Blocks";
import { Brand } from "../ui/Brand";
import { Button } from "../ui/Button";
import { Field } from "../ui/Field";
import { Form } from "../ui/Form";
import { useInsets } from "../ui/insets";
import { useTheme } from "../ui/theme";
import { Type } from "../ui/Type";
import { anonymous, signIn, signUp } from "./session";

interface SignInScreenProps {
  /** Why there is nobody signed in any more. */
  readonly because: string | null;
  /** What an invite link says, to be shown above. */
  readonly invitation: ReactElement | null;
  readonly inviteCode: string | null;
}

type Registration = "open" | "invite" | "closed";

/** Signing in, or making an account. */
export function SignInScreen({ because, invitation, inviteCode }: SignInScreenProps): ReactElement {
  const { colors, wide } = useTheme();
  const insets = useInsets();
  const [making, setMaking] = useState(inviteCode !== null);
  const registration = useRegistration();
  const mayRegister = registration === "open" || (registration === "invite" && inviteCode !== null);
  return (
    <ScrollView
      role="main"
      style={{ flex: 1, backgroundColor: colors.background }}
      contentContainerStyle={[styles.page, { paddingTop: 40 + insets.top, paddingBottom: 32 + insets.bottom }]}
      keyboardShouldPersistTaps="handled"
    >
      <View
        style={[styles.card, wide && [styles.wideCard, { backgroundColor: colors.surface, borderColor: colors.line }]]}
      >
        <Brand size={44} />
        {invitation}
        {because !== null && <Banner tone="warning" icon="alert" title={because} testID="signed-out-because" />}
        {making ? (
          <SignUpForm registration={registration} inviteCode={inviteCode} />
        ) : (
          <SignInForm greet={invitation === null} />
        )}
        <View style={styles.other}>
          <Type muted>
            {making ? "You have an account?" : mayRegister || registration === "invite" ? "New here?" : ""}
          </Type>
          {making ? (
            <Button title="Sign in" look="quiet" small onPress={() => setMaking(false)} testID="go-to-sign-in" />
          ) : (
            registration !== "closed" && (
              <Button
                title="Create an account"
                look="quiet"
                small
                onPress={() => setMaking(true)}
                testID="go-to-sign-up"
              />
            )
          )}
        </View>
      </View>
    </ScrollView>
  );
}

function SignInForm({ greet }: { greet: boolean }): ReactElement {
  const [username, setUsername] = useState("");
  const [password, setPassword] = useState("");
  const { busy, problem, run } = useSubmit();
  const submit = (): void => {
    if (username.trim() === "" || password === "") {
      run(() => Promise.reject(new Problem(0, "Enter your username and your password.")));
    } else run(() => signIn(username.trim(), password));
  };
  return (
    <Form gap={16}>
      <View style={styles.greeting}>
        <Type kind="title">{greet ? "Welcome back" : "Sign in"}</Type>
        {greet && <Type muted>Video calls with the people of your circles.</Type>}
      </View>
      <UsernameField
        value={username}
        onChange={setUsername}
        problem={problem}
        onSubmit={submit}
        testID="sign-in-username"
      />
      <PasswordField
        value={password}
        onChange={setPassword}
        autoComplete="current-password"
        problem={problem}
        onSubmit={submit}
        testID="sign-in-password"
      />
      <ProblemLine problem={problem} testID="sign-in-error" />
      <Button title="Sign in" onPress={submit} busy={busy} testID="sign-in-submit" />
    </Form>
  );
}

interface SignUpFormProps {
  readonly registration: Registration;
  readonly inviteCode: string | null;
}

function SignUpForm({ registration, inviteCode }: SignUpFormProps): ReactElement {
  const [username, setUsername] = useState("");
  const [displayName, setDisplayName] = useState("");
  const [password, setPassword] = useState("");
  const [invite, setInvite] = useState("");
  const { busy, problem, run } = useSubmit();
  const asksInvite = registration === "invite" && inviteCode === null;
  const submit = (): void => {
    const name = displayName.trim();
    const code = inviteCode ?? codeOf(invite);
    const wrong: Record<string, string> = {};
    if (username.trim() === "") wrong.username = "Choose a username.";
    if (password === "") wrong.password = "Choose a password.";
    if (asksInvite && code === null) wrong.invite = "Paste the invite link you were sent.";
    if (Object.keys(wrong).length > 0) {
      run(() => Promise.reject(new Problem(0, "Something is missing.", null, wrong)));
      return;
    }
    run(() =>
      signUp({
        username: username.trim(),
        password,
        ...(name !== "" && { displayName: name }),
        ...(code !== null && { invite: code }),
      }),
    );
  };
  return (
    <Form gap={16}>
      <View style={styles.greeting}>
        <Type kind="title">Create your account</Type>
        <Type muted>It lives on this server and nowhere else.</Type>
      </View>
      <UsernameField
        value={username}
        onChange={setUsername}
        hint="What you sign in with."
        problem={problem}
        onSubmit={submit}
        testID="sign-up-username"
      />
      <Field
        label="Your name"
        value={displayName}
        onChange={setDisplayName}
        autoComplete="name"
        hint="What others see. Your username, if you leave it out."
        error={problem?.fields.displayName}
        onSubmit={submit}
        testID="sign-up-display-name"
      />
      <PasswordField
        value={password}
        onChange={setPassword}
        autoComplete="new-password"
        problem={problem}
        onSubmit={submit}
        testID="sign-up-password"
      />
      {asksInvite && (
        <Field
          label="Invite link"
          value={invite}
          onChange={setInvite}
          plain
          hint="This server takes new people by invitation."
          error={problem?.fields.invite}
          onSubmit={submit}
          testID="sign-up-invite"
        />
      )}
      <ProblemLine problem={problem} testID="sign-up-error" />
      <Button title="Create account" onPress={submit} busy={busy} testID="sign-up-submit" />
    </Form>
  );
}

interface CredentialProps {
  readonly value: string;
  readonly onChange: (value: string) => void;
  readonly problem: Problem | null;
  readonly onSubmit: () => void;
  readonly testID: string;
}

function UsernameField({ problem, ...field }: CredentialProps & { readonly hint?: string }): ReactElement {
  return <Field label="Username" plain autoComplete="username" error={problem?.fields.username} {...field} />;
}

function PasswordField({
  problem,
  ...field
}: CredentialProps & { readonly autoComplete: "current-password" | "new-password" }): ReactElement {
  return <Field label="Password" secret error={problem?.fields.password} {...field} />;
}

/** What went wrong, unless a field says it already. */
function ProblemLine({ problem, testID }: { problem: Problem | null; testID: string }): ReactElement | null {
  if (problem === null || Object.keys(problem.fields).length > 0) return null;
  return <Banner tone="danger" icon="alert" title={problem.detail} testID={testID} />;
}

function useSubmit(): { busy: boolean; problem: Problem | null; run: (job: () => Promise<void>) => void } {
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<Problem | null>(null);
  const run = (job: () => Promise<void>): void => {
    if (busy) return;
    setBusy(true);
    setProblem(null);
    job()
      .catch((error: unknown) => setProblem(error instanceof Problem ? error : new Problem(0, wordsFor(error))))
      .finally(() => setBusy(false));
  };
  return { busy, problem, run };
}

/** Who may make an account here. A server that does not say lets anyone try. */
function useRegistration(): Registration {
  const [registration, setRegistration] = useState<Registration>("open");
  useEffect(() => {
    let here = true;
    anonymous("/api/config")
      .then((body) => {
        const said = textOf(body.registration);
        if (here && (said === "invite" || said === "closed")) setRegistration(said);
      })
      .catch(() => undefined);
    return () => {
      here = false;
    };
  }, []);
  return registration;
}

const styles = StyleSheet.create({
  page: { flexGrow: 1, alignItems: "center", justifyContent: "center", paddingHorizontal: 20 },
  card: { width: "100%", maxWidth: 440, gap: 24 },
  wideCard: { padding: 40, borderRadius: 24, borderWidth: 1 },
  greeting: { gap: 4, marginBottom: 4 },
  other: { flexDirection: "row", alignItems: "center", justifyContent: "center", gap: 4, minHeight: 40 },
});
