/** What the ways through a call have in common: how the two find each other, what is told, and how it ends. */
import type { Ack, CallMedia, ClientMessage, Sending } from "../signaling/messages";
import type { LocalTracks } from "../peer/PeerLink";
import type { Track } from "../peer/webrtc";
import type { CallCommand, CallState, Calling, Ended, InCall, LiveState, Outcome, Request, Step } from "./callState";
import { areOld, renewLater } from "./servers";

/**
 * The server's limits as they are unless its operator sets others (docs/protocol.md, "The call"), and some room: after that
 * a device that reaches the server asks how the call stands, and one that does not ends it.
 */
export const RING_MS = 45_000;
export const CONNECT_MS = 20_000;
export const GRACE_MS = 30_000;
export const ROOM_MS = 5_000;
/**
 * So long may a connection take to come up before it is looked whether something was lost on the way. Where nothing comes of
 * that either, the network is slow, or the other's page is slow to load: it gets more each time.
 */
const RETRIES_MS = [5_000, 8_000, 12_000] as const;
/** After this time the server is asked again what it did not acknowledge, or would not do just then. */
export const AGAIN_MS = 2_000;

export function retryMs(retries: number): number {
  return RETRIES_MS[retries] ?? RETRIES_MS[2];
}

export function isLive(state: CallState): state is LiveState {
  return state.at !== "idle" && state.at !== "ended";
}

export function isInCall(state: CallState): state is InCall {
  return state.at === "connecting" || state.at === "active" || state.at === "reconnecting";
}

/** Whether the server took the call, as far as this device knows. */
export function isKnown({ progress }: Calling): boolean {
  return progress === "offered" || progress === "ringing";
}

/** The two have found each other: over a warm connection media flows at once, else it has its time to come up. */
export function settle(state: InCall, before: readonly CallCommand[], now: number): Step {
  const [settled, tellings] = tell(state);
  const commands = [...before, renewLater(settled, now)];
  if (settled.links[settled.device] === "connected") {
    const [next, more] = carrying(settled, now);
    return [next, [...commands, ...tellings, ...more]];
  }
  const { device, links, role } = settled;
  return [
    settled,
    [
      ...commands,
      ...tellings,
      // Its connection broke while it rang, when nobody was there to mend it.
      ...(links[device] === "lost" ? [{ do: "restart-ice", device } as const] : []),
      ...(role === "caller" ? [{ do: "start-timer", timer: "retry", ms: retryMs(0) } as const] : []),
      { do: "start-timer", timer: "connect", ms: CONNECT_MS + ROOM_MS },
    ],
  ];
}

/** Media flows, or can: the call is active. */
export function carrying(state: InCall, now: number): Step {
  const first = state.activeSince === null;
  const next: InCall = { ...state, at: "active", activeSince: state.activeSince ?? now, reload: "none" };
  if (state.at === "active") return [next, []];
  return [
    next,
    [
      { do: "stop-timer", timer: first ? "connect" : "grace" },
      ...((first && state.role === "caller") || typeof state.reload === "object"
        ? [{ do: "stop-timer", timer: "retry" } as const]
        : []),
      ...(first && state.online ? [say("call-connected", { callId: state.callId })] : []),
      // Both sides allow it by now; media goes on over the relay until there is a better way.
      ...(first && state.role === "caller" && state.relay === "until-answered"
        ? [{ do: "restart-ice", device: state.device } as const]
        : []),
    ],
  ];
}

/** Says what this side sends, if the other side believes something else. */
export function tell(state: InCall): [InCall, readonly CallCommand[]] {
  const { callId } = state;
  const shown = shownOf(state.sending);
  const known = state.told !== null && sameSending(state.told, shown);
  if (!state.online || state.owesAnswer || known) return [state, []];
  const { audio, video, screen, paused } = shown;
  const media = { callId, audio, video, screen, ...(paused && { paused }) };
  return [{ ...state, told: shown }, [say("call-media", media)]];
}

/** What the other side gets to see of what this side means to send: one picture at a time, and none over a poor network. */
export function shownOf({ audio, video, screen, paused }: Sending): Sending {
  return {
    audio,
    video: video && !screen && !paused,
    screen: screen && !paused,
    paused: paused && (video || screen),
  };
}

