/**
 * The calls of one device, as a function: one in front, and at most one beside it, which waits or is held. Each is a call
 * machine of its own; here it is decided which of the two an event concerns, and what it means for the other.
 */
import type { CallMedia, ServerMessage } from "../signaling/messages";
import { isInCall, isLive } from "./callCourse";
import { step } from "./callMachine";
import { IDLE, type CallCommand, type CallEvent, type CallState } from "./callState";
import { isOverHere } from "./goodbye";

/** Where a call is; it stays there while it lasts. */
export type Slot = 0 | 1;

export interface Line {
  readonly calls: readonly [CallState, CallState];
  /** The slot of the call that is talked in, or rings. */
  readonly front: Slot;
}

export const NO_CALLS: Line = { calls: [IDLE, IDLE], front: 0 };

/** What the one call's camera, connections, timers and acknowledgements report. */
type Report = Extract<
  CallEvent,
  {
    type:
      | "acked"
      | "link-connected"
      | "link-lost"
      | "link-failed"
      | "link-replaced"
      | "described"
      | "gathered"
      | "captured"
      | "timer";
  }
>;

export type LineEvent =
  | { readonly type: "in"; readonly slot: Slot; readonly event: CallEvent }
  /** Everything else that is not of a certain slot; what a person does is done to the call in front. */
  | Exclude<CallEvent, Report | { type: "hold" }>
  /** Takes the call that waits. */
  | { readonly type: "take-waiting"; readonly first: "hold" | "end"; readonly media: CallMedia }
  | { readonly type: "decline-waiting"; readonly busy?: boolean }
  /** Goes on with the call that is held, and holds the one in front. */
  | { readonly type: "swap" }
  /** Goes on with the call in front. */
  | { readonly type: "resume" }
  | { readonly type: "end-held" }
  /** The end of the call beside was read. */
  | { readonly type: "dismiss-beside" }
  /** Hangs up, and forgets whatever was. */
  | { readonly type: "sign-out" };

export interface LineCommand {
  readonly slot: Slot;
  readonly command: CallCommand;
}

export type LineStep = readonly [Line, readonly LineCommand[]];

export function behind(line: Line): Slot {
  return line.front === 0 ? 1 : 0;
}

export function lineStep(line: Line, event: LineEvent, now: number): LineStep {
  return settled(new Turn(line, now).on(event));
}

class Turn {
  private readonly commands: LineCommand[] = [];

  constructor(
    private line: Line,
    private readonly now: number,
  ) {}

  on(event: LineEvent): LineStep {
    const { front } = this.line;
    const back = behind(this.line);
    switch (event.type) {
      case "in":
        return this.does(event.slot, event.event).done();
      case "connected":
        // The call that is held first: the server is to know so before it hears that the other one goes on.
        return this.does(back, event).does(front, event).done();
      case "disconnected":
        return this.does(back, event).does(front, event).done();
      case "heard":
        return this.does(concerned(this.line, event.message), event).done();
      case "take-waiting":
        return this.take(event.first, event.media).done();
      case "decline-waiting":
        return this.waits() ? this.does(back, { type: "decline", busy: event.busy === true }).done() : this.done();
      case "swap":
        return this.holds(back) ? this.talkIn(back).done() : this.done();
      case "resume":
        return this.holds(front) ? this.talkIn(front).done() : this.done();
      case "end-held":
        return this.holds(back) ? this.does(back, { type: "hang-up" }).done() : this.done();
      case "dismiss-beside":
        return this.does(back, { type: "dismiss" }).done();
      case "sign-out":
        // A call that came in while one was on its way rings once that one is given up.
        return this.does(back, { type: "hang-up" })
          .does(front, { type: "hang-up" })
          .does(front, { type: "hang-up" })
          .forgets()
          .done();
      case "call":
      case "accept":
      case "decline":
      case "hang-up":
      case "media":
      case "dismiss":
      case "restored":
      case "left-unsaid":
        return this.does(front, event).done();
    }
  }

  private done(): LineStep {
    return [this.line, this.commands];
  }

  private does(slot: Slot, event: CallEvent): this {
    const [next, commands] = step(this.line.calls[slot], event, this.now);
    const calls: Line["calls"] = slot === 0 ? [next, this.line.calls[1]] : [this.line.calls[0], next];
    this.line = { ...this.line, calls };
    this.commands.push(...commands.map((command) => ({ slot, command })));
    return this;
  }

  /** What the server did not acknowledge is not said again: it would be said by somebody else. */
  private forgets(): this {
    for (const slot of [0, 1] as const) this.commands.push({ slot, command: { do: "stop-timer", timer: "goodbye" } });
    this.line = NO_CALLS;
    return this;
  }

  private take(first: "hold" | "end", media: CallMedia): this {
    if (!this.waits()) return this;
    const { front } = this.line;
    const back = behind(this.line);
    this.does(front, first === "hold" ? { type: "hold", held: true } : { type: "hang-up" });
    this.does(back, { type: "accept", media });
    this.line = { ...this.line, front: back };
    return this;
  }

  /** In this order: nobody talks in two calls, not even for a moment. */
  private talkIn(slot: Slot): this {
    const other: Slot = slot === 0 ? 1 : 0;
    this.does(other, { type: "hold", held: true }).does(slot, { type: "hold", held: false });
    this.line = { ...this.line, front: slot };
    return this;
  }

  private waits(): boolean {
    return this.line.calls[behind(this.line)].at === "incoming";
  }

  private holds(slot: Slot): boolean {
    const call = this.line.calls[slot];
    return isInCall(call) && call.held;
  }
}

/** The slot a message is for: that of its call, or, for a second one, the free slot beside a call that is talked in. */
function concerned(line: Line, message: ServerMessage): Slot {
  const { front } = line;
  if (!("callId" in message)) return front;
  const back = behind(line);
  const isOf = (slot: Slot): boolean => {
    const call = line.calls[slot];
    return (call.at !== "idle" && call.callId === message.callId) || isOverHere(call, message.callId);
  };
  if (isOf(front)) return front;
  if (isOf(back)) return back;
  const second = message.event === "call-offer" && message.waiting && isInCall(line.calls[front]);
  return second && !isLive(line.calls[back]) ? back : front;
}

/** When the call in front is over, the other comes forward; what the two share is not taken from one by the other's end. */
function settled([line, commands]: LineStep): LineStep {
  const back = behind(line);
  const next = !isLive(line.calls[line.front]) && isLive(line.calls[back]) ? { ...line, front: back } : line;
  return [next, commands.filter(({ slot, command }) => !isTaken(next.calls[slot === 0 ? 1 : 0], command))];
}

function isTaken(other: CallState, command: CallCommand): boolean {
  switch (command.do) {
    case "release-media":
      return (isInCall(other) && !other.held) || (other.at === "incoming" && !other.waiting);
    case "stop-ringing":
      return other.at === "incoming";
    default:
      return false;
  }
}
