import { useEffect, type ReactElement } from "react";
import { StyleSheet, View } from "react-native";
import { helpFor } from "../media/mediaProblem";
import { Avatar } from "../ui/Avatar";
import { Button } from "../ui/Button";
import { Dialog } from "../ui/Dialog";
import { useStore } from "../ui/store";
import { showToast } from "../ui/toast";
import { Type } from "../ui/Type";
import { CallingScreen } from "./CallingScreen";
import { calls } from "./calls";
import { CallScreen } from "./CallScreen";
import type { CallState, Ended } from "./callState";
import { endingOf } from "./endings";
import { IncomingCall } from "./IncomingCall";

/** The call, over whatever page is open: coming in, going out, running, or just over. */
export function CallLayer(): ReactElement | null {
  const view = useStore(calls.view);
  const { state, asking, beside } = view;
  useEndingBeside(beside);
  if (asking !== null && asking.problem === null) return <CallingScreen view={view} asking={asking} />;
  if (asking !== null && asking.problem !== null)
    return <MicrophoneHelp name={asking.peer.name} problem={asking.problem} />;
  switch (state.at) {
    case "idle":
      return null;
    case "incoming":
      return <IncomingCall call={state} local={view.local} />;
    case "calling":
      return <CallingScreen view={view} asking={null} />;
    case "connecting":
    case "active":
    case "reconnecting":
      return <CallScreen call={state} local={view.local} remote={view.remote} />;
    case "ended":
      return <Ending call={state} />;
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
      {call.role === "caller" && call.outcome.kind === "reason" && call.outcome.reason !== "removed_from_circle" && (
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
