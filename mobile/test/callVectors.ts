import { step } from "../src/call/callMachine";
import { IDLE, type CallCommand, type CallEvent, type CallState, type Timer } from "../src/call/callState";
import { readAck, readServerMessage, SERVER_EVENTS, type ClientMessage } from "../src/signaling/messages";

/** A call told step by step, as protocol/README.md describes it. */
export interface Vector {
  readonly title: string;
  readonly devices: Readonly<Record<string, readonly string[]>>;
  /** Devices of other clients: what they say is theirs. */
  readonly others?: readonly string[];
  readonly steps: readonly VectorStep[];
}

interface VectorStep {
  readonly at: number;
  readonly device: string;
  readonly does?: string;
  readonly sends?: string;
  readonly hears?: string;
  readonly payload?: unknown;
  readonly ack?: unknown;
  readonly [argument: string]: unknown;
}

/** Negotiation is the peer connections' own affair: vectors do not tell of it. */
const NEGOTIATION: readonly string[] = ["call-description", "ice-candidate", "call-quality"];

/** Plays a vector on one call machine a device; answers what went otherwise than told (nothing, if all is well). */
export function play(vector: Vector): string[] {
  const devices = new Map<string, Device>();
  for (const [user, names] of Object.entries(vector.devices)) {
    for (const name of names) devices.set(name, new Device(name, user));
  }
  const faults: string[] = [];
  for (const [index, told] of vector.steps.entries()) {
    for (const device of devices.values()) device.passTime(told.at);
    if (vector.others?.includes(told.device) === true) continue;
    const device = devices.get(told.device);
    const fault = device === undefined ? `no device ${told.device}` : device.play(told);
    if (fault !== null) faults.push(`step ${index} (${told.at} ms, ${told.device}): ${fault}`);
  }
  for (const device of devices.values()) {
    for (const message of device.unexpected()) faults.push(`${device.name} also sent ${JSON.stringify(message)}`);
  }
  return faults;
}

class Device {
  private state: CallState = IDLE;
  private now = 0;
  private readonly timers = new Map<Timer, number>();
  private readonly sent: ClientMessage[] = [];

  constructor(
    readonly name: string,
    private readonly user: string,
  ) {
    this.happens({ type: "connected" });
  }

  passTime(until: number): void {
    for (;;) {
      const due = [...this.timers].filter(([, at]) => at <= until).sort((a, b) => a[1] - b[1])[0];
      if (due === undefined) break;
      this.timers.delete(due[0]);
      this.now = due[1];
      this.happens({ type: "timer", timer: due[0] });
    }
    this.now = until;
  }

  play(told: VectorStep): string | null {
    if (told.does !== undefined) return this.does(told);
    if (told.sends !== undefined) return this.sends(told.sends, told);
    if (told.hears !== undefined) return this.hears(told.hears, told.payload);
    return "neither does, sends nor hears";
  }

  unexpected(): readonly ClientMessage[] {
    return this.sent;
  }

  private does(told: VectorStep): string | null {
    // Of what happens by HTTP the call machine hears from the server alone.
    if (told.does === "leave-circle") return null;
    const event = this.eventOf(told);
    if (event === null) return `unknown deed ${told.does}`;
    this.happens(event);
    return null;
  }

  private eventOf(told: VectorStep): CallEvent | null {
    switch (told.does) {
      case "call":
        return {
          type: "call",
          callId: String(told.callId),
          peer: { userId: String(told.user), name: String(told.user) },
          circleId: typeof told.circleId === "string" ? told.circleId : null,
          media: told.media === "audio" ? "audio" : "video",
          offer: null,
        };
      case "accept":
        return { type: "accept", media: "media" in this.state ? this.state.media : "video" };
      case "decline":
        return { type: "decline" };
      case "hangup":
        return { type: "hang-up" };
      case "media":
        return {
          type: "media",
          sending: {
            audio: told.audio === true,
            video: told.video === true,
            screen: told.screen === true,
            paused: told.paused === true,
          },
        };
      case "media-connected":
        return { type: "link-connected", device: this.otherDevice() };
      case "media-lost":
        return { type: "link-lost", device: this.otherDevice() };
      case "connect":
        return { type: "connected" };
      case "disconnect":
        return { type: "disconnected" };
      default:
        return null;
    }
  }

  private otherDevice(): string {
    return "device" in this.state ? this.state.device : "";
  }

  private sends(event: string, told: VectorStep): string | null {
    if (NEGOTIATION.includes(event)) return null;
    const message = this.sent.shift();
    if (message === undefined) return `should send ${event}, sends nothing; is ${this.state.at}`;
    if (message.event !== event) return `should send ${event}, sends ${JSON.stringify(message)}`;
    if (!holds(message.payload, told.payload ?? {})) {
      return `should send ${event} ${JSON.stringify(told.payload)}, sends ${JSON.stringify(message.payload)}`;
    }
    const request = message.event;
    if (
      told.ack !== undefined &&
      (request === "call-offer" || request === "call-answer" || request === "call-resume")
    ) {
      const callId = "callId" in message.payload ? message.payload.callId : (message.payload.calls[0] ?? "");
      this.happens({ type: "acked", request, callId, ack: readAck(told.ack) });
    }
    return null;
  }

  private hears(event: string, payload: unknown): string | null {
    const known = SERVER_EVENTS.find((name) => name === event);
    if (known === undefined) return `unknown message ${event}`;
    const message = readServerMessage(known, payload);
    if (message === null) return `unreadable ${event} ${JSON.stringify(payload)}`;
    this.happens({ type: "heard", message });
    return null;
  }

  private happens(event: CallEvent): void {
    const [next, commands] = step(this.state, event, this.now);
    this.state = next;
    for (const command of commands) this.carryOut(command);
  }

  private carryOut(command: CallCommand): void {
    if (command.do === "send" && !NEGOTIATION.includes(command.message.event)) this.sent.push(command.message);
    if (command.do === "start-timer") this.timers.set(command.timer, this.now + command.ms);
    if (command.do === "stop-timer") this.timers.delete(command.timer);
  }

  toString(): string {
    return `${this.name} of ${this.user}`;
  }
}

/** Whether `actual` has every field that `told` names, with its value. */
function holds(actual: unknown, told: unknown): boolean {
  if (Array.isArray(told)) {
    return Array.isArray(actual) && told.length === actual.length && told.every((one, i) => holds(actual[i], one));
  }
  if (typeof told === "object" && told !== null) {
    if (typeof actual !== "object" || actual === null) return false;
    return Object.entries(told).every(([name, value]) => holds((actual as Record<string, unknown>)[name], value));
  }
  return Object.is(actual, told);
}
