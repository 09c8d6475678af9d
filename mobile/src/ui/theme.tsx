import { createContext, useContext, type ReactElement, type ReactNode } from "react";
import { useColorScheme, useWindowDimensions } from "react-native";
import { preferences } from "../settings/preferences";
import { DARK, LIGHT, type Palette } from "./palette";
import { useStore } from "./store";

export interface Theme {
  readonly dark: boolean;
  readonly colors: Palette;
  /** Room for two panes beside each other. */
  readonly wide: boolean;
}

const ThemeContext = createContext<Theme>({ dark: false, colors: LIGHT, wide: false });

const WIDE_FROM = 880;

export function ThemeProvider({ children }: { children: ReactNode }): ReactElement {
  const system = useColorScheme();
  const { theme } = useStore(preferences);
  const { width } = useWindowDimensions();
  const dark = (theme === "system" ? system : theme) === "dark";
  const value = { dark, colors: dark ? DARK : LIGHT, wide: width >= WIDE_FROM };
  return <ThemeContext.Provider value={value}>{children}</ThemeContext.Provider>;
}

export function useTheme(): Theme {
  return useContext(ThemeContext);
}
