import { Vibration } from "react-native";
import type { Ringer } from "./ringerTypes";

/** Pauses and buzzes in ms, in turn; repeated until stopped. */
const BUZZ = [0, 700, 500, 700, 1500];
const SOFT_BUZZ = [0, 200, 3800];

export function createRinger(): Ringer {
  return {
    ring: (tone) => {
      if (tone !== "outgoing") Vibration.vibrate(tone === "incoming" ? BUZZ : SOFT_BUZZ, true);
    },
    stop: () => Vibration.cancel(),
  };
}
