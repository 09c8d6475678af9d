/**
 * One device's side of a call, as a function: what it was, what happened, what time it is -> what it is, what to do.
 * No timers, sockets or WebRTC in here; `CallShell` carries the commands out and reports what happened.
 */
import type { CallMedia, Candidate, Description, Sending } from "../signaling/messages";
import {
  allowDirect,
  carrying,
  CONNECT_MS,
  ended,
  GRACE_MS,
  isInCall,
  isLive,
  offerMessage,
  resumeMessage,
  RING_MS,
  retryMs,
  restartIce,
  ROOM_MS,
  sameSending,
  say,
  sendingOf,
  settle,
  tell,
} from "./callCourse";
import {
  JUST_TAKEN,
  UNCLAIMED,
  type CallCommand,
  type CallEvent,
  type CallState,
  type Calling,
  type Goodbye,
  type InCall,
  type LiveState,
  type Ringing,
  type Step,
  type Timer,
} from "./callState";
import { goodbye, goodbyesAgain, leftUnsaid } from "./goodbye";
import { hold } from "./hold";
import { linkReplaced, restored, tryAgain } from "./reload";
import { acked, connected, disconnected, heardOnce } from "./serverSays";

export function step(state: CallState, event: CallEvent, now: number): Step {
  switch (event.type) {
    case "call":
      return state.at === "idle" || state.at === "ended" ? call(state, event, now) : [state, []];
    case "accept":
      return state.at === "incoming" ? accept(state, event.media, now) : [state, []];
    case "decline":
      return state.at === "incoming" ? decline(state, event.busy === true, now) : [state, []];
    case "hang-up":
      return hangUp(state, now);
    case "hold":
      return isInCall(state) ? hold(state, event.held) : [state, []];
    case "media":
      return isLive(state) ? send(state, { ...state.sending, ...event.sending }) : [state, []];
    case "dismiss":
      return state.at === "ended" ? [{ at: "idle", online: state.online, unsent: state.unsent }, []] : [state, []];
    case "connected":
      return connected(state);
    case "disconnected":
      return disconnected(state);
    case "heard":
      return heardOnce(state, event.message, event.seq ?? null, now);
    case "restored":
      return state.at === "idle" ? restored(state, event.call) : [state, []];
    case "left-unsaid":
      return leftUnsaid(state, event.goodbyes);
    case "acked":
      return acked(state, event, now);
    case "link-connected":
      return isLive(state) ? linkConnected(state, event.device, now) : [state, []];
    case "link-lost":
      return isLive(state) ? linkLost(state, event.device, now) : [state, []];
    case "link-failed":
      return isInCall(state) ? linkFailed(state, event.device, now) : [state, []];
    case "link-replaced":
      return isInCall(state) ? linkReplaced(state, event.device, event.description, now) : [state, []];
    case "described":
      return isLive(state) ? described(state, event.device, event.description) : [state, []];
    case "gathered":
      return isLive(state) ? gathered(state, event.device, event.candidates) : [state, []];
    case "captured":
      return isLive(state) && !(isInCall(state) && state.held)
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

function call(
  state: CallState,
  { callId, peer, circleId, media, offer }: CallEvent & { type: "call" },
  now: number,
): Step {
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
    serversAt: now,
    relay: "direct",
    links: offer === null ? {} : { [UNCLAIMED]: "warming" },
    received: 0,
    madeAnew: [],
    progress: state.online ? "sent" : "unsent",
    waiting: false,
    rangEarly: [],
    offer,
    crossing: null,
    replacedBy: null,
    answeredBy: null,
  };
  return [
    next,
    [...(state.online ? [offerMessage(next)] : []), { do: "start-timer", timer: "ring", ms: RING_MS + ROOM_MS }],
  ];
}

function accept(state: Ringing, media: CallMedia, now: number): Step {
  const sending = sendingOf(media);
  const owesAnswer = !state.warmed && state.offer !== null;
  const next: InCall = {
    ...state,
    ...JUST_TAKEN,
    sending,
    far: sendingOf(state.media),
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
      // It was their tap: media does not wait for the server's word. Should another device have been quicker, the caller
      // shows none of it, and this link closes.
      { do: "attach-media", device: state.device },
      ...answer,
      { do: "stop-ringing" },
      { do: "stop-timer", timer: "ring" },
      ...allowDirect(next),
      { do: "capture", sending },
    ],
    now,
  );
}