export function sameSending(one: Sending, other: Sending): boolean {
  return (
    one.audio === other.audio && one.video === other.video && one.screen === other.screen && one.paused === other.paused
  );
}

export function ended(state: LiveState, outcome: Outcome, durationMs: number | null, now: number): Step {
  const since = isInCall(state) ? state.activeSince : null;
  const next: Ended = {
    at: "ended",
    online: state.online,
    unsent: state.unsent,
    callId: state.callId,
    peer: state.peer,
    circleId: state.circleId,
    role: state.role,
    media: state.media,
    outcome,
    durationMs: durationMs ?? (since === null ? null : now - since),
  };
  return [
    next,
    [
      { do: "stop-ringing" },
      ...closeLinks(state),
      { do: "release-media" },
      ...(["ring", "connect", "retry", "grace", "resume", "servers"] as const).map((name): CallCommand => ({
        do: "stop-timer",
        timer: name,
      })),
    ],
  ];
}

/** Whether the server is to acknowledge it: without its word the call does not go on, or it is looked at what to say again. */
export function isRequest(message: ClientMessage): message is Extract<ClientMessage, { event: Request }> {
  switch (message.event) {
    case "call-offer":
    case "call-answer":
    case "call-resume":
    case "call-connected":
    case "call-media":
    case "call-hold":
    case "call-decline":
    case "end-call":
      return true;
    case "call-ringing":
    case "call-description":
    case "ice-candidate":
    case "call-quality":
    case "call-leave":
      return false;
  }
}

/** Refused for now: it is worth asking again. */
export function isForNow(ack: Ack): boolean {
  return !ack.ok && (ack.error.code === "rate_limited" || ack.error.code === "unavailable");
}

/**
 * Asks how the call stands, and for what was missed of it: all there was, if nothing was heard yet. A server that is told no
 * number says again what it never sent, and what went into a dying connection it did send.
 */
export function resumeMessage({ callId, received }: LiveState): CallCommand {
  return say("call-resume", { calls: [callId], received: { [callId]: received } });
}

/** Whether the devices of the two keep their addresses from each other now. */
export function isRelayed(state: LiveState): boolean {
  return state.relay === "always" || (state.relay === "until-answered" && !isInCall(state));
}

/** The call is answered: what went through the relay until then may leave it. */
export function allowDirect(state: InCall): readonly CallCommand[] {
  return state.relay === "until-answered" ? [{ do: "allow-direct", device: state.device }] : [];
}

/** Restarts ICE; by fresh servers, which the answer brings, where those at hand are old, for this device may have slept. */
export function restartIce(state: LiveState, device: string, now: number): CallCommand {
  return areOld(state, now) && state.online ? resumeMessage(state) : { do: "restart-ice", device };
}

export function closeLinks(state: LiveState): readonly CallCommand[] {
  return Object.keys(state.links).map((device) => ({ do: "close-link", device }));
}

export function sendingOf(media: CallMedia): Sending {
  return { audio: true, video: media === "video", screen: false, paused: false };
}

/**
 * Of the tracks there are, those to send: a picture that was opened for its owner's eyes stays here. A call on hold gets
 * nothing, nor does one that waits: what there is belongs to the call that is talked in.
 */
export function outgoing(state: CallState, { audio, video }: LocalTracks, screen: Track | null = null): LocalTracks {
  const gets = isInCall(state) ? !state.held && !state.farHeld : state.at !== "incoming" || !state.waiting;
  if (!gets) return { audio: null, video: null };
  if (!isLive(state)) return { audio, video: null };
  if (state.sending.screen && screen !== null) return { audio, video: screen };
  return { audio, video: state.sending.video ? video : null };
}

export function offerMessage({ callId, peer, circleId, media, offer }: Calling): CallCommand {
  return say("call-offer", {
    to: peer.userId,
    callId,
    ...(circleId !== null && { circleId }),
    media,
    ...(offer !== null && { offer }),
  });
}

export function say<E extends ClientMessage["event"]>(
  event: E,
  payload: Extract<ClientMessage, { event: E }>["payload"],
): CallCommand {
  return { do: "send", message: { event, payload } as Extract<ClientMessage, { event: E }> };
}
