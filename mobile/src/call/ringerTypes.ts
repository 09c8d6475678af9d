/** The bell: rings here for a call that comes in, softly while talking, and plays the ringing tone while ours rings there. */
export type Tone = "incoming" | "outgoing" | "waiting";

export interface Ringer {
  ring(tone: Tone): void;
  stop(): void;
}
