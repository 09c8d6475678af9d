/** A call on hold: neither side sends anything, the connection stays as it is. */
import type { ServerMessage } from "../signaling/messages";
import { say, tell } from "./callCourse";
import type { CallCommand, InCall, LiveState, Step } from "./callState";

/** Whether one of the two holds it: nothing is sent then, nor shown. */
export function isOnHold(call: InCall): boolean {
  return call.held || call.farHeld;
}

/** This side puts the call on hold, or goes on with it. */
export function hold(state: InCall, held: boolean): Step {
  if (state.held === held) return [state, []];
  const { sending } = state;
  // A shared screen does not come back by itself: it is another moment then, and maybe another window.
  const [next, tellings] = paceAnew({ ...state, held, sending: { ...sending, screen: sending.screen && !held } });
  return [
    next,
    [
      ...(state.online ? [tellHold(next)] : []),
      ...tellings,
      ...(held ? [] : [{ do: "capture", sending: next.sending } as const]),
      sendAnew(next),
    ],
  ];
}

/** The other side did. */
export function farHolds(state: InCall, farHeld: boolean): readonly [InCall, readonly CallCommand[]] {
  if (state.farHeld === farHeld) return [state, []];
  const [next, tellings] = paceAnew({ ...state, farHeld });
  return [next, [...tellings, sendAnew(next)]];
}

/** Nobody measures the network of a call on hold: a picture that was paused for it gets a new try afterwards. */
function paceAnew(state: InCall): readonly [InCall, readonly CallCommand[]] {
  return tell({ ...state, sending: { ...state.sending, paused: false } });
}

type Snapshot = ServerMessage & { event: "call-state" };

/** How the server knows it, after a while apart. This device is there: if one is still missed, it is the other. */
export function reconcile(before: InCall, snapshot: Snapshot): Step {
  const { held, peerHeld } = snapshot;
  const farAway = snapshot.state === "reconnecting";
  const state = { ...before, farAway, renewable: before.renewable || farAway };
  // Before the answer is there nothing that follows it is heard.
  const answered = snapshot.state !== "offered" && snapshot.state !== "ringing";
  const known = answered ? { ...state, told: snapshot.ownMedia } : state;
  const [heard, commands] = farHolds(known, peerHeld ?? state.farHeld);
  // What was done meanwhile, or said just before, did not get there.
  const [next, tellings] = answered ? tell(heard) : [heard, []];
  return [next, [...commands, ...(held !== null && held !== state.held ? [tellHold(next)] : []), ...tellings]];
}

/** The callee's other call is over: this one, which waited beside it, rings like any other. */
export function noLongerWaits(state: LiveState, ringMs: number): Step {
  if (state.at === "calling") return [{ ...state, waiting: false }, []];
  if (state.at !== "incoming" || !state.waiting) return [state, []];
  return [
    { ...state, waiting: false },
    [
      { do: "ring", tone: "incoming" },
      { do: "preview", media: state.media },
      { do: "start-timer", timer: "ring", ms: ringMs },
    ],
  ];
}

export function tellHold({ callId, held }: InCall): CallCommand {
  return say("call-hold", { callId, held });
}

function sendAnew({ device }: InCall): CallCommand {
  return { do: "attach-media", device };
}
