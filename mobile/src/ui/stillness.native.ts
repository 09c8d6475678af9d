import { AccessibilityInfo } from "react-native";

let still = false;
void AccessibilityInfo.isReduceMotionEnabled().then((on) => {
  still = on;
});
AccessibilityInfo.addEventListener("reduceMotionChanged", (on) => {
  still = on;
});

export function prefersStillness(): boolean {
  return still;
}
