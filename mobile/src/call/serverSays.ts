/** What the server says, to the call machine: its messages, and its acknowledgements of ours. */
import type { Ack, Candidate, Fields, IceServer, ServerCallState, ServerMessage } from "../signaling/messages";
import { sessionOf } from "../peer/sdp";
import { readCallState, readElsewhere, readEndReason, readIceServers, text } from "../signaling/messages";
import { readRelayPolicy } from "../settings/relayPolicy";
import {
  AGAIN_MS,
  allowDirect,
  closeLinks,
  ended,
  isForNow,
  isInCall,
  isKnown,
  isLive,
  isRelayed,
  offerMessage,
  resumeMessage,
  RING_MS,
  ROOM_MS,
  say,
  sendingOf,
  settle,
  tell,
} from "./callCourse";
import { madeAnew } from "./anew";
import { goodbyeAcked, goodbyesAgain, isGoodbye, isOverHere } from "./goodbye";
import { farHolds, noLongerWaits, reconcile, tellHold } from "./hold";
import { answeredAnew, beginAgain, goesOnWith, isAstray } from "./reload";
import { noCallOfOurs, rings, ringsAgain } from "./ringing";
import { renewLater } from "./servers";
import {
  JUST_TAKEN,
  MAX_LINKS,
  UNCLAIMED,
  type CallCommand,
  type CallEvent,
  type CallState,
  type Calling,
  type Ended,
  type InCall,
  type LiveState,
  type Outcome,
  type Ringing,
  type Step,
} from "./callState";

export function connected(state: CallState): Step {
  const flush = goodbyesAgain(state);
  const online = { ...state, online: true };
  if (!isLive(online)) return [online, flush];
  if (online.at === "calling" && online.progress === "unsent") {
    return [{ ...online, progress: "sent" }, [...flush, offerMessage(online)]];
  }
  // Of what rings here still the server tells again, and not that a call which came in before is over; and of an answer.
  const back = online.at === "calling" ? { ...online, crossing: null, answeredBy: null } : online;
  return [back, [...flush, resumeMessage(back)]];
}

/** What is asked again is asked by the next connection. */
export function disconnected(state: CallState): Step {
  const timers = ["resume", "goodbye"] as const;
  const gone = isInCall(state) ? { ...state, correcting: false } : state;
  return [{ ...gone, online: false }, timers.map((timer): CallCommand => ({ do: "stop-timer", timer }))];
}

export function acked(state: CallState, event: CallEvent & { type: "acked" }, now: number): Step {
  const { request, callId, ack } = event;
  if (isGoodbye(request)) return goodbyeAcked(state, event, now);
  if (!isLive(state) || state.callId !== callId) return [state, []];
  if (request === "call-resume") return ack?.ok === true ? resumed(state, ack, now) : resumeLater(state);
  switch (request) {
    case "call-offer":
      if (state.at !== "calling" || ack === null) return [state, []];
      return ack.ok ? offered(state, ack, now) : noCallOfOurs(state, { kind: "refused", error: ack.error }, now);
    case "call-answer":
      if (ack?.ok === true || !isInCall(state)) return [state, []];
      if (ack === null || isForNow(ack)) return resumeLater(state);
      // Another device was quicker, or the call is over: a message that says which follows.
      return ended(state, { kind: "refused", error: ack.error }, null, now);
    case "call-hold":
    case "call-media":
    case "call-connected":
      // The other side believes something else by now than this one.
      return ack?.ok === true || !isInCall(state) ? [state, []] : resumeLater({ ...state, correcting: state.online });
  }
}

/** The connection stands, and the server did not take it, or nobody knows: how the call stands there tells what to say again. */
function resumeLater(state: LiveState): Step {
  return [state, state.online ? [{ do: "start-timer", timer: "resume", ms: AGAIN_MS }] : []];
}

function offered(state: Calling, ack: Ack & { ok: true }, now: number): Step {
  if (readCallState(ack.fields.state) === "ended") {
    const reason = readEndReason(ack.fields.reason) ?? "unreachable";
    return noCallOfOurs(state, { kind: "reason", reason }, now);
  }
  const iceServers = readIceServers(ack.fields.iceServers);
  const relay = readRelayPolicy(ack.fields.relay);
  const next: Calling = { ...state, iceServers, serversAt: now, relay, waiting: ack.fields.waiting === true };
  // Two calls that crossed are one, under the lesser id: if that is theirs, it is answered by our having called.
  if (state.crossing !== null && ack.fields.callId === state.crossing.callId) {
    return joined(
      next,
      { ...state.crossing, iceServers: iceServers.length > 0 ? iceServers : state.crossing.iceServers },
      now,
    );
  }
  return known(next);
}

