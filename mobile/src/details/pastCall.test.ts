import { expect, it } from "vitest";
import { readPastCourse, rowsOf } from "./pastCall";

const NOON = Date.UTC(2026, 10, 22, 12);
const CALL = {
  quality: "fair",
  timeline: {
    offeredAt: NOON + 1000,
    ringingAt: NOON + 1100,
    answeredAt: NOON + 9000,
    connectedAt: NOON + 9010,
    firstFrameAt: NOON + 9120,
    firstAudioAt: NOON + 9050,
    endedAt: NOON + 69_000,
    reconnects: 2,
    reconnectMs: 3500,
  },
};

it("tells what happened when, in the order it did", () => {
  const course = readPastCourse(CALL);
  expect(course === null ? [] : rowsOf(course)).toEqual([
    ["Quality", "fair"],
    ["Offered", "+0 ms"],
    ["Ringing", "+100 ms"],
    ["Answered", "+8000 ms"],
    ["Connected", "+8010 ms"],
    ["First sound", "+8050 ms"],
    ["First picture", "+8120 ms"],
    ["Ended", "+68.0 s"],
    ["Interrupted", "2 ×, 3500 ms in all"],
  ]);
});

it.each([{}, { timeline: null }, { timeline: { offeredAt: "soon" } }])(
  "knows when there is nothing to tell",
  (call) => {
    expect(readPastCourse(call)).toBeNull();
  },
);
