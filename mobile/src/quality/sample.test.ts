import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { measure } from "./measurement";
import { readSample, type Sample } from "./sample";

type Rows = readonly Record<string, unknown>[];

/** Two samples of a real browser, three seconds apart. */
function recorded(browser: "chromium" | "firefox"): [Sample, Sample] {
  const text = readFileSync(join(__dirname, `../../test/statistics/${browser}.json`), "utf8");
  const { samples } = JSON.parse(text) as { samples: [Rows, Rows] };
  return [readSample(samples[0], 3000), readSample(samples[1], 6000)];
}

describe("what Chromium tells", () => {
  const [first, second] = recorded("chromium");

  it("is read: both directions, both kinds, and the pair that was selected", () => {
    expect(first.path).toMatchObject({ local: "host", remote: "host", protocol: "udp", relayProtocol: null });
    expect(first.path?.availableKbps).toBeGreaterThan(300);
    for (const { audio, video } of [first.sent, first.received]) {
      expect(audio).toMatchObject({ codec: "opus" });
      expect(audio.packets).toBeGreaterThan(100);
      expect(video).toMatchObject({ codec: "VP8", width: expect.any(Number) });
      expect(video.frames).toBeGreaterThan(10);
    }
  });

  it("makes a measurement of what came between", () => {
    const measured = measure(first, second);
    expect(measured.relayed).toBe(false);
    expect(measured.silent).toBe(false);
    expect(measured.sent.audio.kbps).toBeGreaterThan(10);
    expect(measured.sent.audio.kbps).toBeLessThan(60);
    expect(measured.received.video.framesPerSecond).toBeGreaterThan(5);
    expect(measured.received.video.framesPerSecond).toBeLessThan(31);
    expect(measured.videoKbps).toBeCloseTo((second.path?.availableKbps ?? 0) - measured.sent.audio.kbps);
  });
});

describe("what Firefox tells", () => {
  const [first, second] = recorded("firefox");

  it("is read without transports, and has no estimate of the bandwidth", () => {
    expect(first.path).toMatchObject({ local: "host", remote: "host", protocol: "udp", availableKbps: null });
    for (const { audio, video } of [first.sent, first.received]) {
      expect(audio).toMatchObject({ codec: "opus" });
      expect(video.frames).toBeGreaterThan(10);
    }
    expect(measure(first, second)).toMatchObject({ videoKbps: null, silent: false, relayed: false });
  });

  it("has the round trip in the other side's newest report", () => {
    // Of the picture: the voice had none with a round trip yet.
    expect(first.path?.rttMs).toBeCloseTo(39.536);
    expect(second.path?.rttMs).toBeCloseTo(1.434);
  });
});

it("reads statistics that say nothing as nothing", () => {
  const nothing = readSample([], 0);
  expect(nothing.path).toBeNull();
  expect(nothing.received.video.frames).toBe(0);
  expect(
    measure(nothing, readSample([{ type: "inbound-rtp", kind: "video", framesDecoded: "many" }], 1000)),
  ).toMatchObject({ videoKbps: null, silent: false, relayed: false });
});

it("finds the pair where no transport names it, and sees the relay", () => {
  const rows = [
    {
      id: "p1",
      type: "candidate-pair",
      nominated: true,
      state: "succeeded",
      localCandidateId: "l",
      remoteCandidateId: "r",
    },
    { id: "l", type: "local-candidate", candidateType: "relay", protocol: "udp", relayProtocol: "tls" },
    { id: "r", type: "remote-candidate", candidateType: "srflx", protocol: "udp" },
  ];
  const sample = readSample(rows, 0);
  expect(sample.path).toMatchObject({ local: "relay", remote: "srflx", relayProtocol: "tls", rttMs: null });
  expect(measure(sample, readSample(rows, 1000)).relayed).toBe(true);
});
