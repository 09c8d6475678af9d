/**
 * What goes over the wire, both ways, as docs/protocol.md names it: one type a message, read field by field.
 * A message that does not have its shape is dropped (`null`), never half-believed.
 */

import { readRelayPolicy, type RelayPolicy } from "../settings/relayPolicy";

export type CallMedia = "video" | "audio";

/** RTCSessionDescriptionInit (https://www.w3.org/TR/webrtc/#dom-rtcsessiondescriptioninit), offers and answers only. */
export interface Description {
  readonly type: "offer" | "answer";
  readonly sdp: string;
}

/** RTCIceCandidateInit (https://www.w3.org/TR/webrtc/#dom-rtcicecandidateinit). */
export interface Candidate {
  readonly candidate: string;
  readonly sdpMid?: string | null;
  readonly sdpMLineIndex?: number | null;
  readonly usernameFragment?: string | null;
}

/** RTCIceServer (https://www.w3.org/TR/webrtc/#dom-rtciceserver). */
export interface IceServer {
  readonly urls: readonly string[];
  readonly username?: string;
  readonly credential?: string;
}

/** What a side sends now. */
export interface Sending {
  readonly audio: boolean;
  readonly video: boolean;
  readonly screen: boolean;
  /** There would be a picture, but the network is too poor for it. */
  readonly paused: boolean;
}

/** What another device of this person did with a call, and which, if that is known. */
export interface Elsewhere {
  readonly outcome: "answered" | "declined";
  readonly deviceName: string | null;
}

/** How a call went so far on this side (docs/protocol.md, "Quality"). */
export interface QualityReport {
  readonly quality: "good" | "fair" | "poor";
  readonly warmMs?: number;
  readonly firstFrameMs?: number;
  readonly firstAudioMs?: number;
  readonly rttMs?: number;
  readonly jitterMs: number;
  readonly lossPct: number;
  readonly bitrateKbps: number;
  readonly sentKbps: number;
  readonly frameRate?: number;
  readonly frameWidth?: number;
  readonly frameHeight?: number;
  readonly freezes: number;
  readonly frozenMs: number;
  readonly interruptions: number;
  readonly interruptedMs: number;
  readonly videoPauses: number;
  readonly videoPausedMs: number;
  readonly relayed: boolean;
}

export type EndReason =
  | "completed"
  | "cancelled"
  | "declined"
  | "busy"
  | "no_answer"
  | "unreachable"
  | "connect_failed"
  | "connection_lost"
  | "replaced"
  | "removed_from_circle"
  | "server_error";

export type ServerCallState = "offered" | "ringing" | "connecting" | "active" | "reconnecting" | "ended";

export type PresenceStatus = "online" | "in-call" | "offline";

export type ClientMessage =
  | {
      readonly event: "call-offer";
      readonly payload: { to: string; callId: string; circleId?: string; media: CallMedia; offer?: Description };
    }
  | { readonly event: "call-ringing"; readonly payload: { callId: string } }
  | { readonly event: "call-answer"; readonly payload: { callId: string; answer?: Description } }
  | { readonly event: "call-decline"; readonly payload: { callId: string; reason?: "busy" } }
  | { readonly event: "end-call"; readonly payload: { callId: string; reason?: EndReason } }
  | {
      readonly event: "call-description";
      readonly payload: { callId: string; device: string; description: Description };
    }
  | {
      readonly event: "ice-candidate";
      readonly payload:
        | { callId: string; device: string; candidates: readonly Candidate[] }
        | { callId: string; device: string; candidate: Candidate | null };
    }
  | { readonly event: "call-connected"; readonly payload: { callId: string } }
  | { readonly event: "call-media"; readonly payload: { callId: string } & Omit<Sending, "paused"> & { paused?: true } }
  | { readonly event: "call-hold"; readonly payload: { callId: string; held: boolean } }
  | { readonly event: "call-quality"; readonly payload: { callId: string } & QualityReport }
  | {
      readonly event: "call-resume";
      readonly payload: { calls: readonly string[]; received: Readonly<Record<string, number>> };
    }
  /** This page goes away: to be loaded anew, or for good. */
  | { readonly event: "call-leave"; readonly payload: { callId: string } };

