import { useEffect, type ReactElement, type ReactNode } from "react";
import { StyleSheet, View } from "react-native";
import { helpFor } from "../media/mediaProblem";
import { Avatar } from "../ui/Avatar";
import { Button } from "../ui/Button";
import { Dialog } from "../ui/Dialog";
import { SharedScreenPreview } from "../screen/SharingScreen";
import { useStore } from "../ui/store";
import { showToast } from "../ui/toast";
import { Type } from "../ui/Type";
import { isInCall } from "./callCourse";
import { CallingScreen } from "./CallingScreen";
import { calls } from "./calls";
import { CallScreen } from "./CallScreen";
import type { CallView } from "./CallShell";
import type { CallState, Ended, LiveState, Person } from "./callState";
import { endingOf } from "./endings";
import { IncomingCall } from "./IncomingCall";
import { RemoteMedia } from "./RemoteMedia";
import { LocalPreview, Stage } from "./Stage";

/** The call, over whatever page is open: coming in, going out, running, or just over. */
export function CallLayer(): ReactElement | null {
  const view = useStore(calls.view);
  const { state, asking, beside } = view;
  useEndingBeside(beside);
  if (asking !== null && asking.problem !== null)
    return <MicrophoneHelp name={asking.peer.name} problem={asking.problem} />;
  if (asking !== null) return onStage(view, asking.peer, <CallingScreen view={view} asking={asking} />);
  switch (state.at) {
    case "idle":
      return null;
    case "ended":
      return <Ending call={state} />;
    case "incoming":
    case "calling":
    case "connecting":
    case "active":
    case "reconnecting":
      return onStage(view, state.peer, screenOf(view, state));
  }
}

/** All screens of a call share the stage, and what plays the other side's media: it is there before the call is taken. */
function onStage(view: CallView, peer: Person, screen: ReactNode): ReactElement {
  const { state } = view;
  const [testID, label] = STAGES[state.at === "incoming" ? "incoming" : isInCall(state) ? "in-call" : "calling"];
  return (
    <Stage seed={peer.userId} label={label(peer.name)} testID={testID}>
      <RemoteMedia key={peer.userId} view={view} />
      {view.screen !== null && <SharedScreenPreview stream={view.screen} />}
      {view.screen === null && previews(view) && (
        <LocalPreview local={view.local} on={!isInCall(state) || (state.sending.video && !state.held)} />
      )}
      {screen}
    </Stage>
  );
}

function previews({ state, local, asking }: CallView): boolean {
  if (state.at === "incoming") return local.tracks.video !== null;
  return isInCall(state) || (state.at === "calling" ? state.media : asking?.media) === "video";
}

const STAGES = {
  incoming: ["incoming-call", (name: string) => `Call from ${name}`],
  calling: ["calling-screen", (name: string) => `Calling ${name}`],
  "in-call": ["call-screen", (name: string) => `Call with ${name}`],
} as const;

function screenOf(view: CallView, state: LiveState): ReactElement {
  switch (state.at) {
    case "incoming":
      return <IncomingCall call={state} />;
    case "calling":
      return <CallingScreen view={view} asking={null} />;
    case "connecting":
    case "active":
    case "reconnecting":
      return <CallScreen call={state} local={view.local} />;
  }
}

/** How the call beside ended: in passing, for another one is in front. */
function useEndingBeside(beside: CallState): void {
  useEffect(() => {
    if (beside.at !== "ended") return;
    const { title, matters } = endingOf(beside);
    showToast(title.includes(beside.peer.name) ? title : `${beside.peer.name}: ${title}`, matters ? "danger" : "plain");
    calls.dismissBeside();
  }, [beside]);
}

/** How it ended: in passing if it is as expected, else until it is read. */
function Ending({ call }: { call: Ended }): ReactElement | null {
  const ending = endingOf(call);
  const { matters, title } = ending;
  useEffect(() => {
    if (matters) return;
    showToast(title);
    calls.dismiss();
  }, [matters, title, call.callId]);
  if (!matters) return null;
  return (
    <Dialog title={ending.title} onClose={() => calls.dismiss()} testID="call-ended">
      <View style={styles.ended}>
        <Avatar name={call.peer.name} seed={call.peer.userId} size={72} />
        {ending.detail !== null && (
          <Type muted center testID="call-ended-reason">
            {ending.detail}
          </Type>
        )}
      </View>
      {mayCallAgain(call) && (
        <Button
          title="Call again"
          icon="camera"
          onPress={() => void calls.call(call.peer, call.circleId, call.media)}
          testID="call-again"
        />
      )}
      <Button title="Close" look="quiet" onPress={() => calls.dismiss()} testID="call-ended-close" />
    </Dialog>
  );
}

function mayCallAgain({ role, outcome }: Ended): boolean {
  if (role !== "caller") return false;
  return outcome.kind === "offline" || (outcome.kind === "reason" && outcome.reason !== "removed_from_circle");
}

function MicrophoneHelp({ name, problem }: { name: string; problem: Parameters<typeof helpFor>[1] }): ReactElement {
  const help = helpFor("microphone", problem);
  return (
    <Dialog title={help.title} onClose={() => calls.stopAsking()} testID="microphone-help">
      <Type muted>
        {`${name} was not called: they could not hear you. Allow the microphone for this app in your browser's or phone's settings, then call again.`}
      </Type>
      <Button title="Close" onPress={() => calls.stopAsking()} testID="microphone-help-close" />
    </Dialog>
  );
}

const styles = StyleSheet.create({ ended: { alignItems: "center", gap: 16, paddingVertical: 8 } });
