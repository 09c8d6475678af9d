import { useEffect, useState, type ReactElement } from "react";
import { Pressable, StyleSheet, View } from "react-native";
import type { MediaView } from "../media/LocalMedia";
import { helpFor } from "../media/mediaProblem";
import { RoundButton } from "../ui/Button";
import { Icon } from "../ui/Icon";
import type { IconName } from "../ui/iconPaths";
import { useInsets } from "../ui/insets";
import { DARK, STAGE } from "../ui/palette";
import { useTheme } from "../ui/theme";
import { Type } from "../ui/Type";
import { CallDetails, useDetails } from "../details/CallDetails";
import { PausedNotice } from "../quality/PausedNotice";
import { QualityMark } from "../quality/QualityMark";
import { troubleIn, verdictIn } from "../quality/wording";
import { canCaptureScreen } from "../screen/captureScreen";
import { SharingBar } from "../screen/SharingScreen";
import { useStore } from "../ui/store";
import { showToast } from "../ui/toast";
import { Beside, OnHold } from "./Beside";
import { stayAwake } from "./awake";
import { shownOf } from "./callCourse";
import { calls } from "./calls";
import type { InCall } from "./callState";
import { clock } from "./endings";
import { isOnHold } from "./hold";
import { OwnConnection } from "./OwnConnection";
import { CHIP, StateChip } from "./StateChip";

interface CallScreenProps {
  readonly call: InCall;
  readonly local: MediaView;
}

/** Over the pictures: who it is, and what one can do. */
export function CallScreen({ call, local }: CallScreenProps): ReactElement {
  const insets = useInsets();
  const [details, setDetails] = useDetails(false);
  const { paused } = shownOf(call.sending);
  useEffect(stayAwake, []);
  return (
    <>
      <View style={[styles.top, { top: 16 + insets.top }]}>
        <FarSide call={call} onDetails={() => setDetails(true)} />
        {call.sending.screen && <SharingBar name={call.peer.name} onStop={() => calls.stopSharing()} />}
        {paused && <PausedNotice screen={call.sending.screen} onAudioOnly={() => calls.sendAudioOnly()} />}
        <Help local={local} />
      </View>
      {isOnHold(call) && <OnHold call={call} />}
      <Beside />
      {details && <CallDetails course={calls.course} quality={calls.watch.quality} onClose={() => setDetails(false)} />}
      <Controls call={call} local={local} />
    </>
  );
}

/** Who it is, how long, and how they are. */
function FarSide({ call, onDetails }: { call: InCall; onDetails: () => void }): ReactElement {
  const elapsed = useElapsed(call.activeSince);
  const { verdict } = useStore(calls.watch.quality).shown;
  const { name } = call.peer;
  // Whose picture is paused is told so already.
  const trouble = shownOf(call.sending).paused || call.far.paused ? null : troubleIn(verdict, name);
  const connecting = call.at === "connecting";
  return (
    <View style={styles.far}>
      <Pressable
        role="button"
        aria-label={`${name}. ${verdictIn(verdict, name)}. Show call details`}
        testID="call-who"
        onPress={onDetails}
        style={({ pressed }) => [CHIP, styles.who, pressed && styles.pressed]}
      >
        <Type kind="strong" color={STAGE.text} lines={1} testID="call-name">
          {name}
        </Type>
        <View style={styles.how}>
          <Type kind="small" color={STAGE.muted} testID="call-clock" style={styles.clock}>
            {connecting || elapsed === null ? "Connecting…" : clock(elapsed)}
          </Type>
          {!connecting && <QualityMark grade={verdict.grade} />}
        </View>
      </Pressable>
      <View role="status" aria-live="polite" style={styles.states}>
        {(call.at === "reconnecting" || call.farAway) && (
          <StateChip icon="offline" text="Reconnecting…" testID="far-reconnecting" />
        )}
        {call.at === "active" && !call.farAway && <OwnConnection online={call.online} />}
        {call.farHeld && <StateChip icon="pause" text="On hold" testID="far-hold" />}
        {call.at === "active" && trouble !== null && <StateChip icon="weak-network" text={trouble} testID="trouble" />}
        {!connecting && call.far.screen && (
          <StateChip icon="screen" text={`${name} shares a screen`} testID="far-screen" />
        )}
        {!connecting && !call.far.audio && <StateChip icon="mic-off" text="Muted" testID="far-muted" />}
        {!connecting && call.far.paused && (
          <StateChip icon="weak-network" text="Video paused: poor network" testID="far-video-paused" />
        )}
        {!connecting && !call.far.video && !call.far.screen && !call.far.paused && (
          <StateChip icon="camera-off" text="Camera off" testID="far-camera-off" />
        )}
      </View>
    </View>
  );
}

