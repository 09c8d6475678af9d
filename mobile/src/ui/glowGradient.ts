/** How strong the colour is at which share of the way out: a disc with a very soft edge. */
const FALL_OFF = [
  [0, 0.39],
  [0.33, 0.35],
  [0.46, 0.28],
  [0.59, 0.19],
  [0.7, 0.11],
  [0.8, 0.055],
  [0.9, 0.02],
  [1, 0],
] as const;

export interface GlowProps {
  /** `#rrggbb` */
  readonly colour: string;
  readonly size: number;
}

/**
 * The glow as a gradient, in the notation of CSS. A blurred disc looks the same and costs far more: without a
 * graphics card it is blurred anew for each picture of an animation above it, while a call is being set up.
 */
export function glowOf(colour: string): string {
  const stops = FALL_OFF.map(([share, strength]) => {
    const alpha = Math.round(strength * 255);
    return `${colour}${alpha.toString(16).padStart(2, "0")} ${Math.round(share * 100)}%`;
  });
  return `radial-gradient(circle closest-side at 50% 50%, ${stops.join(", ")})`;
}
