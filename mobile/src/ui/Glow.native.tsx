import type { ReactElement } from "react";
import { View } from "react-native";
import { glowOf, type GlowProps } from "./glowGradient";

/** A breath of colour, at the top in the middle of what it lies in. */
export function Glow({ colour, size }: GlowProps): ReactElement {
  return (
    <View
      aria-hidden
      pointerEvents="none"
      style={{
        position: "absolute",
        alignSelf: "center",
        top: -size * 0.35,
        width: size,
        height: size,
        experimental_backgroundImage: glowOf(colour),
      }}
    />
  );
}
