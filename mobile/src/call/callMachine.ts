/**
 * One device's side of a call, as a function: what it was, what happened, what time it is -> what it is, what to do.
 * No timers, sockets or WebRTC in here; `CallShell` carries the commands out and reports what happened.
 */
import type {
  Ack,
  CallMedia,
  Candidate,
  ClientMessage,
  Description,
  EndReason,
  Sending,
  ServerMessage,
} from "../signaling/messages";
import { readCallState, readEndReason, readIceServers } from "../signaling/messages";
import {
  MAX_LINKS,
  UNCLAIMED,
  type CallCommand,
  type CallEvent,
  type CallState,
  type Calling,
  type Ended,
  type InCall,
  type Outcome,
  type Ringing,
  type Step,
  type Timer,
} from "./callState";

/** The server's limits (docs/protocol.md, "The call") and some room, for a server that cannot be reached. */
const RING_MS = 45_000;
const CONNECT_MS = 20_000;
export const GRACE_MS = 30_000;
const ROOM_MS = 5_000;
const MAX_UNSENT = 8;

type LiveState = Calling | Ringing | InCall;

export function step(state: CallState, event: CallEvent, now: number): Step {
  switch (event.type) {
    case "call":
      return state.at === "idle" || state.at === "ended" ? call(state, event) : [state, []];
    case "accept":
      return state.at === "incoming" ? accept(state, event.media, now) : [state, []];
    case "decline":
      return state.at === "incoming"
        ? goodbye(state, { event: "call-decline", payload: { callId: state.callId } }, "declined", now)
        : [state, []];
    case "hang-up":
      return hangUp(state, now);
    case "media":
      return isLive(state) ? send(state, { ...state.sending, ...event.sending }) : [state, []];
    case "dismiss":
      return state.at === "ended" ? [{ at: "idle", online: state.online, unsent: state.unsent }, []] : [state, []];
    case "connected":
      return connected(state);
    case "disconnected":
      return [{ ...state, online: false }, []];
    case "heard":
      return heard(state, event.message, now);
    case "acked":
      return isLive(state) && state.callId === event.callId ? acked(state, event.request, event.ack, now) : [state, []];
    case "link-connected":
      return isLive(state) ? linkConnected(state, event.device, now) : [state, []];
    case "link-lost":
      return isLive(state) ? linkLost(state, event.device) : [state, []];
    case "described":
      return isLive(state) ? described(state, event.device, event.description) : [state, []];
    case "gathered":
      return isLive(state) ? gathered(state, event.device, event.candidates) : [state, []];
    case "captured":
      return isLive(state)
        ? send(state, {
            ...state.sending,
            audio: state.sending.audio && event.audio,
            video: state.sending.video && event.video,
          })
        : [state, []];
    case "timer":
      return timer(state, event.timer, now);
  }
}

export function isLive(state: CallState): state is LiveState {
  return state.at !== "idle" && state.at !== "ended";
}

export function isInCall(state: CallState): state is InCall {
  return state.at === "connecting" || state.at === "active" || state.at === "reconnecting";
}

// --- A person -----------------------------------------------------------------------------------------------------

function call(state: CallState, { callId, peer, circleId, media, offer }: CallEvent & { type: "call" }): Step {
  const sending = sendingOf(media);
  const next: Calling = {
    at: "calling",
    online: state.online,
    unsent: state.unsent,
    callId,
    peer,
    circleId,
    role: "caller",
    media,
    sending,
    told: sending,
    iceServers: [],
    links: offer === null ? {} : { [UNCLAIMED]: "warming" },
    progress: state.online ? "sent" : "unsent",
    rangEarly: [],
    offer,
    crossing: null,
    replacedBy: null,
  };
  return [
    next,
    [
      ...(state.online ? [offerMessage(next)] : []),
      { do: "capture", sending },
      { do: "start-timer", timer: "ring", ms: RING_MS + ROOM_MS },
    ],
  ];
}

function accept(state: Ringing, media: CallMedia, now: number): Step {
  const sending = sendingOf(media);
  const owesAnswer = !state.warmed && state.offer !== null;
  const next: InCall = {
    ...state,
    at: "connecting",
    sending,
    far: sendingOf(state.media),
    farAway: false,
    activeSince: null,
    owesAnswer,
    bare: owesAnswer,
  };
  const answer: CallCommand[] =
    owesAnswer && state.offer !== null
      ? [{ do: "describe", device: state.device, description: state.offer }]
      : [say("call-answer", { callId: state.callId })];
  return settle(
    next,
    [
      { do: "stop-ringing" },
      { do: "stop-timer", timer: "ring" },
      ...answer,
      { do: "capture", sending },
      { do: "attach-media", device: state.device },
    ],
    now,
  );
}

