/** The bell: rings here for a call that comes in, and plays the ringing tone while ours rings there. */
export interface Ringer {
  ring(tone: "incoming" | "outgoing"): void;
  stop(): void;
}
