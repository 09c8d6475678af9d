import type { Course } from "../details/course";
import { interruptionsOf, sinceAnswer, warmBefore } from "../details/course";
import type { QualityReport } from "../signaling/messages";
import { isRelayed, type Flow, type Sample } from "./sample";
import type { Grade } from "./verdict";

/** What is summed up of a call, for its record: of all connections it had. */
export interface Tally {
  /** The first and the newest since it is looked at the connection there is. */
  readonly first: Sample | null;
  readonly last: Sample | null;
  /** It was looked at before: what it counted until the first is summed up already. */
  readonly again: boolean;
  /** The newest of any. */
  readonly latest: Sample | null;
  /** What all that was looked at before came to. */
  readonly before: Sum;
  readonly rtt: Mean;
  readonly jitter: Mean;
  readonly pauses: number;
  readonly pausedMs: number;
  readonly pausedSince: number | null;
}

interface Sum {
  readonly ms: number;
  readonly received: number;
  readonly sent: number;
  readonly frames: number;
  readonly packets: number;
  readonly lost: number;
  readonly freezes: number;
  readonly frozenMs: number;
}

interface Mean {
  readonly sum: number;
  readonly count: number;
}

const NONE: Mean = { sum: 0, count: 0 };
const NOTHING: Sum = { ms: 0, received: 0, sent: 0, frames: 0, packets: 0, lost: 0, freezes: 0, frozenMs: 0 };
export const EMPTY_TALLY: Tally = {
  first: null,
  last: null,
  again: false,
  latest: null,
  before: NOTHING,
  rtt: NONE,
  jitter: NONE,
  pauses: 0,
  pausedMs: 0,
  pausedSince: null,
};

export function count(tally: Tally, sample: Sample, paused: boolean): Tally {
  const rttMs = sample.path?.rttMs ?? null;
  const counted: Tally = {
    ...tally,
    first: tally.first ?? sample,
    last: sample,
    latest: sample,
    rtt: rttMs === null ? tally.rtt : add(tally.rtt, rttMs),
    jitter: add(tally.jitter, sample.received.audio.jitter * 1000),
  };
  if (paused && tally.pausedSince === null) return { ...counted, pauses: counted.pauses + 1, pausedSince: sample.at };
  if (paused || tally.pausedSince === null) return counted;
  return { ...counted, pausedMs: counted.pausedMs + sample.at - tally.pausedSince, pausedSince: null };
}

/** The call goes on by another connection, whose counters begin anew, or by the same one after a while on hold. */
export function carried(tally: Tally, by: "another" | "same"): Tally {
  const again = by === "same" && (tally.again || tally.last !== null);
  return {
    ...tally,
    first: null,
    last: null,
    again,
    before: sumOf(tally),
    pausedMs: pausedMs(tally),
    pausedSince: null,
  };
}

/** The fields of `call-quality` (docs/protocol.md, "Quality") that are known by now; `null` before anything is. */
export function reportOf(tally: Tally, course: Course, grade: Grade, now: number): QualityReport | null {
  const { latest } = tally;
  const all = sumOf(tally);
  if (latest === null || all.ms === 0) return null;
  const kbps = (bytes: number): number => within((bytes * 8) / all.ms, 1_000_000);
  const { width, height } = latest.received.video;
  const firstFrameMs = sinceAnswer(course, "first-picture");
  const firstAudioMs = sinceAnswer(course, "first-sound");
  const warmMs = warmBefore(course);
  const { interruptions, interruptedMs } = interruptionsOf(course, now);
  return {
    quality: grade,
    ...(warmMs !== null && { warmMs: within(warmMs, 3_600_000) }),
    ...(firstFrameMs !== null && { firstFrameMs: within(firstFrameMs, 600_000) }),
    ...(firstAudioMs !== null && { firstAudioMs: within(firstAudioMs, 600_000) }),
    ...(tally.rtt.count > 0 && { rttMs: within(mean(tally.rtt), 60_000) }),
    jitterMs: within(mean(tally.jitter), 60_000),
    lossPct: Math.round((all.lost / Math.max(1, all.packets + all.lost)) * 10_000) / 100,
    bitrateKbps: kbps(all.received),
    sentKbps: kbps(all.sent),
    ...(width > 0 && {
      frameRate: within(all.frames / (all.ms / 1000), 1_000),
      frameWidth: within(width, 100_000),
      frameHeight: within(height, 100_000),
    }),
    freezes: within(all.freezes, 1_000_000),
    frozenMs: within(all.frozenMs, 86_400_000),
    interruptions: within(interruptions, 1_000_000),
    interruptedMs: within(interruptedMs, 86_400_000),
    videoPauses: within(tally.pauses, 1_000_000),
    videoPausedMs: within(pausedMs(tally), 86_400_000),
    relayed: isRelayed(latest),
  };
}

function sumOf({ before, first, last, again }: Tally): Sum {
  if (first === null || last === null) return before;
  const ways = (way: "sent" | "received"): readonly [Flow, Flow][] => [
    [first[way].audio, last[way].audio],
    [first[way].video, last[way].video],
  ];
  const bytes = (way: "sent" | "received"): number =>
    sum(ways(way).map(([from, to]) => Math.max(0, to.bytes - from.bytes)));
  // A packet, and a freeze, counts also if it was before the first look.
  const all = (of: "packets" | "lost" | "freezes" | "frozen"): number =>
    Math.max(0, sum(ways("received").map(([from, to]) => to[of] - (again ? from[of] : 0))));
  return {
    ms: before.ms + Math.max(0, last.at - first.at),
    received: before.received + bytes("received"),
    sent: before.sent + bytes("sent"),
    frames: before.frames + Math.max(0, last.received.video.frames - first.received.video.frames),
    packets: before.packets + all("packets"),
    lost: before.lost + all("lost"),
    freezes: before.freezes + all("freezes"),
    frozenMs: before.frozenMs + all("frozen") * 1000,
  };
}

function sum(values: readonly number[]): number {
  return values.reduce((all, one) => all + one, 0);
}

function pausedMs({ pausedMs: before, pausedSince, last }: Tally): number {
  return before + (pausedSince === null || last === null ? 0 : last.at - pausedSince);
}

function add(mean: Mean, value: number): Mean {
  return { sum: mean.sum + value, count: mean.count + 1 };
}

function mean({ sum, count: of }: Mean): number {
  return of === 0 ? 0 : sum / of;
}

/** A whole number in the range the server takes. */
function within(value: number, most: number): number {
  return Math.round(Math.min(most, Math.max(0, value)));
}