/** The two have found each other: over a warm connection media flows at once, else it has its time to come up. */
function settle(state: InCall, commands: readonly CallCommand[], now: number): Step {
  const [settled, tellings] = tell(state);
  if (settled.links[settled.device] === "connected") {
    const [next, more] = carrying(settled, now);
    return [next, [...commands, ...tellings, ...more]];
  }
  return [settled, [...commands, ...tellings, { do: "start-timer", timer: "connect", ms: CONNECT_MS + ROOM_MS }]];
}

function hangUp(state: CallState, now: number): Step {
  if (!isLive(state)) return [state, []];
  const end: ClientMessage = { event: "end-call", payload: { callId: state.callId } };
  return goodbye(state, end, state.at === "calling" ? "cancelled" : "completed", now);
}

/** Changes what this side sends, and tells the other side once there is one. */
function send(state: LiveState, sending: Sending): Step {
  if (state.at === "incoming") return [state, []];
  if (sameSending(state.sending, sending)) return [state, []];
  const next = { ...state, sending };
  const [told, tellings] = isInCall(next) ? tell(next) : [next, []];
  return [told, [{ do: "capture", sending }, ...tellings]];
}

/** Says what this side sends, if the other side believes something else. */
function tell(state: InCall): [InCall, readonly CallCommand[]] {
  const { callId, sending } = state;
  if (!state.online || state.owesAnswer || sameSending(state.told, sending)) return [state, []];
  return [{ ...state, told: sending }, [say("call-media", { callId, ...sending })]];
}

// --- Signaling ----------------------------------------------------------------------------------------------------

function connected(state: CallState): Step {
  const flush = state.unsent.map((message): CallCommand => ({ do: "send", message }));
  const online = { ...state, online: true, unsent: [] };
  if (!isLive(online)) return [online, flush];
  if (online.at === "calling" && online.progress === "unsent") {
    return [{ ...online, progress: "sent" }, [...flush, offerMessage(online)]];
  }
  return [online, [...flush, say("call-resume", { calls: [online.callId] })]];
}

function acked(state: LiveState, request: "call-offer" | "call-answer" | "call-resume", ack: Ack, now: number): Step {
  switch (request) {
    case "call-offer":
      if (state.at !== "calling") return [state, []];
      return ack.ok ? offered(state, ack, now) : ended(state, { kind: "refused", error: ack.error }, null, now);
    case "call-answer":
      // Another device was quicker, or the call is over: a message that says which follows.
      return ack.ok || !isInCall(state) ? [state, []] : ended(state, { kind: "refused", error: ack.error }, null, now);
    case "call-resume":
      return ack.ok ? resumed(state, ack, now) : [state, []];
  }
}

function offered(state: Calling, ack: Ack & { ok: true }, now: number): Step {
  if (readCallState(ack.fields.state) === "ended") {
    const reason = readEndReason(ack.fields.reason) ?? "unreachable";
    return ended(state, { kind: "reason", reason }, null, now);
  }
  const iceServers = readIceServers(ack.fields.iceServers);
  const next: Calling = {
    ...state,
    iceServers,
    progress: state.progress === "ringing" ? "ringing" : "offered",
    rangEarly: [],
  };
  // Two calls that crossed are one, under the lesser id: if that is theirs, it is answered by our having called.
  if (state.crossing !== null && ack.fields.callId === state.crossing.callId) {
    return joined(
      next,
      { ...state.crossing, iceServers: iceServers.length > 0 ? iceServers : state.crossing.iceServers },
      now,
    );
  }
  return warm(next, state.rangEarly);
}

/** Both called each other, and their call is the one that stays: this side is its callee, and has answered. */
function joined(state: Calling, theirs: Ringing, now: number): Step {
  const next: InCall = {
    ...theirs,
    online: state.online,
    unsent: state.unsent,
    at: "connecting",
    sending: state.sending,
    far: sendingOf(theirs.media),
    farAway: false,
    activeSince: null,
    owesAnswer: false,
    bare: false,
  };
  const { device, iceServers } = theirs;
  return settle(
    next,
    [
      { do: "stop-ringing" },
      { do: "stop-timer", timer: "ring" },
      ...closeLinks(state),
      { do: "open-link", device, offers: false, iceServers },
      { do: "attach-media", device },
    ],
    now,
  );
}

