import type { Measurement } from "./measurement";

export type Grade = "good" | "fair" | "poor";

export function readGrade(value: unknown): Grade | null {
  return value === "good" || value === "fair" || value === "poor" ? value : null;
}

/** Where the trouble seems to be; `path` where that cannot be told. */
type Side = "own" | "far" | "path";

export interface Verdict {
  readonly grade: Grade;
  readonly side: Side;
}

const GOOD: Verdict = { grade: "good", side: "path" };

interface Limit {
  readonly fair: number;
  readonly poor: number;
}

/** Of packets: in-band FEC and RED hide what is below, and nothing hides a tenth. */
const LOSS: Limit = { fair: 0.03, poor: 0.1 };
/** ITU-T G.114: beyond 400 ms one way people talk into each other, and from 150 ms on they notice. */
const RTT_MS: Limit = { fair: 300, poor: 800 };
const JITTER_MS: Limit = { fair: 40, poor: 120 };
/** Of each second, how much the picture stood still. */
const FROZEN: Limit = { fair: 0.1, poor: 0.4 };
/** What is left for the picture, in kbit/s, negative so that less is worse. */
const ROOM_KBPS: Limit = { fair: -200, poor: -80 };

/**
 * What goes wrong on the way out is held to be this side's network, what goes wrong on the way in the other's: where
 * people live the way out is nearly always the narrower one. The other side may say so itself (`farPaused`).
 */
export function judge(
  measured: Measurement,
  seconds: number,
  told: { readonly ownPaused: boolean; readonly farPaused: boolean; readonly sendsVideo: boolean },
): Verdict {
  if (measured.silent) return { grade: "poor", side: "path" };
  const { sent, received, videoKbps, path } = measured;
  const out = worst(
    told.ownPaused ? "poor" : "good",
    grade(lossOf(sent), LOSS),
    told.sendsVideo && videoKbps !== null ? grade(-videoKbps, ROOM_KBPS) : "good",
  );
  const into = worst(
    told.farPaused ? "poor" : "good",
    grade(lossOf(received), LOSS),
    grade(received.audio.jitterMs, JITTER_MS),
    grade(received.video.frozenMs / 1000 / Math.max(1, seconds), FROZEN),
  );
  const between = path?.rttMs === null || path === null ? "good" : grade(path.rttMs, RTT_MS);
  const all = worst(out, into, between);
  const isOut = RANK[out] === RANK[all];
  const isIn = RANK[into] === RANK[all];
  return { grade: all, side: isOut === isIn ? "path" : isOut ? "own" : "far" };
}

const RANK: Readonly<Record<Grade, number>> = { good: 0, fair: 1, poor: 2 };
/** A verdict has to hold before it is shown: worse ones a moment, better ones a while. */
const WORSE_AFTER_MS = 2_000;
const BETTER_AFTER_MS = 5_000;

export interface Shown {
  readonly verdict: Verdict;
  /** Another one that has been true lately, and since when. */
  readonly next: { readonly verdict: Verdict; readonly since: number } | null;
}

export const NOTHING_SHOWN: Shown = { verdict: GOOD, next: null };

/** What to show, so that it does not flicker. */
export function settleVerdict(shown: Shown, verdict: Verdict, now: number): Shown {
  if (isSame(shown.verdict, verdict)) return { verdict: shown.verdict, next: null };
  const since = shown.next !== null && isSame(shown.next.verdict, verdict) ? shown.next.since : now;
  const patience = RANK[verdict.grade] > RANK[shown.verdict.grade] ? WORSE_AFTER_MS : BETTER_AFTER_MS;
  if (now - since >= patience) return { verdict, next: null };
  return { verdict: shown.verdict, next: { verdict, since } };
}

function isSame(one: Verdict, other: Verdict): boolean {
  return one.grade === other.grade && (one.side === other.side || one.grade === "good");
}

function lossOf({ audio, video }: Measurement["sent"]): number {
  return Math.max(audio.loss, video.loss);
}

function grade(value: number, { fair, poor }: Limit): Grade {
  return value >= poor ? "poor" : value >= fair ? "fair" : "good";
}

function worst(...grades: readonly Grade[]): Grade {
  return grades.reduce((one, other) => (RANK[other] > RANK[one] ? other : one));
}
