import type { ReactElement } from "react";
import Svg, { Path } from "react-native-svg";
import { ICONS, type IconName } from "./iconPaths";

export interface IconProps {
  readonly name: IconName;
  readonly size?: number;
  readonly color: string;
}

export function Icon({ name, size = 24, color }: IconProps): ReactElement {
  return (
    <Svg
      width={size}
      height={size}
      viewBox="0 0 24 24"
      fill="none"
      stroke={color}
      strokeWidth={2}
      strokeLinecap="round"
      strokeLinejoin="round"
      accessible={false}
    >
      {ICONS[name].map((d) => (
        <Path key={d} d={d} />
      ))}
    </Svg>
  );
}
