import { useEffect, useRef, type ReactElement } from "react";
import { StyleSheet, View } from "react-native";
import { circles } from "../circle/circles";
import { RoundButton } from "../ui/Button";
import { holdFocus } from "../ui/focus";
import { useInsets } from "../ui/insets";
import { DARK, STAGE } from "../ui/palette";
import { useStore } from "../ui/store";
import { Type } from "../ui/Type";
import { calls } from "./calls";
import type { Ringing } from "./callState";
import { RingingAvatar } from "./Stage";

/** Somebody calls: take it with or without the camera, or not. */
export function IncomingCall({ call }: { call: Ringing }): ReactElement {
  const insets = useInsets();
  const dialog = useRef<View>(null);
  useEffect(() => holdFocus(dialog.current, () => undefined), []);
  const all = useStore(circles).value ?? [];
  const circleName = all.find((one) => one.id === call.circleId)?.name;
  const video = call.media === "video";
  const kind = video ? "Incoming video call" : "Incoming voice call";
  return (
    <>
      <View
        ref={dialog}
        role="alertdialog"
        aria-modal
        aria-label={`${kind} from ${call.peer.name}`}
        tabIndex={-1}
        style={[styles.column, { paddingTop: insets.top + 32, paddingBottom: insets.bottom + 48 }]}
      >
        <View style={styles.who}>
          <RingingAvatar name={call.peer.name} seed={call.peer.userId} size={128} />
          <View style={styles.words}>
            <Type kind="display" color={STAGE.text} center lines={3} testID="incoming-name">
              {call.peer.name}
            </Type>
            <Type color={STAGE.muted} center>
              {circleName === undefined ? kind : `${kind} · ${circleName}`}
            </Type>
          </View>
        </View>
        <View style={styles.buttons}>
          <RoundButton
            icon="hang-up"
            label="Decline"
            caption="Decline"
            onPress={() => calls.decline()}
            background={DARK.danger}
            color="#FFFFFF"
            captionColor={STAGE.muted}
            size={68}
            testID="incoming-decline"
          />
          {video && (
            <RoundButton
              icon="phone"
              label="Accept without camera"
              caption="Voice only"
              onPress={() => calls.accept("audio")}
              background={STAGE.control}
              color="#FFFFFF"
              captionColor={STAGE.muted}
              size={68}
              testID="incoming-accept-audio"
            />
          )}
          <RoundButton
            icon={video ? "camera" : "phone"}
            label={video ? "Accept with camera" : "Accept"}
            caption="Accept"
            onPress={() => calls.accept(call.media)}
            background={DARK.accept}
            color="#FFFFFF"
            captionColor={STAGE.muted}
            size={68}
            testID="incoming-accept"
          />
        </View>
      </View>
    </>
  );
}

const styles = StyleSheet.create({
  column: { flex: 1, alignItems: "center", justifyContent: "space-between", paddingHorizontal: 24 },
  who: { flex: 1, alignItems: "center", justifyContent: "center", gap: 40 },
  words: { gap: 8, alignItems: "center", maxWidth: 560 },
  buttons: { flexDirection: "row", alignItems: "flex-start", justifyContent: "center", gap: 32 },
});