export type ServerMessage =
  | {
      readonly event: "call-offer";
      readonly callId: string;
      readonly from: string;
      readonly device: string;
      readonly name: string;
      readonly circleId: string | null;
      readonly media: CallMedia;
      /** How the call stands; `null` where the server does not say. */
      readonly state: ServerCallState | null;
      readonly offer: Description | null;
      /** The call of ours that this one takes the place of: both had called each other. */
      readonly replaces: string | null;
      readonly expiresInMs: number | null;
      /** It waits beside the call this device is in. */
      readonly waiting: boolean;
      readonly iceServers: readonly IceServer[];
      /** The stricter wish of the two. */
      readonly relay: RelayPolicy;
    }
  | {
      readonly event: "call-ringing";
      readonly callId: string;
      readonly from: string;
      readonly device: string;
      /** They are in another call. */
      readonly waiting: boolean;
    }
  | {
      readonly event: "call-answer";
      readonly callId: string;
      readonly from: string;
      readonly device: string;
      readonly answer: Description | null;
    }
  | { readonly event: "call-elsewhere"; readonly callId: string; readonly elsewhere: Elsewhere }
  | {
      readonly event: "end-call";
      readonly callId: string;
      readonly reason: EndReason;
      readonly by: string | null;
      readonly replacedBy: string | null;
      readonly durationMs: number | null;
    }
  | { readonly event: "call-decline"; readonly callId: string }
  | {
      readonly event: "call-description";
      readonly callId: string;
      readonly device: string;
      readonly description: Description;
    }
  | {
      readonly event: "ice-candidate";
      readonly callId: string;
      readonly device: string;
      readonly candidates: readonly Candidate[];
    }
  | { readonly event: "call-media"; readonly callId: string; readonly device: string | null; readonly sending: Sending }
  | { readonly event: "call-hold"; readonly callId: string; readonly held: boolean }
  | {
      readonly event: "call-state";
      readonly callId: string;
      readonly state: ServerCallState;
      /** The other side's device, once there is one. */
      readonly device: string | null;
      readonly waiting: boolean;
      /** Whether this side and the other hold the call; `null` where nobody said so. */
      readonly held: boolean | null;
      readonly peerHeld: boolean | null;
      /** What the server heard last that this side sends; `null` if nothing. */
      readonly ownMedia: Sending | null;
    }
  | { readonly event: "peer-connection"; readonly callId: string; readonly state: "reconnecting" | "reconnected" }
  | { readonly event: "presence"; readonly userId: string; readonly status: PresenceStatus }
  | { readonly event: "history-changed"; readonly unseenMissed: number }
  | { readonly event: "server-draining"; readonly reconnectInMs: number }
  /** `refused` is the event it is about: `connect` for the connection as a whole. */
  | { readonly event: "error"; readonly refused: string | null; readonly code: string; readonly message: string };

export interface WireError {
  readonly code: string;
  readonly message: string;
}

/** What the server acknowledged: `{ ok: true, ... }` or `{ ok: false, error }`. */
export type Ack = { readonly ok: true; readonly fields: Fields } | { readonly ok: false; readonly error: WireError };

export type Fields = Readonly<Record<string, unknown>>;

export const SERVER_EVENTS: readonly ServerMessage["event"][] = [
  "call-offer",
  "call-ringing",
  "call-answer",
  "call-elsewhere",
  "end-call",
  "call-decline",
  "call-description",
  "ice-candidate",
  "call-media",
  "call-hold",
  "call-state",
  "peer-connection",
  "presence",
  "history-changed",
  "server-draining",
  "error",
];

