import type { Ack, ServerMessage } from "../signaling/messages";
import { step } from "./callMachine";
import { IDLE, type CallCommand, type CallEvent, type CallState, type Request, type Timer } from "./callState";

type Heard = Extract<ServerMessage, { callId: string }>;
type HeardEvent = Heard["event"];
type Rest<E extends HeardEvent> = Partial<Omit<Extract<Heard, { event: E }>, "event" | "callId">>;

/** Which connections are opened and closed. */
export const links = (commands: readonly CallCommand[]): string[] =>
  commands.flatMap((command) =>
    command.do === "open-link" || command.do === "close-link" ? [`${command.do} ${command.device}`] : [],
  );

/** A phone in a test: one call machine, what it was told to do, and a clock that stands until it is moved. */
export class Phone {
  state: CallState = IDLE;
  commands: CallCommand[] = [];
  now = 1_000_000;

  constructor() {
    this.happens({ type: "connected" });
  }

  happens(event: CallEvent): this {
    const [next, commands] = step(this.state, event, this.now);
    this.state = next;
    this.commands.push(...commands);
    return this;
  }

  /** What has been commanded since the last time this was asked. */
  did(): CallCommand[] {
    return this.commands.splice(0);
  }

  /** The messages among it. */
  said(): string[] {
    return this.did().flatMap((command) => (command.do === "send" ? [command.message.event] : []));
  }

  calls(name: string, { media = "video" as "video" | "audio", offer = false } = {}): this {
    return this.happens({
      type: "call",
      callId: "c1",
      peer: { userId: name, name },
      circleId: "circle",
      media,
      offer: offer ? { type: "offer", sdp: "mine" } : null,
    });
  }

  serverTakes(fields: Record<string, unknown> = {}): this {
    const callId = "c1";
    const ack = { ok: true, fields: { ok: true, callId, state: "offered", iceServers: [], ...fields } } as const;
    return this.happens({ type: "acked", request: "call-offer", callId, ack });
  }

  serverRefuses(request: "call-offer" | "call-answer", code: string): this {
    const ack = { ok: false, error: { code, message: `no: ${code}` } } as const;
    return this.happens({ type: "acked", request, callId: "c1", ack });
  }

  /** What the server acknowledges; `null` if no word comes. */
  acks(request: Request, ack: Ack | null = { ok: true, fields: { ok: true } }, callId = "c1"): this {
    return this.happens({ type: "acked", request, callId, ack });
  }

  hears<E extends HeardEvent>(event: E, fields: Rest<E> = {}, callId = "c1"): this {
    const defaults = {
      from: "bob",
      device: "b1",
      name: "Bob",
      circleId: "circle",
      media: "video",
      offer: null,
      answer: null,
      state: "offered",
      replaces: null,
      replacedBy: null,
      expiresInMs: 45_000,
      waiting: false,
      held: null,
      peerHeld: null,
      ownMedia: null,
      iceServers: [],
      relay: "direct",
      candidates: [],
      by: null,
      durationMs: null,
    };
    return this.happens({
      type: "heard",
      message: { ...defaults, ...fields, event, callId } as unknown as ServerMessage,
    });
  }

  accepts(media: "video" | "audio" = "video"): this {
    return this.happens({ type: "accept", media });
  }

  linkComesUp(device = "b1"): this {
    return this.happens({ type: "link-connected", device });
  }

  linkBreaks(device = "b1"): this {
    return this.happens({ type: "link-lost", device });
  }

  rings(timer: Timer): this {
    return this.happens({ type: "timer", timer });
  }

  /** In a call with bob, over a connection that stands. */
  static inCall(): Phone {
    const phone = new Phone().calls("bob").serverTakes().hears("call-ringing").hears("call-answer").linkComesUp();
    phone.did();
    return phone;
  }
}

/** The same phone, back on another connection, to a server that knows the call as `state`. */
export const resumedAs = (phone: Phone, state: string, iceServers: readonly object[] = []): Phone => {
  phone.happens({ type: "disconnected" }).happens({ type: "connected" });
  phone.did();
  const fields = { ok: true, calls: [{ callId: "c1", state, iceServers }] };
  return phone.happens({ type: "acked", request: "call-resume", callId: "c1", ack: { ok: true, fields } });
};
