import { createElement, type ReactElement } from "react";
import { ICONS, type IconName } from "./iconPaths";

export interface IconProps {
  readonly name: IconName;
  readonly size?: number;
  readonly color: string;
}

export function Icon({ name, size = 24, color }: IconProps): ReactElement {
  return createElement(
    "svg",
    {
      width: size,
      height: size,
      viewBox: "0 0 24 24",
      fill: "none",
      stroke: color,
      strokeWidth: 2,
      strokeLinecap: "round",
      strokeLinejoin: "round",
      "aria-hidden": true,
      style: { display: "block", flexShrink: 0 },
    },
    ICONS[name].map((d) => createElement("path", { key: d, d })),
  );
}