function resumed(state: LiveState, ack: Ack & { ok: true }, now: number): Step {
  const calls: readonly unknown[] = Array.isArray(ack.fields.calls) ? ack.fields.calls : [];
  const entry = calls.find(
    (one): one is { callId: string; state?: unknown; reason?: unknown } =>
      typeof one === "object" && one !== null && "callId" in one && one.callId === state.callId,
  );
  const known = readCallState(entry?.state);
  if (entry === undefined || known === null || known === "ended") {
    if (state.at === "calling" && state.progress === "sent") return [state, [offerMessage(state)]];
    return ended(state, { kind: "reason", reason: readEndReason(entry?.reason) ?? "connection_lost" }, null, now);
  }
  if (!isInCall(state)) return [state, []];
  const [next, tellings] = tell(state);
  const late = known === "connecting" && state.at === "active" ? [say("call-connected", { callId: state.callId })] : [];
  // The network may be another one now; media goes on over the old path until a better one is found.
  return [next, [...tellings, ...late, { do: "restart-ice", device: state.device }]];
}

function heard(state: CallState, message: ServerMessage, now: number): Step {
  if (message.event === "call-offer") return offerHeard(state, message, now);
  if (state.at === "ended") return [explained(state, message), []];
  if (!isLive(state) || !("callId" in message) || message.callId !== state.callId) return crossed(state, message);
  switch (message.event) {
    case "call-ringing":
      return state.at === "calling" ? theyRing(state, message.device) : [state, []];
    case "call-answer":
      return state.at === "calling" ? answered(state, message, now) : [state, []];
    case "call-elsewhere":
      return state.role === "callee"
        ? ended(state, { kind: "elsewhere", outcome: message.outcome }, null, now)
        : [state, []];
    case "call-decline":
      return ended(state, { kind: "reason", reason: "declined" }, null, now);
    case "end-call":
      if (state.at === "calling" && message.replacedBy !== null) return replaced(state, message.replacedBy);
      return ended(state, { kind: "reason", reason: message.reason }, message.durationMs, now);
    case "call-description":
      return descriptionHeard(state, message);
    case "ice-candidate":
      return candidatesHeard(state, message.device, message.candidates);
    case "call-media":
      return isInCall(state) && (message.device ?? state.device) === state.device
        ? [{ ...state, far: message.sending }, []]
        : [state, []];
    case "peer-connection":
      return isInCall(state) ? [{ ...state, farAway: message.state === "reconnecting" }, []] : [state, []];
    case "call-state":
      return message.state === "ended"
        ? ended(state, { kind: "reason", reason: "connection_lost" }, null, now)
        : [state, []];
  }
}

function offerHeard(state: CallState, message: ServerMessage & { event: "call-offer" }, now: number): Step {
  const ringing: Ringing = {
    at: "incoming",
    online: state.online,
    unsent: state.unsent,
    callId: message.callId,
    peer: { userId: message.from, name: message.name },
    circleId: message.circleId,
    role: "callee",
    media: message.media,
    sending: sendingOf(message.media),
    told: sendingOf(message.media),
    iceServers: message.iceServers,
    links: { [message.device]: "warming" },
    device: message.device,
    offer: message.offer,
    warmed: false,
  };
  if (state.at === "calling" && state.peer.userId === message.from) {
    const takesOver = message.replaces === state.callId || message.callId === state.replacedBy;
    return takesOver ? joined(state, ringing, now) : [{ ...state, crossing: ringing }, []];
  }
  if (isLive(state)) return [state, []];
  return [
    ringing,
    [
      say("call-ringing", { callId: ringing.callId }),
      { do: "ring", tone: "incoming" },
      { do: "open-link", device: ringing.device, offers: false, iceServers: ringing.iceServers },
      { do: "preview", media: ringing.media },
      { do: "start-timer", timer: "ring", ms: (message.expiresInMs ?? RING_MS) + ROOM_MS },
    ],
  ];
}

/** Our call gave way to theirs, which the server tells of next: the connections warmed for ours are of no use. */
function replaced(state: Calling, replacedBy: string): Step {
  return [{ ...state, replacedBy, links: {} }, closeLinks(state)];
}

