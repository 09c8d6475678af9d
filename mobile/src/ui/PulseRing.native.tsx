import { useEffect, useState, type ReactElement } from "react";
import { AccessibilityInfo, Animated, Easing, StyleSheet } from "react-native";

export interface PulseRingProps {
  readonly size: number;
  /** How far it goes out, as a multiple of its size. */
  readonly reach: number;
  readonly opacity: number;
}

/** A ring that goes out and fades, over and over, unless the person asked for less motion. */
export function PulseRing({ size, reach, opacity }: PulseRingProps): ReactElement {
  const [pulse] = useState(() => new Animated.Value(1));
  useEffect(() => {
    const loop = Animated.loop(
      Animated.sequence([
        Animated.timing(pulse, { toValue: 0, duration: 0, useNativeDriver: true }),
        Animated.timing(pulse, { toValue: 1, duration: 1_800, easing: Easing.out(Easing.quad), useNativeDriver: true }),
      ]),
    );
    let here = true;
    void AccessibilityInfo.isReduceMotionEnabled().then((still) => {
      if (here && !still) loop.start();
    });
    return () => {
      here = false;
      loop.stop();
    };
  }, [pulse]);
  return (
    <Animated.View
      aria-hidden
      style={[
        styles.ring,
        {
          width: size,
          height: size,
          borderRadius: size / 2,
          opacity: pulse.interpolate({ inputRange: [0, 1], outputRange: [opacity, 0] }),
          transform: [{ scale: pulse.interpolate({ inputRange: [0, 1], outputRange: [1, reach] }) }],
        },
      ]}
    />
  );
}

const styles = StyleSheet.create({ ring: { position: "absolute", backgroundColor: "#FFFFFF" } });
