/**
 * The servers of a call come with credentials that do not last (docs/protocol.md, "Long calls"): a relay refuses old ones, even to
 * go on with what it carries. So fresh ones are fetched while the old are good, and ICE restarts with them.
 */
import type { CallCommand, InCall, LiveState } from "./callState";

const LIFETIME_MS = 12 * 3_600_000;
const RENEW_AFTER_MS = LIFETIME_MS / 2;
/** The callee waits a little longer: both restart ICE, and need not do so in the same moment. */
const APART_MS = 60_000;

/** A server that had none to give is asked again. */
const ASK_AGAIN_MS = 600_000;

/** Asks for fresh ones in time. */
export function renewLater({ role, serversAt }: InCall, now: number): CallCommand {
  const ms = serversAt + RENEW_AFTER_MS + (role === "callee" ? APART_MS : 0) - now;
  return { do: "start-timer", timer: "servers", ms: ms > 0 ? ms : ASK_AGAIN_MS };
}

export function areOld({ serversAt }: LiveState, now: number): boolean {
  return now - serversAt >= RENEW_AFTER_MS;
}
