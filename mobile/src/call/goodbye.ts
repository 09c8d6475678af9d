/** What ends a call ends it here at once; the server is told of it whenever it can be. */
import type { EndReason } from "../signaling/messages";
import { ended } from "./callCourse";
import type { CallState, Goodbye, LiveState, Step } from "./callState";

const MAX_UNSENT = 8;

/** Ends the call here at once, and tells the server: now, or when it is back. */
export function goodbye(state: LiveState, message: Goodbye, reason: EndReason, now: number): Step {
  const known = state.at !== "calling" || state.progress !== "unsent";
  const later = state.online || !known ? state : { ...state, unsent: [...state.unsent, message].slice(-MAX_UNSENT) };
  const [next, commands] = ended(later, { kind: "reason", reason }, null, now);
  return [next, state.online ? [{ do: "send", message }, ...commands] : commands];
}

/** Whether a call was refused or ended on this device, as far as it matters still: the server may not have heard of it. */
export function isOverHere(state: CallState, callId: string): boolean {
  if (state.unsent.some(({ payload }) => payload.callId === callId)) return true;
  // One that the server would not let this device take may be offered again.
  return state.at === "ended" && state.callId === callId && state.outcome.kind !== "refused";
}
