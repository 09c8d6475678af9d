import type { ReactElement } from "react";
import { glowOf, type GlowProps } from "./glowGradient";

/** A breath of colour, at the top in the middle of what it lies in. */
export function Glow({ colour, size }: GlowProps): ReactElement {
  return (
    <div
      aria-hidden
      style={{
        position: "absolute",
        left: "50%",
        top: -size * 0.35,
        width: size,
        height: size,
        marginLeft: -size / 2,
        background: glowOf(colour),
        pointerEvents: "none",
      }}
    />
  );
}
