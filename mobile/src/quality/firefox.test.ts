import { expect, it } from "vitest";
import type { Course } from "../details/course";
import { observe, UNKNOWN_QUALITY, isPaused, type CallQuality } from "./callQuality";
import { readSample } from "./sample";

const COURSE: Course = { callId: "c1", role: "caller", marks: [{ what: "answered", at: 0 }] };

interface Counted {
  sent: number;
  lost: number;
  /** As the other side reported last. */
  reported: number;
}

/**
 * A call in Firefox, second by second, with the rows its statistics have: no transport, no estimate of the bandwidth, and
 * no round trip but that of the other side's reports, which come every second of the picture and every five of the voice.
 */
class FirefoxCall {
  quality: CallQuality = UNKNOWN_QUALITY;
  private second = 0;
  private readonly audio: Counted = { sent: 0, lost: 0, reported: 0 };
  private readonly video: Counted = { sent: 0, lost: 0, reported: 0 };

  loses(share: number, rttMs: number, seconds: number): this {
    for (let left = seconds; left > 0; left -= 1) {
      this.second += 1;
      this.passes(this.audio, 50, share, 5);
      if (!isPaused(this.quality.pause)) this.passes(this.video, 60, share, 1);
      else if (this.quality.pause.at === "trial") this.passes(this.video, 12, share, 1);
      const sample = readSample(this.rows(rttMs / 1000), this.second * 1000);
      const situation = { sendsVideo: true, screen: false, farPaused: false, course: COURSE };
      [this.quality] = observe(this.quality, sample, situation);
    }
    return this;
  }

  isPaused(): boolean {
    return isPaused(this.quality.pause);
  }

  private passes(flow: Counted, packets: number, share: number, every: number): void {
    flow.sent += packets;
    flow.lost += packets * share;
    if (this.second % every === 0) flow.reported = flow.lost;
  }

  private rows(roundTripTime: number): Record<string, unknown>[] {
    const flows = ([this.audio, this.video] as const).flatMap(({ sent, reported }, i) => {
      const kind = i === 0 ? "audio" : "video";
      return [
        {
          id: `out-${kind}`,
          type: "outbound-rtp",
          kind,
          packetsSent: sent,
          bytesSent: sent * 900,
          remoteId: `r-${kind}`,
        },
        { id: `r-${kind}`, type: "remote-inbound-rtp", kind, packetsLost: Math.round(reported), roundTripTime },
      ];
    });
    const bytes = this.second * 10_000;
    const pair = { type: "candidate-pair", nominated: true, selected: true, state: "succeeded", localCandidateId: "l" };
    return [...flows, { ...pair, id: "p", bytesSent: bytes, bytesReceived: bytes, remoteCandidateId: "r" }];
  }
}

it("the round trip is that of the media's reports where nothing else tells it", () => {
  expect(new FirefoxCall().loses(0, 80, 2).quality.measured?.path?.rttMs).toBe(80);
});

it("the picture pauses on a line that is too thin for it, and the voice has it for itself", () => {
  const call = new FirefoxCall().loses(0.01, 60, 20);
  expect(call.isPaused()).toBe(false);
  expect(call.loses(0.3, 400, 8).isPaused()).toBe(true);
  expect(call.quality.limits?.videoKbps).toBeNull();
});

it("the picture is back once the line carries it", () => {
  const call = new FirefoxCall().loses(0, 60, 10).loses(0.3, 400, 10);
  expect(call.isPaused()).toBe(true);
  expect(call.loses(0, 60, 25).isPaused()).toBe(false);
});

it("a few packets that are lost cost no picture", () => {
  expect(new FirefoxCall().loses(0.08, 120, 120).isPaused()).toBe(false);
});
