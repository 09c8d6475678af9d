import { useEffect, useState, type ReactElement } from "react";
import { StyleSheet, View } from "react-native";
import { wordsFor } from "../api/http";
import { Banner, Loading } from "../ui/Blocks";
import { Button } from "../ui/Button";
import { Dialog } from "../ui/Dialog";
import { useTheme } from "../ui/theme";
import { showToast } from "../ui/toast";
import { Type } from "../ui/Type";
import { createInvite, type Circle, type Invite } from "./circles";
import { canCopy, canShare, copyText, shareText } from "./sharing";

/** A link that lets people join: made, shown, copied, shared. */
export function InviteDialog({ circle, onClose }: { circle: Circle; onClose: () => void }): ReactElement {
  const { colors } = useTheme();
  const [invite, setInvite] = useState<Invite | null>(null);
  const [error, setError] = useState<string | null>(null);
  useEffect(() => {
    let here = true;
    createInvite(circle.id)
      .then((made) => here && setInvite(made))
      .catch((problem: unknown) => here && setError(wordsFor(problem)));
    return () => {
      here = false;
    };
  }, [circle.id]);
  const copy = (url: string): void => {
    copyText(url)
      .then(() => showToast("Link copied"))
      .catch(() => showToast("The link could not be copied: select it and copy it by hand.", "danger"));
  };
  return (
    <Dialog title={`Invite to ${circle.name}`} onClose={onClose} testID="invite-dialog">
      <Type muted>Whoever opens this link joins the circle. Send it only to people you want here.</Type>
      {error !== null && <Banner tone="danger" icon="alert" title={error} testID="invite-error" />}
      {invite === null && error === null && <Loading label="Making a link" />}
      {invite !== null && (
        <>
          <View style={[styles.link, { backgroundColor: colors.background, borderColor: colors.line }]}>
            <Type kind="small" testID="invite-url" style={styles.url}>
              {invite.url}
            </Type>
          </View>
          {invite.expiresAt !== null && (
            <Type kind="small" muted>
              {`It works until ${new Date(invite.expiresAt).toLocaleString(undefined, {
                weekday: "long",
                day: "numeric",
                month: "long",
                hour: "2-digit",
                minute: "2-digit",
              })}.`}
            </Type>
          )}
          {canCopy() && <Button title="Copy link" icon="copy" onPress={() => copy(invite.url)} testID="invite-copy" />}
          {canShare() && (
            <Button
              title="Share…"
              icon="share"
              look={canCopy() ? "secondary" : "primary"}
              onPress={() => void shareText(`Join ${circle.name} on Kith`, invite.url).catch(() => undefined)}
              testID="invite-share"
            />
          )}
        </>
      )}
      <Button title="Done" look="quiet" onPress={onClose} testID="invite-done" />
    </Dialog>
  );
}

const styles = StyleSheet.create({
  link: { borderRadius: 12, borderWidth: 1, padding: 14 },
  url: { userSelect: "all" },
});
