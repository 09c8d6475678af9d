/**
 * How a call goes, as a function: what was, a sample of the connection's statistics and the time in; what is, and what to
 * do, out. No timers and no WebRTC in here: `QualityWatch` takes the samples and carries the commands out.
 */
import type { Course } from "../details/course";
import type { QualityReport } from "../signaling/messages";
import { limitsFor, sameLimits, type Limits } from "./limits";
import { measure, type Measurement } from "./measurement";
import type { Sample } from "./sample";
import { carried, count, EMPTY_TALLY, reportOf, type Tally } from "./tally";
import { judge, NOTHING_SHOWN, settleVerdict, type Grade, type Shown } from "./verdict";
import { FLOWING, stepPause, TRIAL_KBPS, type Conditions, type VideoPause } from "./videoPause";

export interface CallQuality {
  /** The newest last. */
  readonly samples: readonly Sample[];
  readonly measured: Measurement | null;
  readonly pause: VideoPause;
  readonly shown: Shown;
  /** What the senders are to be held to. */
  readonly limits: Limits | null;
  readonly tally: Tally;
  readonly reported: { readonly at: number; readonly grade: Grade } | null;
}

/** What the call is at the moment of a sample. */
export interface Situation {
  /** This side means to send a picture, of the camera or the screen. */
  readonly sendsVideo: boolean;
  readonly screen: boolean;
  /** This person wants to send little. */
  readonly lessData: boolean;
  /** The other side says that its network carries no picture. */
  readonly farPaused: boolean;
  readonly course: Course;
}

export type QualityCommand =
  /** Tells the people, here and there, that the network carries no picture now, or does again. */
  { readonly do: "pause"; readonly paused: boolean } | { readonly do: "report"; readonly report: QualityReport };

export const UNKNOWN_QUALITY: CallQuality = {
  samples: [],
  measured: null,
  pause: FLOWING,
  shown: NOTHING_SHOWN,
  limits: null,
  tally: EMPTY_TALLY,
  reported: null,
};

/** So many samples, one a second, make a measurement: a second alone says little. */
const WINDOW = 5;
const RECENT = 3;
/** The server hears of a change this often at most, and of no change less often. */
const REPORT_EVERY_MS = 10_000;
const REPORT_ANYWAY_MS = 60_000;
const FIRST_REPORT_MS = 5_000;

export function observe(
  quality: CallQuality,
  sample: Sample,
  situation: Situation,
): readonly [CallQuality, readonly QualityCommand[]] {
  const samples = [...quality.samples, sample].slice(-WINDOW - 1);
  const [first] = samples;
  const recently = samples[Math.max(0, samples.length - 1 - RECENT)];
  if (first === undefined || recently === undefined || samples.length < 2) {
    return settle({ ...quality, samples, tally: count(quality.tally, sample, false) }, quality, situation);
  }
  const measured = measure(first, sample);
  const recent = measure(recently, sample);
  const pause = situation.sendsVideo ? stepPause(quality.pause, conditionsOf(recent, measured), sample.at) : FLOWING;
  const verdict = judge(
    { ...measured, silent: recent.silent, videoKbps: recent.videoKbps },
    (sample.at - first.at) / 1000,
    { ownPaused: isPaused(pause), farPaused: situation.farPaused, sendsVideo: situation.sendsVideo },
  );
  const next = {
    ...quality,
    samples,
    measured,
    pause,
    shown: settleVerdict(quality.shown, verdict, sample.at),
    tally: count(quality.tally, sample, isPaused(pause)),
  };
  return settle(next, quality, situation);
}

function conditionsOf(recent: Measurement, measured: Measurement): Conditions {
  const { silent, videoKbps, path, sent } = recent;
  const loss = videoKbps === null ? reportedLoss(measured) : Math.max(sent.audio.loss, sent.video.loss);
  return { silent, videoKbps, loss, rttMs: path?.rttMs ?? null };
}

/**
 * Where nothing else is told (Firefox) much depends on what was lost, and the other side's reports of that come apart: a
 * second of the picture, seven of the voice. So the picture's count while there is one, over a while that has some in it.
 */
function reportedLoss({ sent: { audio, video } }: Measurement): number {
  return video.kbps > 0 ? video.loss : audio.loss;
}

/** The call goes on by another connection, or by the same one after it was on hold: what was measured so far is of another time. */
export function goesOn(quality: CallQuality, by: "another" | "same"): CallQuality {
  return { ...UNKNOWN_QUALITY, tally: carried(quality.tally, by) };
}

/** The last word on a call that ends. */
export function lastReport(quality: CallQuality, course: Course, now: number): QualityReport | null {
  return reportOf(quality.tally, course, quality.shown.verdict.grade, now);
}

export function isPaused(pause: VideoPause): boolean {
  return pause.at !== "flowing";
}

function settle(
  next: CallQuality,
  before: CallQuality,
  situation: Situation,
): readonly [CallQuality, readonly QualityCommand[]] {
  const now = next.samples.at(-1)?.at ?? 0;
  const commands: QualityCommand[] = [];
  const limits = limitsFor({
    relayed: next.measured?.relayed ?? false,
    screen: situation.screen,
    lessData: situation.lessData,
    picture: next.pause.at === "trial" ? { trialKbps: TRIAL_KBPS } : next.pause.at,
  });
  if (isPaused(next.pause) !== isPaused(before.pause)) commands.push({ do: "pause", paused: isPaused(next.pause) });
  const { grade } = next.shown.verdict;
  const report = isDue(next, now) ? reportOf(next.tally, situation.course, grade, now) : null;
  if (report !== null) commands.push({ do: "report", report });
  const held = before.limits !== null && sameLimits(before.limits, limits) ? before.limits : limits;
  return [{ ...next, limits: held, reported: report === null ? next.reported : { at: now, grade } }, commands];
}

function isDue({ reported, shown, tally }: CallQuality, now: number): boolean {
  if (reported === null) return tally.first !== null && now - tally.first.at >= FIRST_REPORT_MS;
  const changed = shown.verdict.grade !== reported.grade;
  return now - reported.at >= (changed ? REPORT_EVERY_MS : REPORT_ANYWAY_MS);
}
