import { useEffect, useState } from "react";
import { Animated, Easing } from "react-native";
import { prefersStillness } from "./stillness";

/** A value that goes from 0 to 1, over and over, unless the person asked for less motion. */
export function usePulse(): Animated.Value {
  const [pulse] = useState(() => new Animated.Value(0));
  useEffect(() => {
    if (prefersStillness()) return undefined;
    const loop = Animated.loop(
      Animated.timing(pulse, {
        toValue: 1,
        duration: 1_800,
        easing: Easing.out(Easing.quad),
        useNativeDriver: process.env.EXPO_OS !== "web",
      }),
    );
    loop.start();
    return () => loop.stop();
  }, [pulse]);
  return pulse;
}
