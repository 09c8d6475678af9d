import { describe, expect, it } from "vitest";
import type { Course } from "../details/course";
import type { QualityReport } from "../signaling/messages";
import {
  goesOn,
  isPaused,
  lastReport,
  observe,
  UNKNOWN_QUALITY,
  type CallQuality,
  type Situation,
} from "./callQuality";
import type { CandidateType, Flow, Sample } from "./sample";

const STILL: Flow = {
  bytes: 0,
  packets: 0,
  lost: 0,
  jitter: 0,
  frames: 0,
  framesPerSecond: 0,
  width: 0,
  height: 0,
  freezes: 0,
  frozen: 0,
  codec: "",
};
const COURSE: Course = {
  callId: "c1",
  role: "caller",
  marks: [
    { what: "offered", at: 0 },
    { what: "warm", at: 600 },
    { what: "answered", at: 1000 },
    { what: "connected", at: 1000 },
    { what: "first-sound", at: 1040 },
    { what: "first-picture", at: 1110 },
  ],
};

interface Goes {
  availableKbps: number | null;
  rttMs: number;
  lossOut: number;
  lossIn: number;
  relay: boolean;
  silent: boolean;
}

/** A call in virtual time: how it goes, second by second, and what comes of it. */
class Talk {
  quality: CallQuality = UNKNOWN_QUALITY;
  readonly reports: { at: number; report: QualityReport }[] = [];
  readonly pauses: boolean[] = [];
  private now = 1000;
  private situation: Situation = {
    sendsVideo: true,
    screen: false,
    lessData: false,
    farPaused: false,
    course: COURSE,
  };
  private how: Goes = { availableKbps: 2000, rttMs: 40, lossOut: 0, lossIn: 0, relay: false, silent: false };
  private counted = { sent: { audio: STILL, video: STILL }, received: { audio: STILL, video: STILL }, bytes: 0 };

  goes(how: Partial<Goes>): this {
    this.how = { ...this.how, ...how };
    return this;
  }

  is(situation: Partial<Situation>): this {
    this.situation = { ...this.situation, ...situation };
    return this;
  }

  /** The call goes on by another connection, whose counters begin anew. */
  byAnotherLink(): this {
    this.quality = goesOn(this.quality, "another");
    this.counted = { sent: { audio: STILL, video: STILL }, received: { audio: STILL, video: STILL }, bytes: 0 };
    return this;
  }

  afterHold(): this {
    this.quality = goesOn(this.quality, "same");
    return this;
  }

  for(seconds: number): this {
    for (let second = 0; second < seconds; second += 1) {
      const [quality, commands] = observe(this.quality, this.sample(), this.situation);
      this.quality = quality;
      for (const command of commands) {
        if (command.do === "report") this.reports.push({ at: (this.now - 1000) / 1000, report: command.report });
        else this.pauses.push(command.paused);
      }
      this.now += 1000;
    }
    return this;
  }

  verdict(): string {
    const { grade, side } = this.quality.shown.verdict;
    return grade === "good" ? "good" : `${grade} ${side}`;
  }

  private sample(): Sample {
    const { lossIn, lossOut, relay, silent, rttMs, availableKbps } = this.how;
    const { sent, received } = this.counted;
    if (!silent) {
      const video = this.situation.sendsVideo && !isPaused(this.quality.pause);
      this.counted = {
        sent: { audio: grown(sent.audio, 40, lossOut), video: video ? grown(sent.video, 500, lossOut) : sent.video },
        received: { audio: grown(received.audio, 40, lossIn), video: grown(received.video, 500, lossIn) },
        bytes: this.counted.bytes + 1000,
      };
    }
    const local: CandidateType = relay ? "relay" : "host";
    return {
      at: this.now,
      sent: this.counted.sent,
      received: this.counted.received,
      path: {
        local,
        remote: "host",
        protocol: "udp",
        relayProtocol: relay ? "udp" : null,
        rttMs,
        availableKbps,
        bytesSent: this.counted.bytes,
        bytesReceived: this.counted.bytes,
      },
    };
  }
}

