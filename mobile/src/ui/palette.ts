/** The colours. Every pair that carries text has a contrast of 4.5 or more (WCAG 2.2, 1.4.3): a test says so. */
export interface Palette {
  readonly background: string;
  readonly surface: string;
  readonly raised: string;
  readonly line: string;
  /** Around what can be written in: 3 to 1 against what is around it (WCAG 2.2, 1.4.11). */
  readonly edge: string;
  readonly text: string;
  readonly muted: string;
  readonly primary: string;
  readonly primaryPressed: string;
  readonly onPrimary: string;
  readonly link: string;
  readonly soft: string;
  readonly onSoft: string;
  readonly danger: string;
  readonly dangerText: string;
  readonly dangerSoft: string;
  readonly accept: string;
  readonly online: string;
  readonly inCall: string;
  readonly offline: string;
  readonly warningSoft: string;
  readonly onWarning: string;
  readonly scrim: string;
}

export const LIGHT: Palette = {
  background: "#F5F7FA",
  surface: "#FFFFFF",
  raised: "#FFFFFF",
  line: "#E1E6ED",
  edge: "#7F8A9C",
  text: "#121820",
  muted: "#566072",
  primary: "#1F5EFF",
  primaryPressed: "#184BD1",
  onPrimary: "#FFFFFF",
  link: "#1A50DB",
  soft: "#E9EFFF",
  onSoft: "#1846BF",
  danger: "#D3263B",
  dangerText: "#B71C30",
  dangerSoft: "#FDEBEE",
  accept: "#0F7B45",
  online: "#16A05D",
  inCall: "#C27803",
  offline: "#8A94A6",
  warningSoft: "#FFF4DB",
  onWarning: "#6B4400",
  scrim: "rgba(12, 18, 28, 0.5)",
};

export const DARK: Palette = {
  background: "#0E1218",
  surface: "#161C25",
  raised: "#1C2430",
  line: "#283241",
  edge: "#66738A",
  text: "#EEF2F7",
  muted: "#9DA9BA",
  primary: "#1F5EFF",
  primaryPressed: "#3D74FF",
  onPrimary: "#FFFFFF",
  link: "#8FB0FF",
  soft: "#1B2A4D",
  onSoft: "#B4C9FF",
  danger: "#D3263B",
  dangerText: "#FF95A2",
  dangerSoft: "#3A1820",
  accept: "#0F7B45",
  online: "#34C97F",
  inCall: "#F0B23E",
  offline: "#738096",
  warningSoft: "#3A2E12",
  onWarning: "#FFDD94",
  scrim: "rgba(2, 5, 10, 0.66)",
};

/** Calls are dark in either theme: the picture is what matters. */
export const STAGE = {
  background: "#0A0E14",
  panel: "rgba(20, 26, 36, 0.82)",
  panelSolid: "#141A24",
  text: "#F4F7FB",
  muted: "#B3BDCB",
  control: "rgba(255, 255, 255, 0.16)",
  controlOff: "#F4F7FB",
  onControlOff: "#121820",
  edge: "rgba(255, 255, 255, 0.16)",
  good: "#5BD69A",
  fair: "#F5C04F",
  poor: "#FF95A2",
} as const;

/** Backgrounds of initials; white on each has a contrast of 4.5 or more. */
export const AVATARS: readonly string[] = [
  "#3457D5",
  "#0B7285",
  "#2B7A3F",
  "#9C4A00",
  "#A61E4D",
  "#7040C4",
  "#5F5B0B",
  "#B02A37",
  "#2F6B7E",
  "#8A3FA0",
];
