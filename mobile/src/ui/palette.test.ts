import { describe, expect, it } from "vitest";
import { AVATARS, contrast, DARK, LIGHT, STAGE, type Palette } from "./palette";

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
