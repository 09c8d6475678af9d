import { expect, it } from "vitest";
import type { Course } from "../details/course";
import { isPaused, observe, UNKNOWN_QUALITY, type CallQuality } from "./callQuality";
import { readSample } from "./sample";

const COURSE: Course = { callId: "c1", role: "caller", marks: [{ what: "answered", at: 0 }] };
const SITUATION = { sendsVideo: true, screen: false, lessData: false, farPaused: false, course: COURSE };

/** One kind of media, and what the other side reported of it last. */
class Flow {
  private sent = 0;
  private lost = 0;
  private report: Record<string, unknown> = {};

  constructor(
    private readonly kind: "audio" | "video",
    /** Seconds between two reports. */
    private readonly every: number,
  ) {}

  passes(packets: number, share: number, rttMs: number, second: number): void {
    this.sent += packets;
    this.lost += packets * share;
    if (packets === 0 || second % this.every !== 0) return;
    const report = { packetsLost: Math.round(this.lost), roundTripTime: rttMs / 1000, timestamp: second * 1000 };
    this.report = { id: `remote-${this.kind}`, type: "remote-inbound-rtp", kind: this.kind, ...report };
  }

  rows(): Record<string, unknown>[] {
    const { kind, sent } = this;
    const row = { id: kind, type: "outbound-rtp", kind, packetsSent: sent, bytesSent: sent * 900 };
    return [{ ...row, remoteId: `remote-${kind}` }, this.report];
  }
}

/**
 * A call in Firefox, second by second, as its statistics tell of it (test/statistics/firefox.json): no estimate of the
 * bandwidth, a round trip of the pair that stands still, and reports of the picture every second, of the voice every seven.
 */
class FirefoxCall {
  quality: CallQuality = UNKNOWN_QUALITY;
  private second = 0;
  private readonly audio = new Flow("audio", 7);
  private readonly video = new Flow("video", 1);

  loses(share: number, rttMs: number, seconds: number): this {
    for (let left = seconds; left > 0; left -= 1) {
      this.second += 1;
      const { at } = this.quality.pause;
      this.audio.passes(50, share, rttMs, this.second);
      this.video.passes(at === "flowing" ? 60 : at === "trial" ? 12 : 0, share, rttMs, this.second);
      [this.quality] = observe(this.quality, readSample(this.rows(), this.second * 1000), SITUATION);
    }
    return this;
  }

  isPaused(): boolean {
    return isPaused(this.quality.pause);
  }

  private rows(): Record<string, unknown>[] {
    const bytes = this.second * 10_000;
    const pair = { id: "pair", type: "candidate-pair", nominated: true, selected: true, state: "succeeded" };
    return [
      ...this.audio.rows(),
      ...this.video.rows(),
      { ...pair, bytesSent: bytes, bytesReceived: bytes, currentRoundTripTime: 0 },
    ];
  }
}

it("the picture pauses on a line that is too thin for it, and the voice has the line for itself", () => {
  const call = new FirefoxCall().loses(0.01, 60, 20);
  expect(call.isPaused()).toBe(false);
  expect(call.loses(0.3, 400, 8).isPaused()).toBe(true);
  expect(call.quality.limits?.videoKbps).toBeNull();
});

it("the picture pauses where a queue fills up, and nothing is lost", () => {
  expect(new FirefoxCall().loses(0, 60, 20).loses(0, 900, 8).isPaused()).toBe(true);
});

it("the picture is back once the line carries it", () => {
  const call = new FirefoxCall().loses(0, 60, 10).loses(0.3, 400, 10);
  expect(call.isPaused()).toBe(true);
  expect(call.loses(0, 60, 30).isPaused()).toBe(false);
});

it("a few packets that are lost cost no picture", () => {
  expect(new FirefoxCall().loses(0.1, 120, 120).isPaused()).toBe(false);
});