/**
 * The server knows of the call. Only now camera and microphone are opened: nothing comes between the tap and the ring, and
 * nobody is filmed for a call that is refused.
 */
function known(state: Calling): readonly [Calling, readonly CallCommand[]] {
  const { rangEarly, sending } = state;
  const next: Calling = { ...state, progress: rangEarly.length > 0 ? "ringing" : "offered", rangEarly: [] };
  const [warmed, commands] = warm(next, rangEarly);
  return [warmed, [...commands, { do: "capture", sending }]];
}

/** Both called each other, and their call is the one that stays: this side is its callee, and has answered. */
function joined(state: Calling, theirs: Ringing, now: number): Step {
  const next: InCall = {
    ...theirs,
    online: state.online,
    unsent: state.unsent,
    ...JUST_TAKEN,
    sending: state.sending,
    far: sendingOf(theirs.media),
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
      { do: "open-link", device, offers: false, iceServers, relayed: isRelayed(next) },
      { do: "attach-media", device },
      ...captureIfUnknown(state),
    ],
    now,
  );
}

/** The call is taken before the server's word on it was heard. */
function captureIfUnknown(state: Calling): readonly CallCommand[] {
  return isKnown(state) ? [] : [{ do: "capture", sending: state.sending }];
}

function resumed(state: LiveState, ack: Ack & { ok: true }, now: number): Step {
  const calls: readonly unknown[] = Array.isArray(ack.fields.calls) ? ack.fields.calls : [];
  const entry = calls.find(
    (one): one is Fields => typeof one === "object" && one !== null && "callId" in one && one.callId === state.callId,
  );
  const standing = readCallState(entry?.state);
  if (entry === undefined || standing === null || standing === "ended") {
    // One that never got there has no reason to be over.
    const unheard = readEndReason(entry?.reason) === null;
    if (state.at === "calling" && state.progress === "sent" && unheard) return [state, [offerMessage(state)]];
    return ended(state, outcomeOf(state, entry), null, now);
  }
  const fresh = readIceServers(entry.iceServers);
  const iceServers = fresh.length > 0 ? fresh : state.iceServers;
  // Where there are none, none gets old.
  const given = { iceServers, serversAt: fresh.length > 0 || iceServers.length === 0 ? now : state.serversAt };
  const renewed = fresh.length > 0 ? renewServers(state, fresh) : [];
  if (state.at === "calling") {
    const [next, commands] = isKnown(state)
      ? ([{ ...state, ...given }, [...renewed, ...warmAnew(state)]] as const)
      : // Its acknowledgement was lost with the connection.
        known({ ...state, ...given, relay: readRelayPolicy(entry.relay), waiting: entry.waiting === true });
    return takenBy(next, isAnsweredAs(standing) ? text(entry.device) : null, commands, now);
  }
  if (!isInCall(state)) return [{ ...state, ...given }, renewed];
  const { callId, answer, device } = state;
  const unanswered = standing === "offered" || standing === "ringing";
  const answersAgain = unanswered && state.role === "callee" && !state.owesAnswer;
  // What was said after an answer that was lost was not heard either; of all else the snapshot that follows tells.
  const [next, tellings] = answersAgain ? tell({ ...state, told: sendingOf(state.media) }) : [state, []];
  const holding = state.held ? [tellHold(state)] : [];
  const again = answersAgain
    ? [say("call-answer", { callId, ...(answer !== null && { answer }) }), ...holding, ...tellings]
    : [];
  const connecting = standing === "connecting" || again.length > 0;
  const late = connecting && state.activeSince !== null ? [say("call-connected", { callId })] : [];
  const renewing = renewLater({ ...state, ...given }, now);
  if (state.reload === "resuming") {
    const [begun, commands] = beginAgain({ ...next, ...given });
    const capture: CallCommand[] = state.held ? [] : [{ do: "capture", sending: state.sending }];
    return [begun, [...again, ...commands, ...capture, renewing]];
  }
  if (state.correcting && state.links[device] === "connected") {
    return [{ ...next, correcting: false }, [...again, ...late, renewLater(state, now)]];
  }
  // The network may be another one now; media goes on over the old path until a better one is found.
  const back = { ...next, ...given, correcting: false };
  return [back, [...again, ...late, ...renewed, { do: "restart-ice", device }, renewing]];
}

