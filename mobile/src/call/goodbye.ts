/** What ends a call ends it here at once; the server is told until it has heard it. */
import { readCallState, readEndReason, type Ack, type EndReason } from "../signaling/messages";
import { AGAIN_MS, ended, isForNow, isKnown, isLive } from "./callCourse";
import type { CallCommand, CallEvent, CallState, Goodbye, LiveState, Outcome, Step } from "./callState";
import { noCallOfOurs } from "./ringing";

const MAX_UNSENT = 8;

/** Ends the call here at once, and tells the server: now, and again until it acknowledges. */
export function goodbye(state: LiveState, message: Goodbye, why: EndReason | "offline", now: number): Step {
  const known = state.at !== "calling" || state.progress !== "unsent";
  const later = known ? { ...state, unsent: [...state.unsent, message].slice(-MAX_UNSENT) } : state;
  const outcome: Outcome = why === "offline" ? { kind: "offline" } : { kind: "reason", reason: why };
  // A call that came in meanwhile rings here now, unless the server took ours and told who is called of that.
  const makesRoom = later.at === "calling" && later.online && !isKnown(later);
  const [next, commands] = makesRoom ? noCallOfOurs(later, outcome, now) : ended(later, outcome, null, now);
  return [next, state.online ? [{ do: "send", message }, ...commands] : commands];
}

/** A connection may be dying as a goodbye goes into it: what was not acknowledged is said again. */
export function goodbyesAgain({ unsent }: CallState): readonly CallCommand[] {
  return unsent.map((message) => ({ do: "send", message }));
}

/** The page was loaded anew before the server acknowledged these. */
export function leftUnsaid(state: CallState, goodbyes: readonly Goodbye[]): Step {
  const unsent = [...goodbyes, ...state.unsent].slice(-MAX_UNSENT);
  return [{ ...state, unsent }, state.online ? goodbyesAgain({ ...state, unsent }) : []];
}

export function isGoodbye(request: string): request is Goodbye["event"] {
  return request === "end-call" || request === "call-decline";
}

/** Whatever the server says of it, unless it could not do so for now: nothing is left to be said. */
export function goodbyeAcked(
  state: CallState,
  { request, callId, ack }: CallEvent & { type: "acked" },
  now: number,
): Step {
  const said = state.unsent.filter(({ event, payload }) => event === request && payload.callId === callId);
  if (said.length === 0) return [state, []];
  if (ack === null || isForNow(ack)) {
    return [state, state.online ? [{ do: "start-timer", timer: "goodbye", ms: AGAIN_MS }] : []];
  }
  const heard = { ...state, unsent: state.unsent.filter((message) => !said.includes(message)) };
  return ack.ok ? overToo(heard, ack, now) : [heard, []];
}

/** What was left may have become one with a call that began to ring here meanwhile: of its end nothing else tells. */
function overToo(state: CallState, { fields }: Ack & { ok: true }, now: number): Step {
  if (!isLive(state) || fields.callId !== state.callId || readCallState(fields.state) !== "ended") return [state, []];
  return ended(state, { kind: "reason", reason: readEndReason(fields.reason) ?? "completed" }, null, now);
}

/** Whether a call was refused or ended on this device, as far as it matters still: the server may not have heard of it. */
export function isOverHere(state: CallState, callId: string): boolean {
  if (state.unsent.some(({ payload }) => payload.callId === callId)) return true;
  // One that the server would not let this device take may be offered again.
  return state.at === "ended" && state.callId === callId && state.outcome.kind !== "refused";
}
