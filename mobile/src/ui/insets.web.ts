/** Browsers keep pages clear of notches by themselves, but for pages that ask for the whole screen, as calls do. */
export interface Insets {
  readonly top: number;
  readonly bottom: number;
}

export function useInsets(): Insets {
  return { top: 0, bottom: 0 };
}

export { Fragment as InsetsProvider } from "react";
