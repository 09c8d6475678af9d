import type { ReactElement } from "react";
import { ActivityIndicator, StyleSheet, View } from "react-native";
import { RoundButton } from "../ui/Button";
import { useInsets } from "../ui/insets";
import { DARK, STAGE } from "../ui/palette";
import { Type } from "../ui/Type";
import { calls } from "./calls";
import type { CallView } from "./CallShell";
import type { Calling } from "./callState";
import { RingingAvatar } from "./Stage";

interface CallingScreenProps {
  readonly view: CallView;
  /** Not called yet: camera and microphone have to be allowed first. */
  readonly asking: CallView["asking"];
}

/** Our call rings at the other side. */
export function CallingScreen({ view, asking }: CallingScreenProps): ReactElement | null {
  const insets = useInsets();
  const call = view.state.at === "calling" ? view.state : null;
  const peer = call?.peer ?? asking?.peer;
  if (peer === undefined) return null;
  const cancel = (): void => {
    if (asking !== null) calls.stopAsking();
    else calls.hangUp();
  };
  return (
    <>
      <View style={[styles.column, { paddingTop: insets.top + 32, paddingBottom: insets.bottom + 48 }]}>
        <View style={styles.who}>
          <RingingAvatar name={peer.name} seed={peer.userId} size={128} />
          <View style={styles.words}>
            <Type kind="display" color={STAGE.text} center lines={3}>
              {peer.name}
            </Type>
            <View style={styles.status} role="status" aria-live="polite">
              <ActivityIndicator size="small" color={STAGE.muted} />
              <Type color={STAGE.muted} testID="calling-status">
                {asking !== null ? "Allow camera and microphone…" : progressOf(call)}
              </Type>
            </View>
          </View>
        </View>
        <RoundButton
          icon="hang-up"
          label="Cancel the call"
          caption="Cancel"
          onPress={cancel}
          background={DARK.danger}
          color="#FFFFFF"
          captionColor={STAGE.muted}
          size={68}
          testID="calling-cancel"
        />
      </View>
    </>
  );
}

function progressOf(call: Calling | null): string {
  if (call === null) return "Calling…";
  if (!call.online) return "Waiting for the server…";
  if (call.waiting) return "On another call…";
  return call.progress === "ringing" ? "Ringing…" : "Calling…";
}

const styles = StyleSheet.create({
  column: { flex: 1, alignItems: "center", justifyContent: "space-between", paddingHorizontal: 24 },
  who: { flex: 1, alignItems: "center", justifyContent: "center", gap: 40 },
  words: { gap: 12, alignItems: "center", maxWidth: 560 },
  status: { flexDirection: "row", alignItems: "center", gap: 10 },
});
