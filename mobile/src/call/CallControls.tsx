import { useEffect, type ReactElement } from "react";
import { StyleSheet, View } from "react-native";
import { canChooseDevices } from "../media/devices";
import type { MediaView } from "../media/LocalMedia";
import { canDetachPicture, detachPicture } from "../peer/pictureInPicture";
import { canCaptureScreen } from "../screen/captureScreen";
import { RoundButton } from "../ui/Button";
import type { IconName } from "../ui/iconPaths";
import { useInsets } from "../ui/insets";
import { onKey } from "../ui/keys";
import { DARK, STAGE } from "../ui/palette";
import { useTheme } from "../ui/theme";
import { showToast } from "../ui/toast";
import { calls } from "./calls";
import type { InCall } from "./callState";
import { isOnHold } from "./hold";

interface CallControlsProps {
  readonly call: InCall;
  readonly local: MediaView;
  readonly onDevices: () => void;
}

/** What one can do in a call, at the bottom; by the keys M and V, too. */
export function CallControls({ call, local, onDevices }: CallControlsProps): ReactElement {
  const insets = useInsets();
  const { wide } = useTheme();
  const { audio, video } = call.sending;
  const { screen } = call.sending;
  const flips = video && local.cameras > 1;
  const shares = canCaptureScreen() && call.at !== "connecting" && !isOnHold(call);
  // All six are as wide as a phone.
  const size = wide ? 60 : flips && shares && canChooseDevices ? 48 : 56;
  useEffect(() => onKey("m", () => calls.setMicrophone(!audio)), [audio]);
  useEffect(() => onKey("v", () => calls.setCamera(!video)), [video]);
  const share = (): void => {
    if (screen) calls.stopSharing();
    else calls.shareScreen().catch(() => showToast("The screen could not be shared", "danger"));
  };
  return (
    <View role="toolbar" aria-label="Call controls" style={[styles.controls, { bottom: 28 + insets.bottom }]}>
      <Toggle
        on={audio}
        icons={["mic", "mic-off"]}
        label={audio ? "Mute the microphone" : "Unmute the microphone"}
        onPress={() => calls.setMicrophone(!audio)}
        size={size}
        testID="call-mute"
      />
      <Toggle
        on={video}
        icons={["camera", "camera-off"]}
        label={video ? "Turn the camera off" : "Turn the camera on"}
        onPress={() => calls.setCamera(!video)}
        size={size}
        testID="call-camera"
      />
      {flips && (
        <RoundButton
          icon="flip"
          label="Turn to the other camera"
          onPress={() => void calls.flipCamera()}
          background={STAGE.control}
          color={STAGE.text}
          size={size}
          testID="call-flip"
        />
      )}
      {shares && (
        <RoundButton
          icon={screen ? "screen-off" : "screen"}
          label={screen ? "Stop sharing your screen" : "Share your screen"}
          onPress={share}
          background={screen ? STAGE.controlOff : STAGE.control}
          color={screen ? STAGE.onControlOff : STAGE.text}
          size={size}
          testID="call-screen-share"
        />
      )}
      {wide && canDetachPicture() && (
        <RoundButton
          icon="small-picture"
          label={`${call.peer.name} in a small window, or back`}
          onPress={detachPicture}
          background={STAGE.control}
          color={STAGE.text}
          size={size}
          testID="call-small-picture"
        />
      )}
      {canChooseDevices && (
        <RoundButton
          icon="settings"
          label="Choose microphone, camera and speaker"
          onPress={onDevices}
          background={STAGE.control}
          color={STAGE.text}
          size={size}
          testID="call-devices"
        />
      )}
      <RoundButton
        icon="hang-up"
        label="End the call"
        onPress={() => calls.hangUp()}
        background={DARK.danger}
        color="#FFFFFF"
        size={size}
        testID="call-end"
      />
    </View>
  );
}

interface ToggleProps {
  readonly on: boolean;
  readonly icons: readonly [IconName, IconName];
  readonly label: string;
  readonly onPress: () => void;
  readonly size: number;
  readonly testID: string;
}

function Toggle({ on, icons, label, onPress, size, testID }: ToggleProps): ReactElement {
  return (
    <RoundButton
      icon={on ? icons[0] : icons[1]}
      label={label}
      onPress={onPress}
      background={on ? STAGE.control : STAGE.controlOff}
      color={on ? STAGE.text : STAGE.onControlOff}
      size={size}
      testID={testID}
    />
  );
}

const styles = StyleSheet.create({
  controls: {
    position: "absolute",
    alignSelf: "center",
    flexDirection: "row",
    gap: 10,
    paddingHorizontal: 12,
    paddingVertical: 10,
    borderRadius: 44,
    backgroundColor: STAGE.panel,
  },
});
