import { useEffect, useState, type ReactElement } from "react";
import { StyleSheet, View } from "react-native";
import { wordsFor } from "../api/http";
import { go, goInstead } from "../navigation/navigation";
import { Avatar } from "../ui/Avatar";
import { Banner, Empty, Loading } from "../ui/Blocks";
import { Button } from "../ui/Button";
import { Page } from "../ui/Page";
import { useTheme } from "../ui/theme";
import { showToast } from "../ui/toast";
import { Type } from "../ui/Type";
import { acceptInvite, previewInvite, type InvitePreview } from "./circles";

export type Preview =
  | { readonly is: "loading" }
  | { readonly is: "ready"; readonly invite: InvitePreview }
  | { readonly is: "failed"; readonly error: string };

/** What an invite link invites to. */
export function usePreview(code: string | null): Preview {
  const [found, setFound] = useState<{ readonly code: string; readonly preview: Preview } | null>(null);
  useEffect(() => {
    let here = true;
    if (code === null) return undefined;
    const find = (preview: Preview): void => {
      if (here) setFound({ code, preview });
    };
    previewInvite(code)
      .then((invite) => find({ is: "ready", invite }))
      .catch((error: unknown) => find({ is: "failed", error: wordsFor(error) }));
    return () => {
      here = false;
    };
  }, [code]);
  return found !== null && found.code === code ? found.preview : { is: "loading" };
}

/** The invitation, for somebody who has to sign in first. */
export function InvitationCard({ preview }: { preview: Preview }): ReactElement | null {
  const { colors } = useTheme();
  switch (preview.is) {
    case "loading":
      return null;
    case "failed":
      return (
        <Banner
          tone="warning"
          icon="alert"
          title="This invite cannot be used"
          detail={preview.error}
          testID="invite-error"
        />
      );
    case "ready": {
      const { circleName, invitedBy } = preview.invite;
      return (
        <View style={[styles.card, { backgroundColor: colors.soft }]} testID="invite-preview">
          <Avatar name={circleName} seed={circleName} size={48} square />
          <View style={styles.text}>
            <Type kind="small" color={colors.onSoft}>
              {invitedBy === null ? "You are invited to" : `${invitedBy} invites you to`}
            </Type>
            <Type kind="heading" color={colors.onSoft} lines={2}>
              {circleName}
            </Type>
          </View>
        </View>
      );
    }
  }
}

/** The invitation, for somebody signed in: join, or leave it. */
export function AcceptInviteScreen({ code }: { code: string }): ReactElement {
  const preview = usePreview(code);
  const [busy, setBusy] = useState(false);
  const join = (): void => {
    setBusy(true);
    acceptInvite(code)
      .then((id) => goInstead({ to: "circle", id }))
      .catch((error: unknown) => {
        showToast(wordsFor(error), "danger");
        setBusy(false);
      });
  };
  return (
    <Page title="Invitation" onBack={() => go({ to: "circles" })} testID="invite-screen">
      {preview.is === "loading" && <Loading label="Reading the invite" />}
      {preview.is === "failed" && (
        <Empty
          icon="alert"
          title="This invite cannot be used"
          detail={preview.error}
          action={{ title: "To my circles", onPress: () => go({ to: "circles" }), testID: "invite-back" }}
          testID="invite-error"
        />
      )}
      {preview.is === "ready" && (
        <View style={styles.accept}>
          <Avatar name={preview.invite.circleName} seed={preview.invite.circleName} size={96} square />
          <View style={styles.words}>
            <Type muted center>
              {preview.invite.invitedBy === null ? "You are invited to" : `${preview.invite.invitedBy} invites you to`}
            </Type>
            <Type kind="display" center lines={3}>
              {preview.invite.circleName}
            </Type>
            <Type muted center>
              Its members can call you, and you can call them.
            </Type>
          </View>
          <Button title="Join the circle" onPress={join} busy={busy} testID="invite-accept" style={styles.wideButton} />
          <Button
            title="Not now"
            look="quiet"
            onPress={() => goInstead({ to: "circles" })}
            testID="invite-decline"
            style={styles.wideButton}
          />
        </View>
      )}
    </Page>
  );
}

const styles = StyleSheet.create({
  card: { flexDirection: "row", alignItems: "center", gap: 14, padding: 16, borderRadius: 16 },
  text: { flex: 1, minWidth: 0 },
  accept: { alignItems: "center", gap: 16, paddingVertical: 48 },
  words: { gap: 8, alignItems: "center", maxWidth: 460, marginBottom: 12 },
  wideButton: { alignSelf: "center", width: "100%", maxWidth: 340 },
});
