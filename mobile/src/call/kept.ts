/**
 * What is kept of the calls of a device while they last, by which a page that is loaded anew, or an app that is started
 * anew, finds back into them.
 */
import { readRelayPolicy } from "../settings/relayPolicy";
import { amount, asFields, flag, readEndReason, text, type Fields, type Sending } from "../signaling/messages";
import { isInCall } from "./callCourse";
import { JUST_TAKEN, type CallState, type Calling, type Goodbye, type InCall, type Person } from "./callState";

/** A call that can be come back to. */
export type KeptCall = Calling | InCall;

export interface Kept {
  /** Whose calls they are. */
  readonly of: string | null;
  /** The page said that it goes away; else it kept them while it was there. */
  readonly left: boolean;
  /** The one in front first. */
  readonly calls: readonly KeptCall[];
  /** Goodbyes of which it is not known that the server heard them. */
  readonly unsent: readonly Goodbye[];
}

/** The longest that a server can be set to wait for who is away. Whether it still does, it says itself. */
const KEPT_MS = 300_000;
const MAX_CALLS = 2;
/** The latest; there is little room. */
const MAX_UNSENT = 4;

/**
 * What to keep of these calls of that user, the one in front first; `null` if there is nothing to come back to, nor left to
 * say.
 */
export function keptOf(calls: readonly CallState[], left: boolean, now: number, of: string): string | null {
  const kept = essenceOf(calls);
  return kept === null ? null : JSON.stringify({ of, keptAt: now, left, ...kept });
}

/** What of these calls is worth keeping at once; the rest may be as old as a few seconds. */
export function gistOf(calls: readonly CallState[]): string | null {
  const kept = essenceOf(calls);
  return kept === null
    ? null
    : JSON.stringify({ ...kept, calls: kept.calls.map((call) => ({ ...call, received: 0 })) });
}

/** What was kept, if it has its shape and is not too old: without what went with the page, its connections above all. */
export function keptIn(kept: string | null, now: number): Kept | null {
  const fields = asFields(parsed(kept));
  const keptAt = amount(fields?.keptAt);
  if (fields === null || keptAt === null || Math.abs(now - keptAt) > KEPT_MS) return null;
  const calls = all(fields.calls, MAX_CALLS, readCall);
  const unsent = all(fields.unsent ?? [], MAX_UNSENT, readGoodbye);
  if (calls === null || unsent === null || calls.length + unsent.length === 0) return null;
  return { of: text(fields.of), left: fields.left === true, calls, unsent };
}

/** All of a list, if each has its shape. */
function all<T>(list: unknown, most: number, read: (fields: Fields | null) => T | null): readonly T[] | null {
  if (!Array.isArray(list)) return null;
  const found = list.slice(0, most).map((one: unknown) => read(asFields(one)));
  const good = found.filter((one) => one !== null);
  return good.length < found.length ? null : good;
}

/** A call that comes in is not kept: the server tells of it anew. Nor is what goes with the page, or is of no use after it. */
function essenceOf(
  calls: readonly CallState[],
): { readonly calls: readonly object[]; readonly unsent?: readonly Goodbye[] } | null {
  const kept = calls.flatMap((call): object[] => {
    if (call.at !== "calling" && !isInCall(call)) return [];
    const { at, callId, peer, circleId, role, media, sending, told, relay, received } = call;
    const common = { at, callId, peer, circleId, role, media, sending, told, relay, received };
    if (call.at === "calling") return [{ ...common, waiting: call.waiting, replacedBy: call.replacedBy }];
    const { device, far, held, farHeld, activeSince, renewable } = call;
    return [{ ...common, device, far, held, farHeld, activeSince, renewable }];
  });
  const unsent = calls.flatMap((call) => call.unsent).slice(-MAX_UNSENT);
  if (kept.length + unsent.length === 0) return null;
  return { calls: kept, ...(unsent.length > 0 && { unsent }) };
}

function parsed(kept: string | null): unknown {
  if (kept === null) return null;
  try {
    return JSON.parse(kept);
  } catch {
    return null;
  }
}

function readCall(fields: Fields | null): KeptCall | null {
  const callId = text(fields?.callId);
  const peer = readPerson(fields?.peer);
  const sending = readSending(fields?.sending);
  if (fields === null || callId === null || peer === null || sending === null) return null;
  const common = {
    // What went with the page.
    online: false,
    unsent: [],
    links: {},
    iceServers: [],
    serversAt: 0,
    // A shared screen does not come back, and the network has a new try.
    sending: { ...sending, screen: false, paused: false },
    madeAnew: [],
    told: readSending(fields.told),
    callId,
    peer,
    circleId: text(fields.circleId),
    role: fields.role === "callee" ? "callee" : "caller",
    media: fields.media === "audio" ? "audio" : "video",
    relay: readRelayPolicy(fields.relay),
  } as const;
  return fields.at === "calling" ? readCalling(fields, common) : readInCall(fields, common);
}

type Common = Omit<Calling, "at" | "received" | keyof Before>;
type Before = Pick<Calling, "progress" | "waiting" | "rangEarly" | "offer" | "crossing" | "replacedBy" | "answeredBy">;

function readCalling(fields: Fields, common: Common): Calling {
  // Whatever the devices that ring said, they say to nobody: all of it is heard again.
  return {
    ...common,
    at: "calling",
    received: 0,
    progress: "sent",
    waiting: fields.waiting === true,
    rangEarly: [],
    offer: null,
    crossing: null,
    replacedBy: text(fields.replacedBy),
    answeredBy: null,
  };
}

function readInCall(fields: Fields, common: Common): InCall | null {
  const device = text(fields.device);
  const far = readSending(fields.far);
  const held = flag(fields.held);
  const farHeld = flag(fields.farHeld);
  if (device === null || far === null || held === null || farHeld === null) return null;
  if (fields.at !== "connecting" && fields.at !== "active" && fields.at !== "reconnecting") return null;
  const activeSince = amount(fields.activeSince);
  return {
    ...JUST_TAKEN,
    ...common,
    at: activeSince === null ? "connecting" : "reconnecting",
    received: amount(fields.received) ?? 0,
    device,
    far,
    held,
    farHeld,
    activeSince,
    owesAnswer: false,
    renewable: fields.renewable === true,
    reload: "resuming",
    bare: false,
  };
}

function readGoodbye(fields: Fields | null): Goodbye | null {
  const payload = asFields(fields?.payload);
  const callId = text(payload?.callId);
  if (callId === null) return null;
  const reason = readEndReason(payload?.reason);
  switch (fields?.event) {
    case "call-decline":
      return { event: "call-decline", payload: { callId, ...(reason === "busy" && { reason }) } };
    case "end-call":
      return { event: "end-call", payload: { callId, ...(reason !== null && { reason }) } };
    default:
      return null;
  }
}

function readPerson(value: unknown): Person | null {
  const fields = asFields(value);
  const userId = text(fields?.userId);
  return userId === null ? null : { userId, name: text(fields?.name) ?? "" };
}

function readSending(value: unknown): Sending | null {
  const fields = asFields(value);
  const [audio, video] = [flag(fields?.audio), flag(fields?.video)];
  const [screen, paused] = [flag(fields?.screen), flag(fields?.paused)];
  if (audio === null || video === null || screen === null || paused === null) return null;
  return { audio, video, screen, paused };
}