function grown(flow: Flow, kbps: number, loss: number): Flow {
  return {
    ...flow,
    bytes: flow.bytes + (kbps * 1000) / 8,
    packets: flow.packets + 50,
    lost: flow.lost + loss * 50,
    frames: flow.frames + 25,
    width: 640,
    height: 480,
  };
}

describe("the verdict", () => {
  it("is good on a good network", () => {
    expect(new Talk().for(30).verdict()).toBe("good");
  });

  it.each<[string, Partial<Goes>, string]>([
    ["loses what is sent", { lossOut: 0.2 }, "poor own"],
    ["loses some of what is sent", { lossOut: 0.05 }, "fair own"],
    ["loses what is to come", { lossIn: 0.2 }, "poor far"],
    ["loses both ways", { lossIn: 0.2, lossOut: 0.2 }, "poor path"],
    ["takes its time", { rttMs: 400 }, "fair path"],
    ["takes a second", { rttMs: 1000 }, "poor path"],
    ["has hardly room for a picture", { availableKbps: 200 }, "fair own"],
    ["has fallen silent", { silent: true }, "poor path"],
  ])("of a network that %s", (_what, how, verdict) => {
    expect(new Talk().for(10).goes(how).for(8).verdict()).toBe(verdict);
  });

  it("names the other side's network when that side says so", () => {
    expect(new Talk().is({ farPaused: true }).for(10).verdict()).toBe("poor far");
  });

  it("does not flicker: a bad second is not shown, nor a good one between bad ones", () => {
    const talk = new Talk().for(10).goes({ rttMs: 1000 }).for(2).goes({ rttMs: 40 }).for(1);
    expect(talk.verdict()).toBe("good");
    expect(talk.goes({ rttMs: 1000 }).for(4).goes({ rttMs: 40 }).for(4).verdict()).toBe("poor path");
    expect(talk.for(3).verdict()).toBe("good");
  });
});

describe("the picture", () => {
  it("stops for want of room, and the voice gets lean; both come back", () => {
    const talk = new Talk().for(10).goes({ availableKbps: 80 }).for(8);
    expect(talk.pauses).toEqual([true]);
    expect(talk.quality.limits).toEqual({
      audioKbps: 16,
      videoKbps: null,
      framesPerSecond: 60,
      keeps: "motion",
    });
    expect(talk.verdict()).toBe("poor own");
    talk.goes({ availableKbps: 500 }).for(20);
    expect(talk.pauses).toEqual([true, false]);
    expect(talk.quality.limits).toEqual({
      audioKbps: 32,
      videoKbps: 2500,
      framesPerSecond: 60,
      keeps: "motion",
    });
  });

  it("is not paused by the network where there is none, and whoever turns it on again gets a try", () => {
    const talk = new Talk().is({ sendsVideo: false }).goes({ availableKbps: 30 }).for(30);
    expect(talk.pauses).toEqual([]);
    expect(talk.is({ sendsVideo: true }).for(3).pauses).toEqual([]);
    expect(talk.for(10).pauses).toEqual([true]);
    expect(talk.is({ sendsVideo: false }).for(1).pauses).toEqual([true, false]);
  });

  it("has less room on the relay", () => {
    expect(new Talk().goes({ relay: true }).for(3).quality.limits?.videoKbps).toBe(1000);
  });

  it("takes less where the person wants so, from the next moment on, and the voice stays as it is", () => {
    const talk = new Talk().for(3).is({ lessData: true }).for(1);
    expect(talk.quality.limits).toMatchObject({ audioKbps: 32, videoKbps: 300, framesPerSecond: 15 });
    expect(talk.is({ lessData: false }).for(1).quality.limits).toMatchObject({ videoKbps: 2500, framesPerSecond: 60 });
  });

  it("of a screen keeps its detail", () => {
    expect(new Talk().is({ screen: true }).for(3).quality.limits?.keeps).toBe("detail");
  });
});