/** The server's word on why a call that was refused is over. */
function explained(state: Ended, message: ServerMessage): Ended {
  if (state.outcome.kind !== "refused" || !("callId" in message) || message.callId !== state.callId) return state;
  if (message.event === "end-call") return { ...state, outcome: { kind: "reason", reason: message.reason } };
  if (message.event !== "call-elsewhere") return state;
  return { ...state, outcome: { kind: "elsewhere", outcome: message.outcome } };
}

/** Messages of a call that is not this one: only those of a call that crossed ours mean anything. */
function crossed(state: CallState, message: ServerMessage): Step {
  if (state.at !== "calling" || state.crossing === null || !("callId" in message)) return [state, []];
  if (message.callId !== state.crossing.callId) return [state, []];
  if (message.event === "end-call") return [{ ...state, crossing: null }, []];
  return [state, []];
}

function theyRing(state: Calling, device: string): Step {
  const ringing: Calling = { ...state, progress: "ringing" };
  const tone: CallCommand[] = state.progress === "ringing" ? [] : [{ do: "ring", tone: "outgoing" }];
  if (state.progress === "sent" || state.progress === "unsent") {
    return [{ ...ringing, rangEarly: [...state.rangEarly, device].slice(0, MAX_LINKS) }, tone];
  }
  const [next, commands] = warm(ringing, [device]);
  return [next, [...tone, ...commands]];
}

function warm(state: Calling, devices: readonly string[]): Step {
  const room = MAX_LINKS - Object.keys(state.links).length;
  const fresh = devices.filter((device) => !(device in state.links)).slice(0, Math.max(room, 0));
  const links = { ...state.links, ...Object.fromEntries(fresh.map((device) => [device, "warming" as const])) };
  return [
    { ...state, links },
    fresh.map((device) => ({ do: "open-link", device, offers: true, iceServers: state.iceServers })),
  ];
}

function answered(state: Calling, message: ServerMessage & { event: "call-answer" }, now: number): Step {
  const { device, answer } = message;
  // An answer in hand answers the offer that rode along; without one, the connection warmed while it rang is taken.
  const rides = answer !== null && UNCLAIMED in state.links;
  const taken = rides ? UNCLAIMED : device;
  const losers = Object.keys(state.links).filter((link) => link !== taken);
  const cold = !rides && !(device in state.links);
  const next: InCall = {
    ...state,
    at: "connecting",
    device,
    links: { [device]: state.links[taken] ?? "warming" },
    far: sendingOf(state.media),
    farAway: false,
    activeSince: null,
    owesAnswer: false,
    bare: rides,
  };
  return settle(
    next,
    [
      { do: "stop-ringing" },
      { do: "stop-timer", timer: "ring" },
      ...losers.map((link): CallCommand => ({ do: "close-link", device: link })),
      ...(rides ? ([{ do: "claim-link", device, iceServers: state.iceServers }] as const) : []),
      ...(cold ? ([{ do: "open-link", device, offers: true, iceServers: state.iceServers }] as const) : []),
      { do: "attach-media", device },
      ...(answer !== null && !cold ? ([{ do: "describe", device, description: answer }] as const) : []),
    ],
    now,
  );
}

function candidatesHeard(state: LiveState, device: string, candidates: readonly Candidate[]): Step {
  // A device that never rang may be about to answer the offer that rode along, its candidates ahead of its answer.
  const link = device in state.links ? device : UNCLAIMED;
  if (!(link in state.links) || candidates.length === 0) return [state, []];
  return [state, [{ do: "add-candidates", device: link, candidates }]];
}

function descriptionHeard(state: LiveState, message: ServerMessage & { event: "call-description" }): Step {
  const { device, description } = message;
  if (!(device in state.links)) return [state, []];
  // The offer that rode along was answered already: that connection is the call's, and one is enough.
  if (isInCall(state) && state.owesAnswer) return [state, []];
  const next = state.at === "incoming" ? { ...state, warmed: true } : state;
  return [next, [{ do: "describe", device, description }]];
}

// --- Peer connections ---------------------------------------------------------------------------------------------

function linkConnected(state: LiveState, device: string, now: number): Step {
  if (!(device in state.links)) return [state, []];
  const links = { ...state.links, [device]: "connected" as const };
  if (!isInCall(state)) return [{ ...state, links }, []];
  return carrying({ ...state, links }, now);
}

/** Media flows, or can: the call is active. */
function carrying(state: InCall, now: number): Step {
  const first = state.activeSince === null;
  const next: InCall = { ...state, at: "active", activeSince: state.activeSince ?? now };
  if (state.at === "active") return [next, []];
  return [
    next,
    [
      { do: "stop-timer", timer: first ? "connect" : "grace" },
      ...(first && state.online ? [say("call-connected", { callId: state.callId })] : []),
    ],
  ];
}

