/** A call begins to ring here, or does so again. */
import { closeLinks, ended, isRelayed, RING_MS, ROOM_MS, say } from "./callCourse";
import type { CallCommand, Calling, Outcome, Ringing, Step } from "./callState";

export function rings(ringing: Ringing, expiresInMs: number | null): readonly CallCommand[] {
  const { callId, device, iceServers, waiting, media } = ringing;
  return [
    say("call-ringing", { callId }),
    { do: "ring", tone: waiting ? "waiting" : "incoming" },
    { do: "open-link", device, offers: false, iceServers, relayed: isRelayed(ringing) },
    // The camera is in use, or was left off, in the call beside which this one waits.
    ...(waiting ? [] : [{ do: "preview", media } as const]),
    { do: "start-timer", timer: "ring", ms: (expiresInMs ?? RING_MS) + ROOM_MS },
  ];
}

/** The server has no such call of ours; one that came in while we asked for it rings here then. */
export function noCallOfOurs(state: Calling, outcome: Outcome, now: number): Step {
  const [over, commands] = ended(state, outcome, null, now);
  if (state.crossing === null) return [over, commands];
  const { online, unsent } = state;
  return [{ ...state.crossing, online, unsent }, [...commands, ...rings(state.crossing, null)]];
}

/** The server told of the call anew, for this device was away: what the caller said meanwhile may be lost. */
export function ringsAgain(before: Ringing, ringing: Ringing, expiresInMs: number | null): Step {
  const { device, iceServers, media } = ringing;
  // The call beside which it waited may have ended meanwhile.
  const waitsNoMore = before.waiting && !ringing.waiting;
  return [
    { ...ringing, madeAnew: before.madeAnew },
    [
      say("call-ringing", { callId: ringing.callId }),
      ...(waitsNoMore ? [{ do: "ring", tone: "incoming" } as const] : []),
      ...closeLinks(before),
      { do: "open-link", device, offers: false, iceServers, relayed: isRelayed(ringing) },
      ...(waitsNoMore ? [{ do: "preview", media } as const] : []),
      { do: "start-timer", timer: "ring", ms: (expiresInMs ?? RING_MS) + ROOM_MS },
    ],
  ];
}