/** Of the answer more is to be heard than that it was given: it is waited for, once. Then the call goes on all the same. */
function takenBy(state: Calling, device: string | null, before: readonly CallCommand[], now: number): Step {
  if (device === null || state.answeredBy !== device) {
    const wait: CallCommand[] = device === null ? [] : [{ do: "start-timer", timer: "resume", ms: AGAIN_MS }];
    return [{ ...state, answeredBy: device }, [...before, ...wait]];
  }
  const [next, commands] = answered(state, { device, answer: null }, now);
  return [next, [...before, ...commands]];
}

function isAnsweredAs(standing: ServerCallState): boolean {
  return standing === "connecting" || standing === "active" || standing === "reconnecting";
}

/** An offer to a device that rings, or its answer, may have gone with the connection: what waits is said again. */
function warmAnew({ links }: Calling): readonly CallCommand[] {
  return Object.entries(links)
    .filter(([device, link]) => device !== UNCLAIMED && link === "warming")
    .map(([device]) => ({ do: "restart-ice", device }));
}

/** How a call ended while this device was away. */
function outcomeOf(state: LiveState, entry: Fields | undefined): Outcome {
  const reason = readEndReason(entry?.reason);
  if (entry !== undefined && "outcome" in entry) return { kind: "elsewhere", ...readElsewhere(entry) };
  if (state.at === "incoming" && reason === "declined") {
    return { kind: "elsewhere", outcome: "declined", deviceName: null };
  }
  return { kind: "reason", reason: reason ?? "connection_lost" };
}

/** The credentials of a relay may have run out while this side was away. */
function renewServers({ links }: LiveState, iceServers: readonly IceServer[]): readonly CallCommand[] {
  return Object.keys(links).map((device) => ({ do: "renew-servers", device, iceServers }));
}

/** Messages of a call are numbered: one that was said again, for it might have been lost, is heard once. */
export function heardOnce(state: CallState, message: ServerMessage, seq: number | null, now: number): Step {
  const callId = "callId" in message ? message.callId : null;
  if (seq === null || callId === null) return heard(state, message, now);
  if (isLive(state) && state.callId === callId && seq <= state.received) return [state, []];
  const [next, commands] = heard(state, message, now);
  return [isLive(next) && next.callId === callId ? { ...next, received: seq } : next, commands];
}

function heard(state: CallState, message: ServerMessage, now: number): Step {
  if (message.event === "call-offer") return offerHeard(state, message, now);
  if (state.at === "ended") return [explained(state, message), []];
  if (!isLive(state) || !("callId" in message) || message.callId !== state.callId) return crossed(state, message);
  switch (message.event) {
    case "call-ringing":
      return state.at === "calling"
        ? theyRing({ ...state, waiting: message.waiting }, message.device, now)
        : [state, []];
    case "call-answer":
      return state.at === "calling" ? answered(state, message, now) : answeredBy(state, message.device);
    case "call-elsewhere":
      return state.role === "callee"
        ? ended(state, { kind: "elsewhere", ...message.elsewhere }, null, now)
        : [state, []];
    case "call-decline":
      return ended(state, { kind: "reason", reason: "declined" }, null, now);
    case "end-call":
      if (state.at === "calling" && message.replacedBy !== null) return replaced(state, message.replacedBy);
      return ended(state, { kind: "reason", reason: message.reason }, message.durationMs, now);
    case "call-description":
      return descriptionHeard(state, message, now);
    case "ice-candidate":
      return candidatesHeard(state, message.device, message.candidates);
    case "call-media":
      return isInCall(state) && (message.device ?? state.device) === state.device
        ? [{ ...state, far: message.sending }, []]
        : [state, []];
    case "peer-connection":
      return isInCall(state)
        ? [{ ...state, farAway: message.state === "reconnecting", renewable: true }, []]
        : [state, []];
    case "call-state":
      if (message.state === "ended") return ended(state, { kind: "reason", reason: "connection_lost" }, null, now);
      if (isInCall(state)) return knownAs(state, message);
      return message.waiting ? [state, []] : noLongerWaits(state, RING_MS + ROOM_MS);
    case "call-hold":
      return isInCall(state) ? farHolds(state, message.held) : [state, []];
  }
}