/** What to do when camera or microphone could not be had; it goes away when it is read, or when they are there. */
function Help({ local }: { local: MediaView }): ReactElement | null {
  const [read, setRead] = useState<string | null>(null);
  const device = local.microphoneProblem !== null ? "microphone" : "camera";
  const problem = local.microphoneProblem ?? local.cameraProblem;
  if (problem === null || read === device + problem) return null;
  const help = helpFor(device, problem);
  return (
    <View role="alert" style={styles.help} testID={`${device}-help`}>
      <View style={styles.helpText}>
        <Type kind="label" color={STAGE.text}>
          {help.title}
        </Type>
        <Type kind="small" color={STAGE.muted}>
          {help.advice}
        </Type>
      </View>
      <Pressable
        role="button"
        aria-label="Close this advice"
        testID="help-close"
        onPress={() => setRead(device + problem)}
        style={styles.helpClose}
      >
        <Icon name="close" size={18} color={STAGE.muted} />
      </Pressable>
    </View>
  );
}

function Controls({ call, local }: { call: InCall; local: MediaView }): ReactElement {
  const insets = useInsets();
  const { wide } = useTheme();
  const { audio, video } = call.sending;
  const size = wide ? 60 : 56;
  const { screen } = call.sending;
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
      {video && local.cameras > 1 && (
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
      {canCaptureScreen() && call.at !== "connecting" && !isOnHold(call) && (
        <RoundButton
          icon={screen ? "screen-off" : "screen"}
          label={screen ? "Stop sharing your screen" : "Share your screen"}
          pressedIn={screen}
          onPress={share}
          background={screen ? STAGE.controlOff : STAGE.control}
          color={screen ? STAGE.onControlOff : STAGE.text}
          size={size}
          testID="call-screen-share"
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
      pressedIn={!on}
      onPress={onPress}
      background={on ? STAGE.control : STAGE.controlOff}
      color={on ? STAGE.text : STAGE.onControlOff}
      size={size}
      testID={testID}
    />
  );
}

/** Ms since then, counting. */
function useElapsed(since: number | null): number | null {
  const [now, setNow] = useState(() => Date.now());
  useEffect(() => {
    if (since === null) return undefined;
    const timer = setInterval(() => setNow(Date.now()), 500);
    return () => clearInterval(timer);
  }, [since]);
  return since === null ? null : Math.max(0, now - since);
}

const styles = StyleSheet.create({
  top: { position: "absolute", left: 16, right: 136, gap: 10, alignItems: "flex-start" },
  far: { gap: 8, alignItems: "flex-start", maxWidth: "100%" },
  who: { flexDirection: "column", alignItems: "flex-start", gap: 0 },
  how: { flexDirection: "row", alignItems: "center", gap: 10 },
  pressed: { opacity: 0.8 },
  clock: { fontVariant: ["tabular-nums"] },
  states: { gap: 8, alignItems: "flex-start" },
  help: {
    flexDirection: "row",
    gap: 8,
    maxWidth: 420,
    backgroundColor: STAGE.panelSolid,
    borderRadius: 14,
    paddingLeft: 14,
    paddingVertical: 12,
    borderWidth: 1,
    borderColor: "rgba(255, 255, 255, 0.14)",
  },
  helpText: { flex: 1, minWidth: 0, gap: 2 },
  helpClose: { width: 44, height: 44, alignItems: "center", justifyContent: "center" },
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
