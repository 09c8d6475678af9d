import { describe, expect, it } from "vitest";
import type { EndReason } from "../signaling/messages";
import type { Ended } from "./callState";
import { clock, endingOf, historyLine } from "./endings";
import type { PastCall } from "./history";

const REASONS: readonly EndReason[] = [
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

const ended = (role: "caller" | "callee", outcome: Ended["outcome"], durationMs: number | null = null): Ended => ({
  at: "ended",
  online: true,
  unsent: [],
  callId: "c1",
  peer: { userId: "bob", name: "Bob" },
  circleId: null,
  role,
  media: "video",
  outcome,
  durationMs,
});

describe("the end of a call, in words", () => {
  it.each(REASONS)("%s has some for either side, and none of them is code", (reason) => {
    for (const role of ["caller", "callee"] as const) {
      const { title, detail } = endingOf(ended(role, { kind: "reason", reason }));
      expect(`${title} ${detail ?? ""}`).not.toMatch(/_|undefined|null/);
      expect(title.length).toBeGreaterThan(3);
    }
  });

  it("says how long it was", () => {
    expect(endingOf(ended("caller", { kind: "reason", reason: "completed" }, 247_000)).title).toBe("Call ended · 4:07");
  });

  it("tells the caller who did not answer, and the callee whom they missed", () => {
    const outcome = { kind: "reason", reason: "no_answer" } as const;
    expect(endingOf(ended("caller", outcome))).toMatchObject({ title: "Bob did not answer", matters: true });
    expect(endingOf(ended("callee", outcome))).toMatchObject({ title: "You missed a call from Bob", matters: false });
  });
});

it("a call from a device that was offline blames nobody else", () => {
  const { title, detail } = endingOf(ended("caller", { kind: "offline" }));
  expect(title).toBe("The server could not be reached");
  expect(detail).not.toContain("Bob");
});

describe("a call taken on another device", () => {
  const taken = (outcome: "answered" | "declined", deviceName: string | null): string =>
    endingOf(ended("callee", { kind: "elsewhere", outcome, deviceName })).title;

  it("names it, if it told its name", () => {
    expect(taken("answered", "Chrome on Linux")).toBe("Answered on Chrome on Linux");
    expect(taken("declined", "Bob’s phone")).toBe("Declined on Bob’s phone");
    expect(taken("answered", null)).toBe("Answered on another device");
  });
});

describe("a line of history", () => {
  const past = (call: Partial<PastCall>): PastCall => ({
    callId: "c1",
    circleId: null,
    peer: { userId: "bob", username: "bob", displayName: "Bob" },
    direction: "outgoing",
    media: "video",
    reason: "completed",
    startedAt: 0,
    durationMs: 0,
    endedAt: 0,
    quality: null,
    seen: true,
    missed: false,
    course: null,
    ...call,
  });

  it.each(["no_answer", "cancelled", "unreachable", "busy", "connection_lost"] as const)(
    "says that %s was missed",
    (reason) => {
      expect(historyLine(past({ direction: "incoming", reason, missed: true }))).toBe("Missed video call");
      expect(historyLine(past({ reason }))).not.toContain("Missed");
    },
  );

  it("says how long it was, if it was", () => {
    expect(historyLine(past({ media: "audio", durationMs: 61_000 }))).toBe("Outgoing voice call · 1:01");
    expect(historyLine(past({ reason: "connect_failed" }))).toBe("Outgoing video call, could not connect");
  });
});

it.each([
  [0, "0:00"],
  [999, "0:00"],
  [61_000, "1:01"],
  [3_723_000, "1:02:03"],
])("%d ms are %s on the clock", (ms, shown) => {
  expect(clock(ms)).toBe(shown);
});
