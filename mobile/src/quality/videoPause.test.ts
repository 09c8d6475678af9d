import { describe, expect, it } from "vitest";
import { FLOWING, stepPause, type Conditions, type VideoPause } from "./videoPause";

/** A network in virtual time, looked at once a second. */
class Network {
  pause: VideoPause = FLOWING;
  now = 0;
  /** Each time the state changed, in seconds. */
  readonly changes: [seconds: number, at: VideoPause["at"]][] = [];
  private conditions: Conditions = { silent: false, videoKbps: 1000, loss: 0, rttMs: 40 };

  carries(videoKbps: number | null, others: Partial<Conditions> = {}): this {
    this.conditions = { silent: false, loss: 0, rttMs: 40, ...others, videoKbps };
    return this;
  }

  for(seconds: number): this {
    for (let second = 0; second < seconds; second += 1) {
      this.now += 1000;
      const before = this.pause.at;
      this.pause = stepPause(this.pause, this.conditions, this.now);
      if (this.pause.at !== before) this.changes.push([this.now / 1000, this.pause.at]);
    }
    return this;
  }

  times(at: VideoPause["at"]): number {
    return this.changes.filter(([, became]) => became === at).length;
  }
}

describe("the picture", () => {
  it("pauses below 60 kbit/s after 4 seconds, not before", () => {
    const network = new Network().for(10).carries(59).for(4);
    expect(network.pause.at).toBe("flowing");
    expect(network.for(1).pause.at).toBe("paused");
  });

  it("does not pause at 60 kbit/s, nor for a dip of 3 seconds", () => {
    const network = new Network().carries(60).for(60).carries(20).for(3).carries(60).for(1).carries(20).for(3);
    expect(network.pause.at).toBe("flowing");
  });

  it("comes back after 6 seconds of a trial above 70 kbit/s", () => {
    const network = new Network().carries(30).for(5).carries(200).for(30);
    expect(network.changes).toEqual([
      [5, "paused"],
      [9, "trial"],
      [16, "flowing"],
    ]);
  });

  it("does not come back at 69 kbit/s", () => {
    const network = new Network().carries(30).for(5).carries(69).for(300);
    expect(network.times("flowing")).toBe(0);
  });

  it("stays away on a network that never carries it, and tries ever more seldom", () => {
    const network = new Network().carries(20).for(600);
    expect(network.times("flowing")).toBe(0);
    expect(network.times("trial")).toBeLessThanOrEqual(13);
    const trials = network.changes.filter(([, at]) => at === "trial").map(([seconds]) => seconds);
    const gaps = trials.slice(1).map((second, i) => second - (trials[i] ?? 0));
    expect(gaps).toEqual([...gaps].sort((one, other) => one - other));
    expect(gaps.at(-1)).toBeLessThanOrEqual(66);
  });

  it("does not flap on a network that carries it just when nothing is sent", () => {
    const network = new Network();
    for (let second = 0; second < 600; second += 1) {
      network.carries(network.pause.at === "flowing" ? 30 : 100).for(1);
    }
    expect(network.times("flowing")).toBeLessThan(12);
  });

  it.each([
    ["loses a tenth of it", { loss: 0.1 }],
    ["fills a queue with it", { rttMs: 700 }],
  ])("is not tried further on a network that %s", (_what, trouble) => {
    const network = new Network().carries(30).for(9);
    expect(network.pause.at).toBe("trial");
    expect(network.carries(100, trouble).for(1).pause.at).toBe("paused");
  });

  it("is not tried while the voice alone is too much", () => {
    const network = new Network().carries(30).for(5).carries(30, { loss: 0.2 }).for(120);
    expect(network.times("trial")).toBe(0);
  });

  it("does not pause for an outage: what is silent says nothing of what it carries", () => {
    const network = new Network().carries(30).for(3).carries(30, { silent: true }).for(20).carries(30).for(3);
    expect(network.pause.at).toBe("flowing");
  });
});

describe("the picture in a browser that tells no estimate", () => {
  it("flows while what is sent arrives, however poorly", () => {
    expect(new Network().carries(null, { loss: 0.14, rttMs: 500 }).for(120).changes).toEqual([]);
  });

  it("pauses where a sixth of it is lost for 4 seconds, not before", () => {
    const network = new Network().carries(null).for(10).carries(null, { loss: 0.16 }).for(4);
    expect(network.pause.at).toBe("flowing");
    expect(network.for(1).pause.at).toBe("paused");
  });

  it("pauses where a queue fills up before it", () => {
    const network = new Network().carries(null, { rttMs: 60 }).for(10).carries(null, { rttMs: 700 }).for(5);
    expect(network.pause.at).toBe("paused");
  });

  it("does not pause on a path that is long by itself", () => {
    expect(new Network().carries(null, { rttMs: 900 }).for(120).changes).toEqual([]);
  });

  it("comes back after a trial of 6 seconds in which it arrives, once the voice alone was reported of", () => {
    const network = new Network().carries(null, { loss: 0.2 }).for(5).carries(null).for(30);
    expect(network.changes).toEqual([
      [5, "paused"],
      [13, "trial"],
      [20, "flowing"],
    ]);
  });

  it("stays away where every trial fills the queue again", () => {
    const network = new Network().carries(null).for(5).carries(null, { rttMs: 900 }).for(5);
    expect(network.pause.at).toBe("paused");
    for (let second = 0; second < 600; second += 1) {
      const lasted = network.pause.at === "paused" ? network.now - network.pause.since : 0;
      network.carries(null, { rttMs: lasted >= 7_000 ? 40 : 900 }).for(1);
    }
    expect(network.times("flowing")).toBe(0);
  });

  it("comes back on a path that has become long by itself", () => {
    const network = new Network().carries(null).for(5).carries(null, { rttMs: 900 }).for(60);
    expect(network.pause.at).toBe("flowing");
  });

  it("stays away where every trial is lost, and tries ever more seldom", () => {
    const network = new Network();
    for (let second = 0; second < 600; second += 1) {
      network.carries(null, { loss: network.pause.at === "paused" ? 0 : 0.3 }).for(1);
    }
    expect(network.times("flowing")).toBe(0);
    expect(network.times("trial")).toBeLessThanOrEqual(13);
  });

  it("does not pause for an outage", () => {
    expect(new Network().carries(null, { silent: true, loss: 1, rttMs: 5000 }).for(30).changes).toEqual([]);
  });
});
