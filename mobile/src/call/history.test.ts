import { afterEach, beforeEach, expect, it } from "vitest";
import { forgetHistory, history, historyChanged, type PastCall } from "./history";

const missed = (callId: string): PastCall => ({
  callId,
  circleId: null,
  peer: { userId: "bob", username: "bob", displayName: "Bob" },
  direction: "incoming",
  media: "video",
  reason: "no_answer",
  startedAt: 1,
  durationMs: 0,
  endedAt: 2,
  quality: null,
  seen: false,
  course: null,
  missed: true,
});

const seen = (): boolean[] => (history.get().calls ?? []).map((call) => call.seen);

beforeEach(() => {
  history.set({ calls: [missed("c2"), missed("c1")], nextBefore: null, error: null, unseenMissed: 2 });
});

afterEach(forgetHistory);

it("missed calls that were looked at on another device are no news here, from that moment on", () => {
  historyChanged(0);
  expect(history.get().unseenMissed).toBe(0);
  expect(seen()).toEqual([true, true]);
});

it("while some wait to be looked at nobody knows which, until the list is loaded", () => {
  historyChanged(1);
  expect(history.get().unseenMissed).toBe(1);
  expect(seen()).toEqual([false, false]);
});
