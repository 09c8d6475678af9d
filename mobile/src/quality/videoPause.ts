/**
 * When the picture has to stop so that the voice goes on, and when it may come back: what is measured in, what to do out.
 *
 * While no picture is sent nothing shows what the network would carry: the estimate cannot grow far beyond what is sent.
 * So after a while a small picture is sent that the other side does not show yet, a trial; it becomes the picture if
 * the network bears it, and if not, the next trial waits twice as long.
 */
const PAUSE_BELOW_KBPS = 60;
const RESUME_ABOVE_KBPS = 70;
const PAUSE_AFTER_MS = 4_000;
const RESUME_AFTER_MS = 6_000;
/** What a trial may send: enough to prove the network, little enough to spare the voice. */
export const TRIAL_KBPS = 120;

const FIRST_WAIT_MS = 4_000;
const LONGEST_WAIT_MS = 60_000;
/** So long may the estimate take to follow what a trial sends. */
const TRIAL_SETTLES_MS = 4_000;
const TRIAL_MS = 20_000;
/** Who was paused again within this time after coming back has to wait longer. */
const RELAPSE_MS = 30_000;
/** Of what is sent: a network that loses so much has no room for a picture. */
const UNHEALTHY_LOSS = 0.1;
/** Where the browser tells no estimate, such as Firefox, only this much tells that what is sent is too much. */
const TELLING_LOSS = 0.15;
/** There the voice alone is reported of so seldom: what was reported before is of the time with the picture. */
const REPORT_MS = 8_000;
/** Above what it was while only the voice was sent: a queue fills up. */
const UNHEALTHY_QUEUE_MS = 600;

export type VideoPause =
  | {
      readonly at: "flowing";
      readonly lowSince: number | null;
      readonly resumed: Resumed | null;
      /** The least round trip so far. */
      readonly rttMs: number | null;
    }
  | { readonly at: "paused"; readonly since: number; readonly waitMs: number; readonly rttMs: number | null }
  | {
      readonly at: "trial";
      readonly since: number;
      readonly highSince: number | null;
      readonly waitMs: number;
      /** The round trip before. */
      readonly rttMs: number | null;
    };

interface Resumed {
  readonly at: number;
  readonly waitMs: number;
}

/** What is known of the network at some moment. */
export interface Conditions {
  /** Nothing comes in. */
  readonly silent: boolean;
  /** What it would carry of the picture, in kbit/s; `null` where the browser does not tell. */
  readonly videoKbps: number | null;
  /** Of what is sent, 0 to 1. */
  readonly loss: number;
  readonly rttMs: number | null;
}

export const FLOWING: VideoPause = { at: "flowing", lowSince: null, resumed: null, rttMs: null };

export function stepPause(pause: VideoPause, conditions: Conditions, now: number): VideoPause {
  const { silent, videoKbps, loss, rttMs } = conditions;
  if (silent) return blind(pause, now);
  switch (pause.at) {
    case "flowing": {
      const least = lesser(pause.rttMs, rttMs);
      if (!isTooMuch(conditions, least)) return { ...pause, lowSince: null, rttMs: least };
      const lowSince = pause.lowSince ?? now;
      if (now - lowSince < PAUSE_AFTER_MS) return { ...pause, lowSince, rttMs: least };
      return { at: "paused", since: now, waitMs: waitAfter(pause.resumed, now), rttMs: null };
    }
    case "paused": {
      if (videoKbps === null && now - pause.since < REPORT_MS) return pause;
      const least = lesser(pause.rttMs, rttMs);
      if (now - pause.since < pause.waitMs || loss >= UNHEALTHY_LOSS || isQueueing(rttMs, least)) {
        return { ...pause, rttMs: least };
      }
      return { at: "trial", since: now, highSince: null, waitMs: pause.waitMs, rttMs: least };
    }
    case "trial": {
      const lasted = now - pause.since;
      const low = videoKbps !== null && videoKbps < PAUSE_BELOW_KBPS && lasted >= TRIAL_SETTLES_MS;
      if (low || loss >= UNHEALTHY_LOSS || isQueueing(rttMs, pause.rttMs) || lasted > TRIAL_MS) {
        return { at: "paused", since: now, waitMs: longer(pause.waitMs), rttMs: null };
      }
      if (videoKbps !== null && videoKbps < RESUME_ABOVE_KBPS) return { ...pause, highSince: null };
      const highSince = pause.highSince ?? now;
      if (now - highSince < RESUME_AFTER_MS) return { ...pause, highSince };
      return { at: "flowing", lowSince: null, resumed: { at: now, waitMs: pause.waitMs }, rttMs: pause.rttMs };
    }
  }
}

/** What is sent is more than the network carries: by the browser's estimate, or else by what becomes of it. */
function isTooMuch({ videoKbps, loss, rttMs }: Conditions, least: number | null): boolean {
  return videoKbps === null ? loss >= TELLING_LOSS || isQueueing(rttMs, least) : videoKbps < PAUSE_BELOW_KBPS;
}

/** Nothing can be told: what was going on begins anew when something can. */
function blind(pause: VideoPause, now: number): VideoPause {
  switch (pause.at) {
    case "flowing":
      return pause.lowSince === null ? pause : { ...pause, lowSince: null };
    case "paused":
      return pause;
    case "trial":
      return { at: "paused", since: now, waitMs: pause.waitMs, rttMs: null };
  }
}

function waitAfter(resumed: Resumed | null, now: number): number {
  return resumed !== null && now - resumed.at < RELAPSE_MS ? longer(resumed.waitMs) : FIRST_WAIT_MS;
}

function longer(waitMs: number): number {
  return Math.min(LONGEST_WAIT_MS, waitMs * 2);
}

function lesser(one: number | null, other: number | null): number | null {
  return one === null ? other : Math.min(one, other ?? one);
}

function isQueueing(rttMs: number | null, least: number | null): boolean {
  return rttMs !== null && least !== null && rttMs - least >= UNHEALTHY_QUEUE_MS;
}
