import type { RelayPolicy } from "../settings/relayPolicy";
import type {
  Ack,
  CallMedia,
  Candidate,
  ClientMessage,
  Description,
  Elsewhere,
  EndReason,
  IceServer,
  Sending,
  ServerMessage,
  WireError,
} from "../signaling/messages";

/** The other person of a call. */
export interface Person {
  readonly userId: string;
  readonly name: string;
}

/**
 * A peer connection to one device of the other person. While a call rings there is one for each of their devices, warm
 * but silent; from the answer on there is one.
 */
export type LinkState = "warming" | "connected" | "lost";

/** The link of an offer that rode along in `call-offer`: it has no device until somebody answers it. */
export const UNCLAIMED = "*";

/** Warm at most so many devices of one person. */
export const MAX_LINKS = 8;

/** What ends a call. */
export type Goodbye = Extract<ClientMessage, { event: "end-call" | "call-decline" }>;

interface Common {
  /** Whether the signaling connection stands. */
  readonly online: boolean;
  /** Goodbyes of which it is not known that the server heard them. */
  readonly unsent: readonly Goodbye[];
}

interface Parties {
  readonly callId: string;
  readonly peer: Person;
  readonly circleId: string | null;
  readonly role: "caller" | "callee";
  /** What the call was made as. */
  readonly media: CallMedia;
}

interface Live extends Common, Parties {
  /** What this side means to send, and does from the answer on. */
  readonly sending: Sending;
  /** What the other side believes this side sends; `null` where that is not known. */
  readonly told: Sending | null;
  readonly iceServers: readonly IceServer[];
  /** When the server gave them, in ms since the epoch. */
  readonly serversAt: number;
  /** The stricter wish of the two: when their devices may learn each other's addresses. */
  readonly relay: RelayPolicy;
  readonly links: Readonly<Record<string, LinkState>>;
  /** The number of the last message of this call that was heard; 0 if none was. */
  readonly received: number;
  /** When the other side had a connection made anew here, of late. */
  readonly madeAnew: readonly number[];
}

export interface Idle extends Common {
  readonly at: "idle";
}

export interface Calling extends Live {
  readonly at: "calling";
  /** `unsent`: no connection yet; `offered`: the server knows; `ringing`: a device of theirs rings. */
  readonly progress: "unsent" | "sent" | "offered" | "ringing";
  /** They are in another call; this one waits. */
  readonly waiting: boolean;
  /** Devices that rang before the server's ack brought the ICE servers. */
  readonly rangEarly: readonly string[];
  readonly offer: Description | null;
  /** A call to us, heard while ours was on its way: if it is theirs, the server makes the two one. */
  readonly crossing: Ringing | null;
  /** The call that took the place of this one, soon to be heard. */
  readonly replacedBy: string | null;
  /** The device that answered, as the server says, of whose answer nothing was heard. */
  readonly answeredBy: string | null;
}

export interface Ringing extends Live {
  readonly at: "incoming";
  /** It waits beside the call this device is in. */
  readonly waiting: boolean;
  /** The caller's device. */
  readonly device: string;
  /** The offer that rode along, the only one a client that does not warm its connections ever sends. */
  readonly offer: Description | null;
  readonly warmed: boolean;
  /** Which of the caller's peer connections the last offer heard came from. */
  readonly session: string | null;
}

export interface InCall extends Live {
  readonly at: "connecting" | "active" | "reconnecting";
  /** The device of the other person that has the call. */
  readonly device: string;
  readonly far: Sending;
  /** The other side's signaling connection is gone for the moment. */
  readonly farAway: boolean;
  /** This side put the call on hold. */
  readonly held: boolean;
  /** The other side did. */
  readonly farHeld: boolean;
  /** When media first flowed, in ms since the epoch. */
  readonly activeSince: number | null;
  /** An answer that still has to be made to the offer that rode along. */
  readonly owesAnswer: boolean;
  /** What the offer that rode along was answered with. */
  readonly answer: Description | null;
  /** The other side was away, and may come back with a connection of its own making: its page was loaded anew. */
  readonly renewable: boolean;
  /** When it offered one although it was not known to have been away, in ms since the epoch. */
  readonly strayAt: number | null;
  /** The server is asked how the call stands since it did not take what it was told, and not since it was lost. */
  readonly correcting: boolean;
  /** How often the caller looked for what was lost, since nothing came up at once. */
  readonly retries: number;
  /**
   * This page was loaded anew in the call: `resuming` until the server knows it again, a renewal until the connection it
   * then makes is up.
   */
  readonly reload: "none" | "resuming" | Renewal;
  /** The other side negotiates by the offer that rode along and knows single candidates only. */
  readonly bare: boolean;
}

/** How a call stands that was taken just now. */
export const JUST_TAKEN = {
  at: "connecting",
  farAway: false,
  held: false,
  farHeld: false,
  activeSince: null,
  answer: null,
  renewable: false,
  strayAt: null,
  correcting: false,
  retries: 0,
  reload: "none",
} as const satisfies Partial<InCall>;

/** The connection that a page makes which was loaded anew. */
export interface Renewal {
  /** How often it was begun, or helped on. */
  readonly tries: number;
  /** A description from the other side was heard since it was begun last. */
  readonly answered: boolean;
}

