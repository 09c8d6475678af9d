import type { ReactElement } from "react";
import { StyleSheet, View, type ViewStyle } from "react-native";

export interface PulseRingProps {
  readonly size: number;
  /** How far it goes out, as a multiple of its size. */
  readonly reach: number;
  readonly opacity: number;
}

/** A ring that goes out and fades, over and over; the page stills it for who asked for less motion. */
export function PulseRing({ size, reach, opacity }: PulseRingProps): ReactElement {
  const animation = {
    animationKeyframes: [
      {
        "0%": { opacity, transform: "scale(1)" },
        "100%": { opacity: 0, transform: `scale(${reach})` },
      },
    ],
    animationDuration: "1800ms",
    animationTimingFunction: "ease-out",
    animationIterationCount: "infinite",
  };
  return (
    <View
      aria-hidden
      style={[styles.ring, { width: size, height: size, borderRadius: size / 2 }, animation as unknown as ViewStyle]}
    />
  );
}

const styles = StyleSheet.create({ ring: { position: "absolute", backgroundColor: "#FFFFFF", opacity: 0 } });
