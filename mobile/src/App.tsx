import { useEffect, useState, type ReactElement } from "react";
import { StatusBar, StyleSheet, View, type ViewStyle } from "react-native";
import { wordsFor } from "./api/http";
import { restoreSession, sessionState, type User } from "./auth/session";
import { SignInScreen } from "./auth/SignInScreen";
import { CallLayer } from "./call/CallLayer";
import { isLive } from "./call/callCourse";
import { calls, startSignaling } from "./call/calls";
import { forgetHistory } from "./call/history";
import { forgetCircles } from "./circle/circles";
import { InvitationCard, usePreview } from "./circle/InvitationCard";
import { Home } from "./Home";
import { takeLinkToken } from "./navigation/address";
import { place, startNavigation } from "./navigation/navigation";
import { loadPreferences } from "./settings/preferences";
import { servers } from "./settings/servers";
import { Empty, Loading } from "./ui/Blocks";
import { InsetsProvider } from "./ui/insets";
import { useStore } from "./ui/store";
import { ThemeProvider, useTheme } from "./ui/theme";
import { ToastLayer } from "./ui/toast";

export function App(): ReactElement {
  return (
    <InsetsProvider>
      <ThemeProvider>
        <Kith />
      </ThemeProvider>
    </InsetsProvider>
  );
}

function Kith(): ReactElement {
  const { colors, dark } = useTheme();
  const session = useStore(sessionState);
  const { failed, retry } = useStart();
  return (
    <View style={[styles.app, { backgroundColor: colors.background }]}>
      <StatusBar barStyle={dark ? "light-content" : "dark-content"} />
      {failed !== null ? (
        <Empty
          icon="offline"
          title="Kith could not start"
          detail={failed}
          action={{ title: "Try again", onPress: retry, testID: "start-retry" }}
          testID="start-error"
        />
      ) : session.is === "loading" ? (
        <Loading label="Starting" />
      ) : session.is === "signed-out" ? (
        <SignedOut because={session.because} />
      ) : (
        <SignedIn key={session.user.id} me={session.user} />
      )}
      <ToastLayer />
    </View>
  );
}

function SignedOut({ because }: { because: string | null }): ReactElement {
  const route = useStore(place);
  const code = route.to === "invite" ? route.code : null;
  const preview = usePreview(code);
  return (
    <SignInScreen
      because={because}
      inviteCode={code}
      invitation={code === null ? null : <InvitationCard preview={preview} />}
    />
  );
}

function SignedIn({ me }: { me: User }): ReactElement {
  const { state, asking } = useStore(calls.view);
  const covered = isLive(state) || (asking !== null && asking.problem === null);
  useEffect(() => {
    if (servers === null) return undefined;
    const stop = startSignaling(servers.streaming, me.id);
    return () => {
      stop();
      forgetCircles();
      forgetHistory();
    };
  }, [me.id]);
  return (
    <>
      <View aria-hidden={covered} style={[styles.fill, covered && COVERED]}>
        <Home me={me} />
      </View>
      <CallLayer />
    </>
  );
}

const NO_SERVER = "This app was built without the address of a server (EXPO_PUBLIC_API_BASE_URL).";

/** Finds the place, the preferences and the session that the app starts with. */
function useStart(): { failed: string | null; retry: () => void } {
  const [attempt, setAttempt] = useState(0);
  const [failed, setFailed] = useState<string | null>(null);
  const [link] = useState(takeLinkToken);
  useEffect(() => {
    const stop = startNavigation();
    return stop;
  }, []);
  useEffect(() => {
    if (servers === null) return;
    const { api } = servers;
    loadPreferences()
      .then(() => restoreSession(api, link))
      .catch((error: unknown) => setFailed(wordsFor(error)));
  }, [attempt, link]);
  const retry = (): void => {
    setFailed(null);
    setAttempt(attempt + 1);
  };
  return { failed: servers === null ? NO_SERVER : failed, retry };
}

/** Under a call nothing can be reached, by Tab or by a screen reader. */
const COVERED = (process.env.EXPO_OS === "web" ? { visibility: "hidden" } : {}) as ViewStyle;

const styles = StyleSheet.create({ app: { flex: 1, overflow: "hidden" }, fill: { flex: 1 } });
