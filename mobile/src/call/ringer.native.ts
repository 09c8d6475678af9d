import { Vibration } from "react-native";
import type { Ringer } from "./ringerTypes";

/** Pauses and buzzes in ms, in turn; repeated until stopped. */
const BUZZ = [0, 700, 500, 700, 1500];

export function createRinger(): Ringer {
  return {
    ring: (tone) => {
      if (tone === "incoming") Vibration.vibrate(BUZZ, true);
    },
    stop: () => Vibration.cancel(),
  };
}