function decline(state: Ringing, busy: boolean, now: number): Step {
  const { callId } = state;
  const message = { event: "call-decline", payload: { callId, ...(busy && { reason: "busy" as const }) } } as const;
  return goodbye(state, message, busy ? "busy" : "declined", now);
}

function hangUp(state: CallState, now: number): Step {
  if (!isLive(state)) return [state, []];
  const end: Goodbye = { event: "end-call", payload: { callId: state.callId } };
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

function linkConnected(state: LiveState, device: string, now: number): Step {
  if (!(device in state.links)) return [state, []];
  const links = { ...state.links, [device]: "connected" as const };
  if (!isInCall(state)) return [{ ...state, links }, []];
  return carrying({ ...state, links }, now);
}

function linkLost(state: LiveState, device: string, now: number): Step {
  if (!(device in state.links)) return [state, []];
  const links = { ...state.links, [device]: "lost" as const };
  if (!isInCall(state)) return [{ ...state, links }, []];
  if (state.at === "connecting") return [{ ...state, links }, [restartIce(state, device, now)]];
  return [
    { ...state, links, at: "reconnecting" },
    [
      // Who is away hears no offer: whoever comes back makes one.
      ...(state.farAway ? [] : [restartIce(state, device, now)]),
      ...(state.at === "active" ? [{ do: "start-timer", timer: "grace", ms: GRACE_MS } as const] : []),
    ],
  ];
}

/** The offer that rode along is the only one there will be: without an answer to it there is no call. */
function linkFailed(state: InCall, device: string, now: number): Step {
  if (!state.owesAnswer || device !== state.device) return [state, []];
  const end: Goodbye = { event: "end-call", payload: { callId: state.callId, reason: "connect_failed" } };
  return goodbye(state, end, "connect_failed", now);
}

function described(state: LiveState, device: string, description: Description): Step {
  if (!(device in state.links) || device === UNCLAIMED) return [state, []];
  if (isInCall(state) && state.owesAnswer && description.type === "answer") {
    const [next, tellings] = tell({ ...state, owesAnswer: false, answer: description });
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

function timer(state: CallState, name: Timer, now: number): Step {
  if (name === "goodbye") return [state, state.online ? goodbyesAgain(state) : []];
  if (!isLive(state)) return [state, []];
  const end: Goodbye = { event: "end-call", payload: { callId: state.callId } };
  switch (name) {
    case "ring":
      if (state.at !== "calling" && state.at !== "incoming") return [state, []];
      if (state.online) return asksHowItStands(state, name, RING_MS + ROOM_MS);
      return state.at === "calling"
        ? goodbye(state, end, "offline", now)
        : ended(state, { kind: "reason", reason: "no_answer" }, null, now);
    case "connect":
      if (state.at !== "connecting") return [state, []];
      if (state.online) return asksHowItStands(state, name, CONNECT_MS + ROOM_MS);
      return goodbye(state, because(end, "connect_failed"), "connect_failed", now);
    case "retry":
      if (isInCall(state) && typeof state.reload === "object") return tryAgain(state, state.reload);
      return state.at === "connecting" ? looksAgain(state, now) : [state, []];
    case "grace":
      if (state.at !== "reconnecting") return [state, []];
      // Of media that is lost between two who are there the server knows nothing.
      if (state.online && state.farAway) return asksHowItStands(state, name, GRACE_MS);
      return goodbye(state, because(end, "connection_lost"), "connection_lost", now);
    case "resume":
      return [state, state.online ? [resumeMessage(state)] : []];
    case "servers":
      // Who is offline asks in coming back.
      return [state, isInCall(state) && state.online ? [resumeMessage(state)] : []];
  }
}

/** What was lost on the way is said again. */
function looksAgain(state: InCall, now: number): Step {
  const retries = state.retries + 1;
  return [
    { ...state, retries },
    [restartIce(state, state.device, now), { do: "start-timer", timer: "retry", ms: retryMs(retries) }],
  ];
}

/** The server's limits may be longer than the ones this device knows, and rule while it can be reached. */
function asksHowItStands(state: LiveState, name: Timer, ms: number): Step {
  return [state, [resumeMessage(state), { do: "start-timer", timer: name, ms }]];
}

function because(message: Goodbye, reason: "connect_failed" | "connection_lost"): Goodbye {
  return message.event === "end-call" ? { event: "end-call", payload: { ...message.payload, reason } } : message;
}