function offerHeard(state: CallState, message: ServerMessage & { event: "call-offer" }, now: number): Step {
  // The server rings a device that comes back, until it has heard that the call was refused there.
  if (isOverHere(state, message.callId)) return [state, []];
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
    serversAt: now,
    relay: message.relay,
    links: { [message.device]: "warming" },
    received: 0,
    madeAnew: [],
    device: message.device,
    offer: message.offer,
    warmed: false,
    session: null,
    waiting: message.waiting,
  };
  const takesOver =
    state.at === "calling" && (message.replaces === state.callId || message.callId === state.replacedBy);
  if (takesOver) return joined(state, ringing, now);
  // It is told to a device that was in it, or in the one it took the place of: this one no longer is.
  if (isAnswered(message)) return [state, []];
  if (state.at === "incoming" && state.callId === message.callId)
    return ringsAgain(state, ringing, message.expiresInMs);
  if (state.at === "calling" && (state.peer.userId === message.from || !isKnown(state)))
    return [{ ...state, crossing: ringing }, []];
  if (isLive(state)) return [state, []];
  return [ringing, rings(ringing, message.expiresInMs)];
}

/** One that takes the place of another is answered, by both having called. */
function isAnswered({ state, replaces }: ServerMessage & { event: "call-offer" }): boolean {
  return replaces !== null || (state !== null && state !== "offered" && state !== "ringing");
}

/** Our call gave way to theirs, which the server tells of next: the connections warmed for ours are of no use. */
function replaced(state: Calling, replacedBy: string): Step {
  return [{ ...state, replacedBy, links: {} }, closeLinks(state)];
}

/** The server's word on why a call that was refused, here or there, is over. */
function explained(state: Ended, message: ServerMessage): Ended {
  if (!("callId" in message) || message.callId !== state.callId) return state;
  const { outcome, role } = state;
  // They refuse it because they are busy, or want no call: `call-decline` comes first, and does not say which.
  const declined = role === "caller" && outcome.kind === "reason" && outcome.reason === "declined";
  if (message.event === "end-call" && (outcome.kind === "refused" || declined)) {
    return { ...state, outcome: { kind: "reason", reason: message.reason } };
  }
  if (message.event !== "call-elsewhere" || outcome.kind !== "refused") return state;
  return { ...state, outcome: { kind: "elsewhere", ...message.elsewhere } };
}

/** Messages of a call that is not this one: only those of a call that crossed ours mean anything. */
function crossed(state: CallState, message: ServerMessage): Step {
  if (state.at !== "calling" || state.crossing === null || !("callId" in message)) return [state, []];
  if (message.callId !== state.crossing.callId) return [state, []];
  if (message.event === "end-call" || message.event === "call-elsewhere") return [{ ...state, crossing: null }, []];
  return [state, []];
}

function theyRing(state: Calling, device: string, now: number): Step {
  const first = state.progress !== "ringing" && state.rangEarly.length === 0;
  const tone: CallCommand[] = first ? [{ do: "ring", tone: "outgoing" }] : [];
  if (!isKnown(state)) return [{ ...state, rangEarly: [...state.rangEarly, device].slice(0, MAX_LINKS) }, tone];
  const ringing: Calling = { ...state, progress: "ringing" };
  // One that says so again begins anew there, and waits for an offer of a connection as new.
  const { [device]: stale, ...links } = ringing.links;
  const anew = madeAnew({ ...ringing, links }, now);
  if (anew === null) {
    const close: CallCommand[] = stale === undefined ? [] : [{ do: "close-link", device }];
    return [{ ...ringing, links }, [...tone, ...close]];
  }
  const [next, commands] = warm(anew, [device]);
  return [next, [...tone, ...commands]];
}

