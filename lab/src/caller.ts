import { expect } from '../../e2e/src/family.ts';
import type { Person } from '../../e2e/src/person.ts';
import type { Home } from './net.ts';
import { type Sample, installRecorder } from './recorder.ts';

const SAMPLE_MS = 200;

/** What someone saw and heard over a while. */
export interface Impression {
  seconds: number;
  framesPerSecond: number;
  size: string;
  receivedKbits: number;
  sentKbits: number;
  /** The fraction of media packets that never came, after what was sent again. */
  loss: number;
  rttMs: number | null;
  /** The longest times without a new picture, and without a packet of sound. */
  longestFreezeMs: number;
  longestSilenceMs: number;
  route: string;
}

/** Someone at a browser in one of the lab's homes. */
export class Caller {
  private constructor(
    readonly person: Person,
    readonly home: Home,
  ) {}

  static async at(home: Home, person: Person): Promise<Caller> {
    await person.page.evaluate(installRecorder, SAMPLE_MS);
    return new Caller(person, home);
  }

  /** Calls, and is in a call with the other as soon as they take it; milliseconds from their tap to sight and sound. */
  async talksTo(other: Caller): Promise<number> {
    await this.person.calls(other.person);
    await other.person.isRungBy(this.person);
    const tap = performance.now();
    await other.person.accepts();
    await Promise.all([this.perceives(), other.perceives()]);
    return performance.now() - tap;
  }

  /** A new picture and sound arrive from now on. */
  async perceives(withinMs = 30_000): Promise<void> {
    const before = await this.latest();
    await expect
      .poll(
        async () => {
          const now = await this.latest();
          return [now.frames > before.frames && 'picture', now.audioPackets > before.audioPackets && 'sound'];
        },
        { message: `${this.person.name} sees and hears`, timeout: withinMs, intervals: [50] },
      )
      .toEqual(['picture', 'sound']);
  }

  /** The pair of candidates that media goes by. */
  async path(): Promise<string | null> {
    return (await this.latest()).pair;
  }

  /** Media arrives by another path than that one: what was still on its way over the old one is none of it. */
  async perceivesOffThe(path: string | null): Promise<void> {
    await expect
      .poll(() => this.path(), { message: `${this.person.name} is on another path`, timeout: 30_000, intervals: [50] })
      .not.toBe(path);
    await this.perceives();
  }

  /** Whatever has arrived, for a while from now on. */
  async watches(seconds: number): Promise<Impression> {
    const start = await this.clock();
    await expect
      .poll(async () => (await this.clock()) - start, {
        message: `${this.person.name} watches for ${seconds} s`,
        timeout: seconds * 1000 + 30_000,
        intervals: [200],
      })
      .toBeGreaterThanOrEqual(seconds * 1000);
    return this.impressionSince(start);
  }

  /** A moment of this page's clock, for {@link impressionSince}. */
  clock(): Promise<number> {
    return this.person.page.evaluate(() => performance.now());
  }

  async impressionSince(start: number): Promise<Impression> {
    const samples = await this.person.page.evaluate(
      (from) => window.recorder.samples().filter((sample) => sample.at >= from),
      start,
    );
    return impressionOf(samples);
  }

  private async latest(): Promise<Sample> {
    const samples = () => this.person.page.evaluate(() => window.recorder.samples().at(-1));
    await expect.poll(samples).toBeDefined();
    return (await samples())!;
  }
}

function impressionOf(samples: Sample[]): Impression {
  const [first, last] = [samples[0], samples.at(-1)];
  if (!first || !last || first === last) throw new Error('watched too shortly');
  const seconds = (last.at - first.at) / 1000;
  const received = last.packetsReceived - first.packetsReceived;
  const lost = last.packetsLost - first.packetsLost;
  return {
    seconds,
    framesPerSecond: (last.frames - first.frames) / seconds,
    size: `${last.width}x${last.height}`,
    receivedKbits: ((last.bytesReceived - first.bytesReceived) * 8) / 1000 / seconds,
    sentKbits: ((last.bytesSent - first.bytesSent) * 8) / 1000 / seconds,
    loss: lost / Math.max(1, lost + received),
    rttMs: last.rttMs,
    longestFreezeMs: longestStandstill(samples, (sample) => sample.frames),
    longestSilenceMs: longestStandstill(samples, (sample) => sample.audioPackets),
    route: `${last.local}/${last.remote}${last.relayProtocol ? ` over ${last.relayProtocol}` : ''}`,
  };
}

/**
 * The longest time in which that counter is known not to have grown: from a sample that saw it grow to the last that did not.
 * A machine too busy to sample often makes it shorter, never longer.
 */
function longestStandstill(samples: Sample[], counter: (sample: Sample) => number): number {
  let longest = 0;
  let grew = samples[0]!;
  for (const sample of samples) {
    if (counter(sample) !== counter(grew)) grew = sample;
    longest = Math.max(longest, sample.at - grew.at);
  }
  return Math.round(longest);
}

export function tellingOf(impression: Impression): string {
  const { framesPerSecond, size, receivedKbits, loss, rttMs, longestFreezeMs, longestSilenceMs, route } = impression;
  return [
    route,
    `RTT ${rttMs?.toFixed(0) ?? '?'} ms`,
    `${framesPerSecond.toFixed(1)} fps of ${size}`,
    `${receivedKbits.toFixed(0)} kbit/s in`,
    `${(loss * 100).toFixed(1)} % lost`,
    `longest freeze ${longestFreezeMs} ms, silence ${longestSilenceMs} ms`,
  ].join(', ');
}
