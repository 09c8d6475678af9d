import { afterEach, beforeEach, expect, it, vi } from "vitest";
import type { Course } from "../details/course";
import type { PeerLink } from "../peer/PeerLink";
import type { QualityReport } from "../signaling/messages";
import { QualityWatch, type Watched } from "./QualityWatch";

/** A link whose connection brings 50 packets of sound a second, of which some are lost, from when it is made on. */
function link(loses: number): PeerLink {
  const began = Date.now();
  const getStats = async (): Promise<Map<string, object>> => {
    const seconds = (Date.now() - began) / 1000;
    const voice = {
      id: "v",
      type: "inbound-rtp",
      kind: "audio",
      packetsReceived: seconds * 50,
      packetsLost: seconds * loses,
    };
    return new Map([["v", voice]]);
  };
  return { connection: { getStats }, limit: () => undefined } as unknown as PeerLink;
}

const courseOf = (callId: string): Course => ({ callId, role: "caller", marks: [{ what: "offered", at: 0 }] });

let call: Watched | null;
let reports: QualityReport[];
let watch: QualityWatch;

beforeEach(() => {
  vi.useFakeTimers();
  call = null;
  reports = [];
  watch = new QualityWatch({
    watched: () => call,
    reached: () => undefined,
    paused: () => undefined,
    report: (_callId, report) => reports.push(report),
    trouble: () => undefined,
  });
});

afterEach(() => {
  call = null;
  watch.follow();
  vi.useRealTimers();
});

async function goes(by: PeerLink | null, seconds: number, callId = "c1"): Promise<void> {
  const how = { sendsVideo: false, screen: false, lessData: false, farPaused: false };
  call = by === null ? null : { ...how, callId, link: by, course: courseOf(callId) };
  watch.follow();
  await vi.advanceTimersByTimeAsync(seconds * 1000);
}

const lastWord = (): number | undefined => {
  watch.conclude();
  return reports.at(-1)?.lossPct;
};

it("a call is summed up over all its connections", async () => {
  await goes(link(5), 30);
  const before = lastWord() ?? 0;
  expect(before).toBeGreaterThan(8);
  await goes(link(0), 30);
  expect(lastWord()).toBeCloseTo(before / 2, 0);
});

it("a call is summed up over the time before it was on hold, and no packet twice", async () => {
  const bad = link(5);
  await goes(bad, 30);
  const before = lastWord() ?? 0;
  await goes(null, 20);
  await goes(bad, 30);
  expect(lastWord()).toBeCloseTo(before, 0);
  await goes(link(0), 60);
  expect(lastWord()).toBeCloseTo(before / 2, 0);
});

it("the next call begins anew", async () => {
  await goes(link(5), 30);
  await goes(null, 1);
  await goes(link(0), 30, "c2");
  expect(lastWord()).toBe(0);
});