function warm(state: Calling, devices: readonly string[]): readonly [Calling, readonly CallCommand[]] {
  const room = MAX_LINKS - Object.keys(state.links).length;
  const fresh = devices.filter((device) => !(device in state.links)).slice(0, Math.max(room, 0));
  const links = { ...state.links, ...Object.fromEntries(fresh.map((device) => [device, "warming" as const])) };
  return [
    { ...state, links },
    fresh.map((device) => ({
      do: "open-link",
      device,
      offers: true,
      iceServers: state.iceServers,
      relayed: isRelayed(state),
    })),
  ];
}

type Answer = Pick<ServerMessage & { event: "call-answer" }, "device" | "answer">;

function answered(state: Calling, { device, answer }: Answer, now: number): Step {
  const { iceServers } = state;
  // An answer in hand answers the offer that rode along; without one, the connection warmed while it rang is taken.
  const rides = answer !== null && UNCLAIMED in state.links;
  const taken = rides ? UNCLAIMED : device;
  const losers = Object.keys(state.links).filter((link) => link !== taken);
  const cold = !rides && !(device in state.links);
  const next: InCall = {
    ...state,
    ...JUST_TAKEN,
    device,
    links: { [device]: state.links[taken] ?? "warming" },
    far: sendingOf(state.media),
    owesAnswer: false,
    bare: rides,
  };
  return settle(
    next,
    [
      { do: "stop-ringing" },
      { do: "stop-timer", timer: "ring" },
      ...(state.answeredBy === null ? [] : [{ do: "stop-timer", timer: "resume" } as const]),
      ...losers.map((link): CallCommand => ({ do: "close-link", device: link })),
      ...(rides ? ([{ do: "claim-link", device, iceServers, relayed: isRelayed(next) }] as const) : []),
      ...(cold ? ([{ do: "open-link", device, offers: true, iceServers, relayed: isRelayed(next) }] as const) : []),
      ...(rides || cold ? [] : allowDirect(next)),
      { do: "attach-media", device },
      ...(answer !== null && !cold ? ([{ do: "describe", device, description: answer }] as const) : []),
      // They answered an offer that went with the page that made it: this page's own is said again, for they wait for none.
      ...(answer !== null && !rides ? ([{ do: "restart-ice", device }] as const) : []),
      ...captureIfUnknown(state),
    ],
    now,
  );
}

/** Once media flows, the device it flows with is doubted at the word of a snapshot alone. */
function answeredBy(state: Ringing | InCall, device: string): Step {
  if (state.at !== "connecting" || !isAstray(state, device)) return [state, []];
  const [next, commands] = goesOnWith(state, device);
  const [told, tellings] = tell(next);
  return [told, [...commands, ...tellings]];
}

function knownAs(state: InCall, snapshot: ServerMessage & { event: "call-state" }): Step {
  if (!isAstray(state, snapshot.device)) return reconcile(state, snapshot);
  const [next, commands] = goesOnWith(state, snapshot.device);
  const [known, more] = reconcile(next, snapshot);
  return [known, [...commands, ...more]];
}

function candidatesHeard(state: LiveState, device: string, candidates: readonly Candidate[]): Step {
  // A device that never rang may be about to answer the offer that rode along, its candidates ahead of its answer.
  const link = device in state.links ? device : UNCLAIMED;
  if (!(link in state.links) || candidates.length === 0) return [state, []];
  return [state, [{ do: "add-candidates", device: link, candidates }]];
}

type Described = ServerMessage & { event: "call-description" };

function descriptionHeard(state: LiveState, message: Described, now: number): Step {
  const { device, description } = message;
  if (!(device in state.links)) return [state, []];
  // The offer that rode along was answered already: that connection is the call's, and one is enough.
  if (isInCall(state) && state.owesAnswer) return [state, []];
  const describe: CallCommand = { do: "describe", device, description };
  if (isInCall(state)) return [answeredAnew(state, description), [describe]];
  if (state.at !== "incoming" || description.type !== "offer") return [state, [describe]];
  const session = sessionOf(description.sdp);
  const { iceServers } = state;
  // The caller began anew: what was warmed for the connection it had is of no use.
  const replaced = state.warmed && session !== state.session;
  const next = replaced ? madeAnew(state, now) : state;
  if (next === null) return [state, []];
  return [
    { ...next, warmed: true, session, links: replaced ? { ...state.links, [device]: "warming" } : state.links },
    [
      ...(replaced ? [{ do: "open-link", device, offers: false, iceServers, relayed: isRelayed(state) } as const] : []),
      describe,
    ],
  ];
}
