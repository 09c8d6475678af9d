import type { EndReason } from "../signaling/messages";
import type { Ended } from "./callState";
import type { PastCall } from "./history";

/** How a call ended, in words for the one who reads them. */
export interface Ending {
  readonly title: string;
  readonly detail: string | null;
  /** Worth a look of its own, rather than a line in passing. */
  readonly matters: boolean;
}

export function endingOf({ outcome, role, peer, durationMs }: Ended): Ending {
  switch (outcome.kind) {
    case "elsewhere": {
      const where = outcome.deviceName ?? "another device";
      return {
        title: outcome.outcome === "answered" ? `Answered on ${where}` : `Declined on ${where}`,
        detail: null,
        matters: false,
      };
    }
    case "refused":
      return { title: "The call could not be made", detail: outcome.error.message, matters: true };
    case "offline":
      return {
        title: "The server could not be reached",
        detail: "Your device has no connection to it. Call again once it is back.",
        matters: true,
      };
    case "reason":
      return endingFor(outcome.reason, role, peer.name, durationMs);
  }
}

/** Whether it rang here and nobody took it, on any device. */
export function isMissed({ outcome, role }: Ended): boolean {
  return role === "callee" && outcome.kind === "reason" && ["cancelled", "busy", "no_answer"].includes(outcome.reason);
}

function endingFor(reason: EndReason, role: "caller" | "callee", name: string, durationMs: number | null): Ending {
  const mine = role === "caller";
  switch (reason) {
    case "completed":
      return {
        title: durationMs === null ? "Call ended" : `Call ended · ${clock(durationMs)}`,
        detail: null,
        matters: false,
      };
    case "cancelled":
      return mine
        ? { title: "Call cancelled", detail: null, matters: false }
        : { title: `You missed a call from ${name}`, detail: null, matters: false };
    case "declined":
      return mine
        ? { title: `${name} declined`, detail: "Try again later.", matters: true }
        : { title: "Call declined", detail: null, matters: false };
    case "busy":
      return mine
        ? { title: `${name} is in another call`, detail: "Try again in a few minutes.", matters: true }
        : { title: `You missed a call from ${name}`, detail: null, matters: false };
    case "no_answer":
      return mine
        ? { title: `${name} did not answer`, detail: "They will see that you called.", matters: true }
        : { title: `You missed a call from ${name}`, detail: null, matters: false };
    case "unreachable":
      return {
        title: `${name} cannot be reached`,
        detail: "None of their devices is connected. They will see that you called.",
        matters: true,
      };
    case "connect_failed":
      return {
        title: "The call could not connect",
        detail: "No way was found between the two of you. A network on either side may block calls.",
        matters: true,
      };
    case "connection_lost":
      return {
        title: "The connection was lost",
        detail: "The call ended because it did not come back.",
        matters: true,
      };
    case "replaced":
      return { title: "The call went on elsewhere", detail: null, matters: false };
    case "removed_from_circle":
      return {
        title: "The call has ended",
        detail: `You and ${name} are no longer in a circle together.`,
        matters: true,
      };
    case "server_error":
      return { title: "The server had a problem", detail: "Please try the call again.", matters: true };
  }
}

/** One line for a call of the past; whether it was missed is the server's word. */
export function historyLine(call: PastCall): string {
  const kind = call.media === "audio" ? "voice call" : "video call";
  if (call.missed) return `Missed ${kind}`;
  const way = call.direction === "outgoing" ? "Outgoing" : "Incoming";
  switch (call.reason) {
    case "declined":
      return call.direction === "outgoing" ? `Declined ${kind}` : `You declined a ${kind}`;
    case "cancelled":
      return `Cancelled ${kind}`;
    case "no_answer":
      return "No answer";
    case "unreachable":
      return "Not reachable";
    case "busy":
      return "Busy";
    case "connect_failed":
      return `${way} ${kind}, could not connect`;
    case "connection_lost":
    case "removed_from_circle":
    case "server_error":
      return `${way} ${kind}, cut off${after(call.durationMs)}`;
    case "completed":
    case "replaced":
    case null:
      return `${way} ${kind}${after(call.durationMs)}`;
  }
}

function after(durationMs: number | null): string {
  return durationMs === null || durationMs < 1000 ? "" : ` · ${clock(durationMs)}`;
}

/** `4:07`, or `1:02:03`. */
export function clock(ms: number): string {
  const seconds = Math.max(0, Math.floor(ms / 1000));
  const two = (value: number): string => String(value).padStart(2, "0");
  const hours = Math.floor(seconds / 3600);
  const minutes = Math.floor(seconds / 60) % 60;
  return hours > 0 ? `${hours}:${two(minutes)}:${two(seconds % 60)}` : `${minutes}:${two(seconds % 60)}`;
}
