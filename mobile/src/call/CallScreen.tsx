import { useEffect, useState, type ReactElement } from "react";
import { Pressable, StyleSheet, View } from "react-native";
import type { MediaView } from "../media/LocalMedia";
import { helpFor } from "../media/mediaProblem";
import { VideoView } from "../peer/VideoView";
import type { Stream } from "../peer/webrtc";
import { Avatar } from "../ui/Avatar";
import { RoundButton } from "../ui/Button";
import { Icon } from "../ui/Icon";
import type { IconName } from "../ui/iconPaths";
import { useInsets } from "../ui/insets";
import { DARK, STAGE } from "../ui/palette";
import { useTheme } from "../ui/theme";
import { Type } from "../ui/Type";
import { Beside, OnHold } from "./Beside";
import { stayAwake } from "./awake";
import { calls } from "./calls";
import type { InCall } from "./callState";
import { clock } from "./endings";
import { isOnHold } from "./hold";
import { LocalPreview, Stage } from "./Stage";

interface CallScreenProps {
  readonly call: InCall;
  readonly local: MediaView;
  readonly remote: Stream | null;
}

/** The call: their picture on the whole screen, ours at the top right, and what one can do at the bottom. */
export function CallScreen({ call, local, remote }: CallScreenProps): ReactElement {
  const insets = useInsets();
  const [aspect, setAspect] = useState<number | null>(null);
  const [whole, setWhole] = useState(false);
  useEffect(stayAwake, []);
  const onHold = isOnHold(call);
  const picture = (call.far.video || call.far.screen) && !onHold;
  const seen = picture && call.activeSince !== null && aspect !== null;
  const fit = call.far.screen || whole ? "contain" : "cover";
  return (
    <Stage seed={call.peer.userId} label={`Call with ${call.peer.name}`} testID="call-screen">
      <VideoView
        stream={remote}
        muted={onHold}
        mirrored={false}
        fit={fit}
        hidden={!seen}
        onAspect={setAspect}
        label={`${call.peer.name}'s camera`}
        testID="remote-video"
      />
      {seen && !call.far.screen && (
        <Pressable
          role="button"
          aria-label={whole ? "Fill the screen with the picture" : "Show the whole picture"}
          testID="remote-fit"
          onPress={() => setWhole(!whole)}
          style={StyleSheet.absoluteFill}
        />
      )}
      {!seen && (
        <View style={styles.faceless}>
          <Avatar name={call.peer.name} seed={call.peer.userId} size={136} />
        </View>
      )}
      <View style={[styles.top, { top: 16 + insets.top }]}>
        <FarSide call={call} />
        <Help local={local} />
      </View>
      <LocalPreview local={local} on={call.sending.video && !call.held} />
      {onHold && <OnHold call={call} />}
      <Beside />
      <Controls call={call} local={local} />
    </Stage>
  );
}

/** Who it is, how long, and how they are. */
function FarSide({ call }: { call: InCall }): ReactElement {
  const elapsed = useElapsed(call.activeSince);
  const connecting = call.at === "connecting";
  return (
    <View style={styles.far}>
      <View style={[styles.chip, styles.who]}>
        <Type kind="strong" color={STAGE.text} lines={1} testID="call-name">
          {call.peer.name}
        </Type>
        <Type kind="small" color={STAGE.muted} testID="call-clock" style={styles.clock}>
          {connecting || elapsed === null ? "Connecting…" : clock(elapsed)}
        </Type>
      </View>
      <View role="status" aria-live="polite" style={styles.states}>
        {call.at === "reconnecting" && <StateChip icon="offline" text="Reconnecting…" testID="far-reconnecting" />}
        {call.farHeld && <StateChip icon="pause" text="On hold" testID="far-hold" />}
        {!connecting && !call.far.audio && <StateChip icon="mic-off" text="Muted" testID="far-muted" />}
        {!connecting && !call.far.video && !call.far.screen && (
          <StateChip icon="camera-off" text="Camera off" testID="far-camera-off" />
        )}
      </View>
    </View>
  );
}

function StateChip({ icon, text, testID }: { icon: IconName; text: string; testID: string }): ReactElement {
  return (
    <View style={styles.chip} testID={testID}>
      <Icon name={icon} size={16} color={STAGE.text} />
      <Type kind="label" color={STAGE.text}>
        {text}
      </Type>
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
  const size = wide ? 60 : 58;
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
  faceless: { ...StyleSheet.absoluteFill, alignItems: "center", justifyContent: "center" },
  top: { position: "absolute", left: 16, right: 136, gap: 10, alignItems: "flex-start" },
  far: { gap: 8, alignItems: "flex-start", maxWidth: "100%" },
  chip: {
    flexDirection: "row",
    alignItems: "center",
    gap: 10,
    maxWidth: "100%",
    backgroundColor: STAGE.panel,
    borderRadius: 14,
    paddingHorizontal: 14,
    paddingVertical: 8,
  },
  who: { flexDirection: "column", alignItems: "flex-start", gap: 0 },
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
    gap: 4,
    paddingHorizontal: 8,
    paddingVertical: 10,
    borderRadius: 44,
    backgroundColor: STAGE.panel,
  },
});
