/** Whether somebody speaks, as a function of how loud it is, ten times a second. */
export interface Speech {
  /** How loud it has been lately, the newest last: root mean squares, 1 being full scale. */
  readonly levels: readonly number[];
  /** When somebody spoke last. */
  readonly spokeAt: number | null;
}

export const SILENCE: Speech = { levels: [], spokeAt: null };
export const LISTEN_MS = 100;

/** -36 dBFS: quieter than speech into any microphone with gain control, louder than a room. */
const LOUD = 0.016;
/** Of the last second so much: a cough, a door, a key of the keyboard is shorter. */
const WINDOW = 10;
const ENOUGH = 4;
/** So long after a word it is still being spoken. */
const LASTS_MS = 3_000;

export function listen({ levels, spokeAt }: Speech, level: number, now: number): Speech {
  const lately = [...levels, level].slice(-WINDOW);
  const speaks = level >= LOUD && lately.filter((one) => one >= LOUD).length >= ENOUGH;
  return { levels: lately, spokeAt: speaks ? now : spokeAt };
}

export function isSpeaking({ spokeAt }: Speech, now: number): boolean {
  return spokeAt !== null && now - spokeAt < LASTS_MS;
}