export type Outcome =
  | { readonly kind: "reason"; readonly reason: EndReason }
  | ({ readonly kind: "elsewhere" } & Elsewhere)
  | { readonly kind: "refused"; readonly error: WireError }
  /** This device had no connection to the server for as long as the call may ring. */
  | { readonly kind: "offline" };

export interface Ended extends Common, Parties {
  readonly at: "ended";
  readonly outcome: Outcome;
  readonly durationMs: number | null;
}

/** While there is a call. */
export type LiveState = Calling | Ringing | InCall;

export type CallState = Idle | Calling | Ringing | InCall | Ended;

/** What the server acknowledges. */
export type Request =
  "call-offer" | "call-answer" | "call-resume" | "call-hold" | "call-media" | "call-connected" | Goodbye["event"];

export type CallEvent =
  // A person
  | {
      readonly type: "call";
      readonly callId: string;
      readonly peer: Person;
      readonly circleId: string | null;
      readonly media: CallMedia;
      readonly offer: Description | null;
    }
  | { readonly type: "accept"; readonly media: CallMedia }
  | { readonly type: "decline"; readonly busy?: boolean }
  | { readonly type: "hang-up" }
  | { readonly type: "hold"; readonly held: boolean }
  | { readonly type: "media"; readonly sending: Partial<Sending> }
  | { readonly type: "dismiss" }
  // Signaling
  | { readonly type: "connected" }
  | { readonly type: "disconnected" }
  | { readonly type: "heard"; readonly message: ServerMessage; readonly seq?: number | null }
  /** The page was loaded anew while it was in a call. */
  | { readonly type: "restored"; readonly call: Calling | InCall }
  /** Before it was, the server may not have heard these. */
  | { readonly type: "left-unsaid"; readonly goodbyes: readonly Goodbye[] }
  /** `null`: nobody knows what became of the request. */
  | { readonly type: "acked"; readonly request: Request; readonly callId: string; readonly ack: Ack | null }
  // Peer connections
  | { readonly type: "link-connected"; readonly device: string }
  | { readonly type: "link-lost"; readonly device: string }
  /** A step of the negotiation failed. */
  | { readonly type: "link-failed"; readonly device: string }
  /** The other side offers a connection that is not the one of this link. */
  | { readonly type: "link-replaced"; readonly device: string; readonly description: Description }
  | { readonly type: "described"; readonly device: string; readonly description: Description }
  | { readonly type: "gathered"; readonly device: string; readonly candidates: readonly Candidate[] }
  // Camera and microphone
  | { readonly type: "captured"; readonly audio: boolean; readonly video: boolean }
  // Time
  | { readonly type: "timer"; readonly timer: Timer };

/**
 * `ring`, `connect` and `grace` stand behind the server's own timers, should it be out of reach. `retry` belongs to the
 * caller, and to a page that was loaded anew, until the connection is up.
 * `resume` and `goodbye` say again what the server did not acknowledge. `servers` fetches fresh ones in a long call.
 */
export type Timer = "ring" | "connect" | "retry" | "grace" | "resume" | "goodbye" | "servers";

export type CallCommand =
  | { readonly do: "send"; readonly message: ClientMessage }
  | {
      readonly do: "open-link";
      readonly device: string;
      /** `offers` begins the negotiation, and wins when offers cross. */
      readonly offers: boolean;
      /** Offers, but gives way to an offer of theirs. */
      readonly yields?: boolean;
      readonly iceServers: readonly IceServer[];
      /** Media goes through the relay only. */
      readonly relayed: boolean;
    }
  /** The device answered the offer that rode along. */
  | {
      readonly do: "claim-link";
      readonly device: string;
      readonly iceServers: readonly IceServer[];
      readonly relayed: boolean;
    }
  /** Media may leave the relay: once ICE restarts, it does. */
  | { readonly do: "allow-direct"; readonly device: string }
  /** To be used from the next restart of ICE on: the credentials of a relay do not last for ever. */
  | { readonly do: "renew-servers"; readonly device: string; readonly iceServers: readonly IceServer[] }
  | { readonly do: "close-link"; readonly device: string }
  | { readonly do: "describe"; readonly device: string; readonly description: Description }
  | { readonly do: "add-candidates"; readonly device: string; readonly candidates: readonly Candidate[] }
  /** From here on, and never before, this side's tracks go out on this link. */
  | { readonly do: "attach-media"; readonly device: string }
  | { readonly do: "restart-ice"; readonly device: string }
  | { readonly do: "preview"; readonly media: CallMedia }
  | { readonly do: "capture"; readonly sending: Sending }
  | { readonly do: "release-media" }
  | { readonly do: "ring"; readonly tone: "incoming" | "outgoing" | "waiting" }
  | { readonly do: "stop-ringing" }
  | { readonly do: "start-timer"; readonly timer: Timer; readonly ms: number }
  | { readonly do: "stop-timer"; readonly timer: Timer };

export type Step = readonly [CallState, readonly CallCommand[]];

export const IDLE: Idle = { at: "idle", online: false, unsent: [] };