const END_REASONS: readonly EndReason[] = [
  "completed",
  "cancelled",
  "declined",
  "busy",
  "no_answer",
  "unreachable",
  "connect_failed",
  "connection_lost",
  "replaced",
  "removed_from_circle",
  "server_error",
];

/** Longer descriptions are not looked at: a real one with every codec is about 10 KB. */
const MAX_SDP = 256 * 1024;
const MAX_CANDIDATE = 4096;

/** Reads a message from the server; `null` when it lacks its shape. */
export function readServerMessage(event: ServerMessage["event"], payload: unknown): ServerMessage | null {
  const fields = asFields(payload);
  if (fields === null) return null;
  switch (event) {
    case "call-offer": {
      const call = withDevice(fields);
      const from = text(fields.from);
      if (call === null || from === null) return null;
      return {
        event,
        ...call,
        from,
        name: text(fields.name) ?? "",
        circleId: text(fields.circleId),
        media: fields.media === "audio" ? "audio" : "video",
        state: readCallState(fields.state),
        offer: readDescription(fields.offer),
        replaces: text(fields.replaces),
        expiresInMs: amount(fields.expiresInMs),
        waiting: fields.waiting === true,
        iceServers: readIceServers(fields.iceServers),
        relay: readRelayPolicy(fields.relay),
      };
    }
    case "call-ringing": {
      const call = withDevice(fields);
      return call && { event, ...call, from: text(fields.from) ?? "", waiting: fields.waiting === true };
    }
    case "call-answer": {
      const call = withDevice(fields);
      return call && { event, ...call, from: text(fields.from) ?? "", answer: readDescription(fields.answer) };
    }
    case "call-elsewhere": {
      const callId = text(fields.callId);
      return callId === null ? null : { event, callId, elsewhere: readElsewhere(fields) };
    }
    case "end-call": {
      const callId = text(fields.callId);
      if (callId === null) return null;
      return {
        event,
        callId,
        reason: readEndReason(fields.reason) ?? "completed",
        by: text(fields.by),
        replacedBy: text(fields.replacedBy),
        durationMs: amount(fields.durationMs),
      };
    }
    case "call-decline": {
      const callId = text(fields.callId);
      return callId === null ? null : { event, callId };
    }
    case "call-description": {
      const call = withDevice(fields);
      const description = readDescription(fields.description);
      return call && description && { event, ...call, description };
    }
    case "ice-candidate": {
      const call = withDevice(fields);
      return call && { event, ...call, candidates: readCandidates(fields) };
    }
    case "call-media": {
      const callId = text(fields.callId);
      return callId === null ? null : { event, callId, device: text(fields.device), sending: readSending(fields) };
    }
    case "call-hold": {
      const callId = text(fields.callId);
      const held = flag(fields.held);
      return callId === null || held === null ? null : { event, callId, held };
    }
    case "call-state": {
      const callId = text(fields.callId);
      const state = readCallState(fields.state);
      if (callId === null || state === null) return null;
      const own = asFields(fields.ownMedia);
      return {
        event,
        callId,
        state,
        device: text(fields.device),
        waiting: fields.waiting === true,
        held: flag(fields.held),
        peerHeld: flag(fields.peerHeld),
        ownMedia: own && readSending(own),
      };
    }
    case "peer-connection": {
      const callId = text(fields.callId);
      if (callId === null || (fields.state !== "reconnecting" && fields.state !== "reconnected")) return null;
      return { event, callId, state: fields.state };
    }
    case "presence": {
      const userId = text(fields.userId);
      const status = readPresence(fields.status);
      return userId === null || status === null ? null : { event, userId, status };
    }
    case "history-changed":
      return { event, unseenMissed: amount(fields.unseenMissed) ?? 0 };
    case "server-draining":
      return { event, reconnectInMs: amount(fields.reconnectInMs) ?? 1000 };
    case "error": {
      const error = asFields(fields.error);
      return {
        event,
        refused: text(fields.event),
        code: text(error?.code) ?? "unavailable",
        message: text(error?.message) ?? "",
      };
    }
  }
}

