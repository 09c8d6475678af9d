import { isLive, isRequest } from "../src/call/callCourse";
import type { CallCommand, CallEvent, CallState, Timer } from "../src/call/callState";
import { behind, lineStep, NO_CALLS, type Line, type LineEvent, type Slot } from "../src/call/line";
import {
  readAck,
  readServerMessage,
  SERVER_EVENTS,
  type Candidate,
  type ClientMessage,
  type Description,
} from "../src/signaling/messages";

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
  /** It went into a connection that was dead by then. */
  readonly lost?: boolean;
  readonly [argument: string]: unknown;
}

/** Plays a vector on the calls of each device; answers what went otherwise than told (nothing, if all is well). */
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
  private line: Line = NO_CALLS;
  private now = 0;
  private readonly timers = new Map<string, { slot: Slot; timer: Timer; at: number }>();
  private readonly sent: (readonly [Slot, ClientMessage])[] = [];
  private readonly numbers = new Map<string, number>();

  constructor(
    readonly name: string,
    private readonly user: string,
  ) {
    this.happens({ type: "connected" });
  }

  passTime(until: number): void {
    for (;;) {
      const due = [...this.timers].filter(([, { at }]) => at <= until).sort(([, a], [, b]) => a.at - b.at)[0];
      if (due === undefined) break;
      const [key, { slot, timer, at }] = due;
      this.timers.delete(key);
      this.now = at;
      this.happensIn(slot, { type: "timer", timer });
    }
    this.now = until;
  }

  play(told: VectorStep): string | null {
    if (told.does !== undefined) return this.does(told);
    if (told.sends !== undefined) return this.sends(told.sends, told);
    if (told.hears !== undefined) return this.hears(told.hears, told.payload, told.lost === true);
    return "neither does, sends nor hears";
  }

  unexpected(): readonly ClientMessage[] {
    return this.sent.map(([, message]) => message);
  }

  private does(told: VectorStep): string | null {
    // Of what happens by HTTP the call machine hears from the server alone.
    if (told.does === "leave-circle") return null;
    const slot = this.slotOf(told.callId);
    const event = this.eventOf(told, slot);
    if (event === null) return `unknown deed ${told.does}`;
    this.happens(event);
    return null;
  }

  /** Of the call that is named, else of the one in front. */
  private slotOf(callId: unknown): Slot {
    const back = behind(this.line);
    const beside = this.line.calls[back];
    return beside.at !== "idle" && beside.callId === callId ? back : this.line.front;
  }

  private eventOf(told: VectorStep, slot: Slot): LineEvent | null {
    const call = this.line.calls[slot];
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
        return { type: "accept", media: "media" in call ? call.media : "video" };
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
        return { type: "in", slot, event: { type: "link-connected", device: otherDevice(call) } };
      case "media-lost":
        return { type: "in", slot, event: { type: "link-lost", device: otherDevice(call) } };
      case "negotiation-failed":
        return { type: "in", slot, event: { type: "link-failed", device: otherDevice(call) } };
      case "hold-and-answer":
        return { type: "take-waiting", first: "hold", media: "video" };
      case "end-and-answer":
        return { type: "take-waiting", first: "end", media: "video" };
      case "decline-waiting":
      case "swap":
      case "resume":
      case "end-held":
      case "dismiss":
        return { type: told.does };
      case "connect":
        return { type: "connected" };
      case "disconnect":
        return { type: "disconnected" };
      default:
        return null;
    }
  }

  private sends(event: string, told: VectorStep): string | null {
    // What the quality is, others than the call machine know.
    if (event === "call-quality") return null;
    if ((event === "call-description" || event === "ice-candidate") && !this.negotiates(told.payload)) return null;
    const [slot, message] = this.sent.shift() ?? [];
    if (slot === undefined || message === undefined)
      return `should send ${event}, sends nothing; is ${this.line.calls[this.line.front].at}`;
    if (message.event !== event) return `should send ${event}, sends ${JSON.stringify(message)}`;
    if (!holds(message.payload, told.payload ?? {})) {
      return `should send ${event} ${JSON.stringify(told.payload)}, sends ${JSON.stringify(message.payload)}`;
    }
    if (told.ack !== undefined && isRequest(message)) {
      const callId = "callId" in message.payload ? message.payload.callId : (message.payload.calls[0] ?? "");
      const ack = readAck(told.ack);
      this.happensIn(slot, { type: "acked", request: message.event, callId, ack });
    }
    return null;
  }

  private hears(event: string, payload: unknown, lost: boolean): string | null {
    const known = SERVER_EVENTS.find((name) => name === event);
    if (known === undefined) return `unknown message ${event}`;
    const message = readServerMessage(known, payload);
    if (message === null) return `unreadable ${event} ${JSON.stringify(payload)}`;
    const seq = "callId" in message ? this.numberOf(message.callId) : null;
    if (!lost) this.happens({ type: "heard", message, seq });
    return null;
  }

  /** Its peer connection has something to say, if it has one by then: other clients may have one sooner. */
  private negotiates(payload: unknown): boolean {
    const { callId, device, description, candidates } = payload as {
      readonly callId: string;
      readonly device: string;
      readonly description?: Description;
      readonly candidates?: readonly Candidate[];
    };
    const slot = this.slotOf(callId);
    const call = this.line.calls[slot];
    if (!isLive(call) || !(device in call.links)) return false;
    if (description !== undefined) this.happensIn(slot, { type: "described", device, description });
    if (candidates !== undefined) this.happensIn(slot, { type: "gathered", device, candidates });
    return true;
  }

  /** What the server says of a call is numbered, what is lost on its way, too. */
  private numberOf(callId: string): number {
    const number = (this.numbers.get(callId) ?? 0) + 1;
    this.numbers.set(callId, number);
    return number;
  }

  private happensIn(slot: Slot, event: CallEvent): void {
    this.happens({ type: "in", slot, event });
  }

  private happens(event: LineEvent): void {
    const [next, commands] = lineStep(this.line, event, this.now);
    this.line = next;
    for (const { slot, command } of commands) this.carryOut(slot, command);
  }

  private carryOut(slot: Slot, command: CallCommand): void {
    if (command.do === "send") this.sent.push([slot, command.message]);
    if (command.do === "start-timer") {
      const { timer, ms } = command;
      this.timers.set(`${slot} ${timer}`, { slot, timer, at: this.now + ms });
    }
    if (command.do === "stop-timer") this.timers.delete(`${slot} ${command.timer}`);
  }

  toString(): string {
    return `${this.name} of ${this.user}`;
  }
}

function otherDevice(call: CallState): string {
  return "device" in call ? call.device : "";
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
