/** What the other side can have made anew, as often as it likes: each connection costs this device work, and a socket or two. */
import type { LiveState } from "./callState";

/** As many as somebody may have devices, and far more than a page that is loaded anew has use for. */
const MOST = 16;
const WITHIN_MS = 60_000;

/** The state once another connection was made at the other side's word; `null` if there were enough of late. */
export function madeAnew<S extends LiveState>(state: S, now: number): S | null {
  const late = state.madeAnew.filter((at) => now - at < WITHIN_MS);
  return late.length < MOST ? { ...state, madeAnew: [...late, now] } : null;
}