function linkLost(state: LiveState, device: string): Step {
  if (!(device in state.links)) return [state, []];
  const links = { ...state.links, [device]: "lost" as const };
  if (!isInCall(state)) return [{ ...state, links }, []];
  if (state.at === "connecting") return [{ ...state, links }, [{ do: "restart-ice", device }]];
  return [
    { ...state, links, at: "reconnecting" },
    [
      { do: "restart-ice", device },
      ...(state.at === "active" ? [{ do: "start-timer", timer: "grace", ms: GRACE_MS } as const] : []),
    ],
  ];
}

function described(state: LiveState, device: string, description: Description): Step {
  if (!(device in state.links) || device === UNCLAIMED) return [state, []];
  if (isInCall(state) && state.owesAnswer && description.type === "answer") {
    const [next, tellings] = tell({ ...state, owesAnswer: false });
    return [next, [say("call-answer", { callId: state.callId, answer: description }), ...tellings]];
  }
  return [state, [say("call-description", { callId: state.callId, device, description })]];
}

function gathered(state: LiveState, device: string, candidates: readonly Candidate[]): Step {
  if (!(device in state.links) || device === UNCLAIMED || candidates.length === 0) return [state, []];
  const { callId } = state;
  // A client that knows only the bare messages knows no batches.
  if (isInCall(state) && state.bare) {
    return [state, candidates.map((candidate) => say("ice-candidate", { callId, device, candidate }))];
  }
  return [state, [say("ice-candidate", { callId, device, candidates })]];
}

// --- Endings ------------------------------------------------------------------------------------------------------

function timer(state: CallState, name: Timer, now: number): Step {
  if (!isLive(state)) return [state, []];
  const end: ClientMessage = { event: "end-call", payload: { callId: state.callId } };
  switch (name) {
    case "ring":
      if (state.at === "calling") return goodbye(state, end, state.online ? "no_answer" : "unreachable", now);
      return state.at === "incoming" ? ended(state, { kind: "reason", reason: "no_answer" }, null, now) : [state, []];
    case "connect":
      return state.at === "connecting"
        ? goodbye(state, because(end, "connect_failed"), "connect_failed", now)
        : [state, []];
    case "grace":
      return state.at === "reconnecting"
        ? goodbye(state, because(end, "connection_lost"), "connection_lost", now)
        : [state, []];
  }
}

/** Ends the call here at once, and tells the server: now, or when it is back. */
function goodbye(state: LiveState, message: ClientMessage, reason: EndReason, now: number): Step {
  const known = state.at !== "calling" || state.progress !== "unsent";
  const later = state.online || !known ? state : { ...state, unsent: [...state.unsent, message].slice(-MAX_UNSENT) };
  const [next, commands] = ended(later, { kind: "reason", reason }, null, now);
  return [next, state.online ? [{ do: "send", message }, ...commands] : commands];
}

function ended(state: LiveState, outcome: Outcome, durationMs: number | null, now: number): Step {
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
      ...(["ring", "connect", "grace"] as const).map((name): CallCommand => ({ do: "stop-timer", timer: name })),
    ],
  ];
}

// --- Messages -----------------------------------------------------------------------------------------------------

function sendingOf(media: CallMedia): Sending {
  return { audio: true, video: media === "video", screen: false };
}

function sameSending(one: Sending, other: Sending): boolean {
  return one.audio === other.audio && one.video === other.video && one.screen === other.screen;
}

function closeLinks(state: LiveState): readonly CallCommand[] {
  return Object.keys(state.links).map((device) => ({ do: "close-link", device }));
}

function offerMessage({ callId, peer, circleId, media, offer }: Calling): CallCommand {
  return say("call-offer", {
    to: peer.userId,
    callId,
    ...(circleId !== null && { circleId }),
    media,
    ...(offer !== null && { offer }),
  });
}

function because(message: ClientMessage, reason: "connect_failed" | "connection_lost"): ClientMessage {
  return message.event === "end-call" ? { event: "end-call", payload: { ...message.payload, reason } } : message;
}

function say<E extends ClientMessage["event"]>(
  event: E,
  payload: Extract<ClientMessage, { event: E }>["payload"],
): CallCommand {
  return { do: "send", message: { event, payload } as Extract<ClientMessage, { event: E }> };
}