describe("the server", () => {
  it("is told early, then of changes, at most every 10 seconds", () => {
    const talk = new Talk().for(7).goes({ rttMs: 1000 }).for(33);
    expect(talk.reports.map(({ at, report }) => [at, report.quality])).toEqual([
      [5, "good"],
      [15, "poor"],
    ]);
  });

  it("is told once a minute that nothing changed", () => {
    expect(new Talk().for(130).reports.map(({ at }) => at)).toEqual([5, 65, 125]);
  });

  it("is told the sum of the call in the end", () => {
    const talk = new Talk().goes({ lossIn: 0.02, relay: true }).for(61);
    expect(lastReport(talk.quality, COURSE, 62_000)).toEqual({
      quality: "good",
      warmMs: 400,
      firstFrameMs: 110,
      firstAudioMs: 40,
      rttMs: 40,
      jitterMs: 0,
      lossPct: 1.96,
      bitrateKbps: 540,
      sentKbps: 540,
      frameRate: 25,
      frameWidth: 640,
      frameHeight: 480,
      freezes: 0,
      frozenMs: 0,
      interruptions: 0,
      interruptedMs: 0,
      videoPauses: 0,
      videoPausedMs: 0,
      relayed: true,
    });
  });

  it("is told how often and how long the picture was paused", () => {
    const talk = new Talk().for(10).goes({ availableKbps: 80 }).for(8).goes({ availableKbps: 500 }).for(30);
    const report = lastReport(talk.quality, COURSE, 60_000);
    expect(report?.videoPauses).toBe(1);
    expect(report?.videoPausedMs).toBeGreaterThanOrEqual(10_000);
    expect(report?.videoPausedMs).toBeLessThan(30_000);
  });

  it("is told the sum of all connections that the call had", () => {
    const talk = new Talk().goes({ lossIn: 0.04, rttMs: 60 }).for(31).goes({ availableKbps: 80 }).for(10);
    const before = lastReport(talk.quality, COURSE, 60_000);
    expect(before?.videoPauses).toBe(1);
    expect(lastReport(talk.byAnotherLink().quality, COURSE, 60_000)).toEqual({ ...before, quality: "good" });
    talk.goes({ lossIn: 0, rttMs: 20, availableKbps: 2000 }).for(42);
    const after = lastReport(talk.quality, COURSE, 100_000);
    expect(after).toMatchObject({
      videoPauses: 1,
      videoPausedMs: before?.videoPausedMs,
      bitrateKbps: 540,
      frameRate: 25,
    });
    expect(after?.rttMs).toBe(40);
    expect(after?.lossPct).toBeCloseTo(2, 0);
  });

  it("is told each packet once of a call that was on hold", () => {
    const talk = new Talk().goes({ lossIn: 0.04 }).for(31);
    const lossPct = lastReport(talk.quality, COURSE, 60_000)?.lossPct;
    talk.afterHold().goes({ lossIn: 0 }).for(31).afterHold().for(1);
    expect(lastReport(talk.quality, COURSE, 100_000)?.lossPct).toBeCloseTo((lossPct ?? 0) / 2, 0);
  });

  it("is told nothing that a page which was loaded anew cannot know", () => {
    const report = lastReport(
      new Talk().for(10).quality,
      { ...COURSE, marks: [{ what: "connected", at: 1000 }] },
      60_000,
    );
    expect(report).toMatchObject({ rttMs: 40 });
    for (const unknown of ["warmMs", "firstFrameMs", "firstAudioMs"]) expect(report).not.toHaveProperty(unknown);
  });

  it("is told nothing of a call of which nothing is known", () => {
    expect(lastReport(UNKNOWN_QUALITY, COURSE, 60_000)).toBeNull();
  });
});
