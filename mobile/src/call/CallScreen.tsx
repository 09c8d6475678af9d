import { useEffect, useState, type ReactElement } from "react";
import { Pressable, StyleSheet, View } from "react-native";
import { DevicesPanel } from "../media/DevicesPanel";
import type { MediaView } from "../media/LocalMedia";
import { useMutedVoice } from "../media/mutedVoice";
import { helpFor, type MediaProblem } from "../media/mediaProblem";
import { Icon } from "../ui/Icon";
import { useInsets } from "../ui/insets";
import { onKey } from "../ui/keys";
import { STAGE } from "../ui/palette";
import { Type } from "../ui/Type";
import { CallDetails } from "../details/CallDetails";
import { PausedNotice } from "../quality/PausedNotice";
import { QualityMark } from "../quality/QualityMark";
import { troubleIn, verdictIn } from "../quality/wording";
import { SharingBar } from "../screen/SharingScreen";
import { preferences } from "../settings/preferences";
import { useStore } from "../ui/store";
import { Beside, OnHold } from "./Beside";
import { stayAwake } from "./awake";
import { shownOf } from "./callCourse";
import { CallControls } from "./CallControls";
import { calls } from "./calls";
import type { InCall } from "./callState";
import { clock } from "./endings";
import { isOnHold } from "./hold";
import { followMediaSession } from "./mediaSession";
import { OwnConnection } from "./OwnConnection";
import { CHIP, StateChip } from "./StateChip";

interface CallScreenProps {
  readonly call: InCall;
  readonly local: MediaView;
}

/** Over the pictures: who it is, and what one can do. */
export function CallScreen({ call, local }: CallScreenProps): ReactElement {
  const insets = useInsets();
  const [panel, setPanel] = useState<"details" | "devices" | null>(null);
  const { paused } = shownOf(call.sending);
  const { audio, video } = call.sending;
  const unheard = useMutedVoice(local.tracks.audio, !audio && !isOnHold(call));
  const { name } = call.peer;
  const turn = (to: "details" | "devices"): void => setPanel((was) => (was === to ? null : to));
  useEffect(stayAwake, []);
  useEffect(
    () =>
      followMediaSession({
        name,
        audio,
        video,
        toggleMicrophone: () => calls.setMicrophone(!audio),
        toggleCamera: () => calls.setCamera(!video),
        hangUp: () => calls.hangUp(),
      }),
    [name, audio, video],
  );
  useEffect(() => onKey("d", () => turn("details")), []);
  return (
    <>
      <View style={[styles.top, { top: 16 + insets.top }]}>
        <FarSide call={call} onDetails={() => turn("details")} />
        {call.sending.screen && <SharingBar name={call.peer.name} onStop={() => calls.stopSharing()} />}
        {call.sending.video && !paused && <LessData />}
        {paused && <PausedNotice screen={call.sending.screen} onAudioOnly={() => calls.sendAudioOnly()} />}
        <View role="status" aria-live="polite">
          {unheard && <StateChip icon="mic-off" text={`You are muted: ${name} cannot hear you`} testID="muted-voice" />}
        </View>
        <Help local={local} />
      </View>
      {isOnHold(call) && <OnHold call={call} />}
      <Beside />
      {panel === "details" && (
        <CallDetails
          course={calls.course}
          quality={calls.watch.quality}
          safety={() => calls.safetyText()}
          onClose={() => setPanel(null)}
        />
      )}
      {panel === "devices" && (
        <DevicesPanel
          onChosen={(kind) => kind !== "speaker" && void calls.followChoice(kind === "camera" ? "video" : "audio")}
          onClose={() => setPanel(null)}
        />
      )}
      <CallControls call={call} local={local} onDevices={() => turn("devices")} />
    </>
  );
}

/** Why others may see this person less well than they are used to: it was their own wish. */
function LessData(): ReactElement | null {
  const { lessData } = useStore(preferences);
  return lessData ? <StateChip icon="camera" text="You use less data" testID="using-less-data" /> : null;
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

/** What to do about camera and microphone, where there is something. */
function Help({ local }: { local: MediaView }): ReactElement {
  const { microphoneProblem, cameraProblem } = local;
  return (
    <>
      {microphoneProblem !== null && (
        <Advice key={`microphone ${microphoneProblem}`} device="microphone" problem={microphoneProblem} />
      )}
      {cameraProblem !== null && <Advice key={`camera ${cameraProblem}`} device="camera" problem={cameraProblem} />}
    </>
  );
}

/** It goes away when it is read, and with the problem: one that comes again is told again. */
function Advice({ device, problem }: { device: "camera" | "microphone"; problem: MediaProblem }): ReactElement | null {
  const [read, setRead] = useState(false);
  if (read) return null;
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
        onPress={() => setRead(true)}
        style={styles.helpClose}
      >
        <Icon name="close" size={18} color={STAGE.muted} />
      </Pressable>
    </View>
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
});