/** The number of a message among those of its call. */
export function readSeq(payload: unknown): number | null {
  return amount(asFields(payload)?.seq);
}

/** Reads an acknowledgement; anything that is not one counts as `unavailable`. */
export function readAck(value: unknown): Ack {
  const fields = asFields(value);
  if (fields === null) return { ok: false, error: { code: "unavailable", message: "The server did not answer." } };
  if (fields.ok === true) return { ok: true, fields };
  const error = asFields(fields.error);
  return {
    ok: false,
    error: { code: text(error?.code) ?? "unavailable", message: text(error?.message) ?? "The server refused." },
  };
}

export function readCallState(value: unknown): ServerCallState | null {
  switch (value) {
    case "offered":
    case "ringing":
    case "connecting":
    case "active":
    case "reconnecting":
    case "ended":
      return value;
    default:
      return null;
  }
}

export function readPresence(value: unknown): PresenceStatus | null {
  return value === "online" || value === "in-call" || value === "offline" ? value : null;
}

export function readEndReason(value: unknown): EndReason | null {
  return END_REASONS.find((known) => known === value) ?? null;
}

/** Reads RTCIceServer entries, with `urls` as a list; entries without an address are left out. */
export function readIceServers(value: unknown): readonly IceServer[] {
  if (!Array.isArray(value)) return [];
  return value.flatMap((entry: unknown) => {
    const fields = asFields(entry);
    if (fields === null) return [];
    const urls = (Array.isArray(fields.urls) ? fields.urls : [fields.urls]).filter(isText);
    if (urls.length === 0) return [];
    const username = text(fields.username);
    const credential = text(fields.credential);
    return [{ urls, ...(username !== null && { username }), ...(credential !== null && { credential }) }];
  });
}

function readDescription(value: unknown): Description | null {
  const fields = asFields(value);
  if (fields === null || (fields.type !== "offer" && fields.type !== "answer")) return null;
  return isText(fields.sdp) && fields.sdp.length <= MAX_SDP ? { type: fields.type, sdp: fields.sdp } : null;
}

function readCandidates(fields: Fields): readonly Candidate[] {
  const all: readonly unknown[] = Array.isArray(fields.candidates) ? fields.candidates : [fields.candidate];
  return all.map(readCandidate).filter((candidate) => candidate !== null);
}

function readCandidate(value: unknown): Candidate | null {
  const fields = asFields(value);
  if (fields === null || typeof fields.candidate !== "string" || fields.candidate.length > MAX_CANDIDATE) return null;
  return {
    candidate: fields.candidate,
    sdpMid: text(fields.sdpMid),
    sdpMLineIndex: amount(fields.sdpMLineIndex),
    usernameFragment: text(fields.usernameFragment),
  };
}

export function readElsewhere(fields: Fields): Elsewhere {
  return { outcome: fields.outcome === "declined" ? "declined" : "answered", deviceName: text(fields.deviceName) };
}

function readSending({ audio, video, screen, paused }: Fields): Sending {
  return { audio: audio === true, video: video === true, screen: screen === true, paused: paused === true };
}

function withDevice(fields: Fields): { callId: string; device: string } | null {
  const callId = text(fields.callId);
  const device = text(fields.device);
  return callId === null || device === null ? null : { callId, device };
}

export function asFields(value: unknown): Fields | null {
  return typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Fields) : null;
}

function isText(value: unknown): value is string {
  return typeof value === "string" && value.length > 0;
}

export function text(value: unknown): string | null {
  return isText(value) ? value : null;
}

export function flag(value: unknown): boolean | null {
  return typeof value === "boolean" ? value : null;
}

export function amount(value: unknown): number | null {
  return typeof value === "number" && Number.isFinite(value) && value >= 0 ? value : null;
}
