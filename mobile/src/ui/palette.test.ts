import { describe, expect, it } from "vitest";
import { AVATARS, DARK, LIGHT, STAGE, type Palette } from "./palette";

/** What is written on what. */
const TEXT: readonly (readonly [keyof Palette, keyof Palette])[] = [
  ["text", "background"],
  ["text", "surface"],
  ["text", "raised"],
  ["text", "soft"],
  ["muted", "background"],
  ["muted", "surface"],
  ["muted", "raised"],
  ["onPrimary", "primary"],
  ["link", "background"],
  ["link", "surface"],
  ["link", "raised"],
  ["onSoft", "soft"],
  ["dangerText", "background"],
  ["dangerText", "surface"],
  ["dangerText", "raised"],
  ["dangerText", "dangerSoft"],
  ["onWarning", "warningSoft"],
];

describe.each([
  ["light", LIGHT],
  ["dark", DARK],
])("the %s colours", (_name, palette) => {
  it.each(TEXT)("%s can be read on %s", (ink, ground) => {
    expect(contrast(palette[ink], palette[ground])).toBeGreaterThanOrEqual(4.5);
  });

  it.each(["background", "surface"] as const)("the edge of a field can be seen on %s", (ground) => {
    expect(contrast(palette.edge, palette[ground])).toBeGreaterThanOrEqual(3);
  });

  it("the signs on red and green buttons can be seen", () => {
    expect(contrast("#FFFFFF", palette.danger)).toBeGreaterThanOrEqual(4.5);
    expect(contrast("#FFFFFF", palette.accept)).toBeGreaterThanOrEqual(4.5);
  });
});

it.each(AVATARS)("initials can be read on %s", (ground) => {
  expect(contrast("#FFFFFF", ground)).toBeGreaterThanOrEqual(4.5);
});

it("the words of a call can be read", () => {
  expect(contrast(STAGE.text, STAGE.panelSolid)).toBeGreaterThanOrEqual(4.5);
  expect(contrast(STAGE.muted, STAGE.background)).toBeGreaterThanOrEqual(4.5);
  expect(contrast(STAGE.muted, STAGE.panelSolid)).toBeGreaterThanOrEqual(4.5);
  expect(contrast(STAGE.onControlOff, STAGE.controlOff)).toBeGreaterThanOrEqual(4.5);
});

it("contrast is that of WCAG: black on white has 21", () => {
  expect(contrast("#000000", "#FFFFFF")).toBeCloseTo(21, 5);
});

/** WCAG 2.2 contrast ratio of two opaque `#RRGGBB` colours: https://www.w3.org/TR/WCAG22/#dfn-contrast-ratio */
function contrast(one: string, other: string): number {
  const [lighter, darker] = [luminance(one), luminance(other)].sort((a, b) => b - a);
  return ((lighter ?? 0) + 0.05) / ((darker ?? 0) + 0.05);
}

function luminance(colour: string): number {
  const channel = (at: number): number => {
    const value = parseInt(colour.slice(at, at + 2), 16) / 255;
    return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
  };
  return 0.2126 * channel(1) + 0.7152 * channel(3) + 0.0722 * channel(5);
}
