import type { Ringer, Tone } from "./ringerTypes";

/** When each tone of one round sounds: start in s, length in s, frequencies in Hz. */
type Melody = { readonly everyMs: number; readonly notes: readonly (readonly [number, number, readonly number[]])[] };

/** A soft rising figure, marimba-like; nothing is loaded for it. */
const INCOMING: Melody = {
  everyMs: 2_600,
  notes: [
    [0, 0.5, [523.25, 1046.5]],
    [0.18, 0.5, [659.25, 1318.5]],
    [0.36, 0.7, [783.99, 1567.98]],
    [0.9, 0.5, [523.25, 1046.5]],
    [1.08, 0.5, [659.25, 1318.5]],
    [1.26, 0.9, [1046.5, 2093]],
  ],
};

/** The European ringing tone: https://www.itu.int/rec/T-REC-E.180 */
const OUTGOING: Melody = { everyMs: 5_000, notes: [[0, 1, [425]]] };

/** Two soft beeps: https://www.itu.int/rec/T-REC-E.180, "call waiting tone". */
const WAITING: Melody = {
  everyMs: 4_000,
  notes: [
    [0, 0.3, [425]],
    [0.45, 0.3, [425]],
  ],
};

const MELODIES = { incoming: INCOMING, outgoing: OUTGOING, waiting: WAITING } as const;
const LOUDNESS = { incoming: 0.18, outgoing: 0.05, waiting: 0.04 } as const;
const BUZZES = { incoming: [400, 200, 400], outgoing: [], waiting: [150] } as const;

export function createRinger(): Ringer {
  let context: AudioContext | null = null;
  let round: ReturnType<typeof setInterval> | null = null;
  let first: ReturnType<typeof setTimeout> | null = null;
  let title: string | null = null;

  const stop = (): void => {
    if (first !== null) clearTimeout(first);
    if (round !== null) clearInterval(round);
    first = round = null;
    void context?.close();
    context = null;
    navigator.vibrate?.(0);
    if (title !== null) document.title = title;
    title = null;
  };

  const ring = (tone: Tone): void => {
    stop();
    const melody = MELODIES[tone];
    // A page nobody has touched yet may not sound: it rings by its title, and by sound once it was.
    if (tone !== "outgoing") title = document.title;
    let waiting = false;
    const play = (): void => {
      if (typeof AudioContext !== "undefined") context ??= new AudioContext();
      const audio = context;
      if (audio !== null && !waiting) {
        waiting = true;
        audio
          .resume()
          .then(() => {
            waiting = false;
            if (context === audio) sound(audio, melody, LOUDNESS[tone]);
          })
          .catch(() => undefined);
      }
      if (tone !== "outgoing") {
        navigator.vibrate?.([...BUZZES[tone]]);
        document.title = document.title === title ? "Incoming call" : (title ?? "Kith");
      }
    };
    // The screen is there first.
    first = setTimeout(play, 0);
    round = setInterval(play, melody.everyMs);
  };

  return { ring, stop };
}

function sound(audio: AudioContext, melody: Melody, loudness: number): void {
  for (const [start, length, frequencies] of melody.notes) {
    for (const [index, frequency] of frequencies.entries()) {
      const at = audio.currentTime + start;
      const gain = audio.createGain();
      gain.gain.setValueAtTime(0, at);
      gain.gain.linearRampToValueAtTime(loudness / (index * 3 + 1), at + 0.015);
      gain.gain.exponentialRampToValueAtTime(0.0001, at + length);
      const oscillator = audio.createOscillator();
      oscillator.type = "sine";
      oscillator.frequency.value = frequency;
      oscillator.connect(gain).connect(audio.destination);
      oscillator.start(at);
      oscillator.stop(at + length);
    }
  }
}
