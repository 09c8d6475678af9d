import type { Course } from "../details/course";
import { interruptionsOf, sinceAnswer, warmBefore } from "../details/course";
import type { QualityReport } from "../signaling/messages";
import { measure } from "./measurement";
import type { Sample } from "./sample";
import type { Grade } from "./verdict";

/** What is summed up of a call, for its record. */
export interface Tally {
  readonly first: Sample | null;
  readonly last: Sample | null;
  readonly rtt: Mean;
  readonly jitter: Mean;
  readonly pauses: number;
  readonly pausedMs: number;
  readonly pausedSince: number | null;
}

interface Mean {
  readonly sum: number;
  readonly count: number;
}

const NONE: Mean = { sum: 0, count: 0 };
export const EMPTY_TALLY: Tally = {
  first: null,
  last: null,
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
    rtt: rttMs === null ? tally.rtt : add(tally.rtt, rttMs),
    jitter: add(tally.jitter, sample.received.audio.jitter * 1000),
  };
  if (paused && tally.pausedSince === null) return { ...counted, pauses: counted.pauses + 1, pausedSince: sample.at };
  if (paused || tally.pausedSince === null) return counted;
  return { ...counted, pausedMs: counted.pausedMs + sample.at - tally.pausedSince, pausedSince: null };
}

/** The fields of `call-quality` (docs/protocol.md, "Quality") that are known by now; `null` before anything is. */
export function reportOf(tally: Tally, course: Course, grade: Grade, now: number): QualityReport | null {
  const { first, last } = tally;
  if (first === null || last === null || last.at <= first.at) return null;
  const { sent, received, relayed } = measure(first, last);
  const firstFrameMs = sinceAnswer(course, "first-picture");
  const firstAudioMs = sinceAnswer(course, "first-sound");
  const warmMs = warmBefore(course);
  const { interruptions, interruptedMs } = interruptionsOf(course, now);
  const packets = last.received.audio.packets + last.received.video.packets;
  const lost = Math.max(0, last.received.audio.lost + last.received.video.lost);
  const seen = last.received.video.width > 0;
  return {
    quality: grade,
    ...(warmMs !== null && { warmMs: within(warmMs, 3_600_000) }),
    ...(firstFrameMs !== null && { firstFrameMs: within(firstFrameMs, 600_000) }),
    ...(firstAudioMs !== null && { firstAudioMs: within(firstAudioMs, 600_000) }),
    ...(tally.rtt.count > 0 && { rttMs: within(mean(tally.rtt), 60_000) }),
    jitterMs: within(mean(tally.jitter), 60_000),
    lossPct: Math.round((lost / Math.max(1, packets + lost)) * 10_000) / 100,
    bitrateKbps: within(received.audio.kbps + received.video.kbps, 1_000_000),
    sentKbps: within(sent.audio.kbps + sent.video.kbps, 1_000_000),
    ...(seen && {
      frameRate: within(received.video.framesPerSecond, 1_000),
      frameWidth: within(last.received.video.width, 100_000),
      frameHeight: within(last.received.video.height, 100_000),
    }),
    freezes: within(last.received.video.freezes, 1_000_000),
    frozenMs: within(last.received.video.frozen * 1000, 86_400_000),
    interruptions: within(interruptions, 1_000_000),
    interruptedMs: within(interruptedMs, 86_400_000),
    videoPauses: within(tally.pauses, 1_000_000),
    videoPausedMs: within(pausedMs(tally), 86_400_000),
    relayed,
  };
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
