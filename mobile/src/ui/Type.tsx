import type { ReactElement, ReactNode } from "react";
import { StyleSheet, Text, type StyleProp, type TextStyle } from "react-native";
import { useTheme } from "./theme";

type Kind = "display" | "title" | "heading" | "body" | "strong" | "small" | "label";

interface TypeProps {
  readonly kind?: Kind;
  readonly muted?: boolean;
  readonly color?: string;
  readonly center?: boolean;
  readonly lines?: number;
  readonly testID?: string;
  readonly style?: StyleProp<TextStyle>;
  readonly children: ReactNode;
}

/** Text, in the few sizes there are. Titles and headings are headings to a screen reader too. */
export function Type({ kind = "body", muted, color, center, lines, testID, style, children }: TypeProps): ReactElement {
  const { colors } = useTheme();
  const level = kind === "display" || kind === "title" ? 1 : kind === "heading" ? 2 : null;
  return (
    <Text
      testID={testID}
      numberOfLines={lines}
      {...(level !== null && ({ role: "heading", "aria-level": level } as const))}
      style={[
        styles[kind],
        { color: color ?? (muted === true ? colors.muted : colors.text) },
        center === true && styles.center,
        style,
      ]}
    >
      {children}
    </Text>
  );
}

const FAMILY = "system-ui, -apple-system, 'Segoe UI', Roboto, 'Helvetica Neue', Arial, sans-serif";
const family: TextStyle = process.env.EXPO_OS === "web" ? { fontFamily: FAMILY } : {};

export const typeFamily = family;

const styles = StyleSheet.create({
  display: { ...family, fontSize: 32, lineHeight: 38, fontWeight: "700", letterSpacing: -0.6 },
  title: { ...family, fontSize: 22, lineHeight: 28, fontWeight: "700", letterSpacing: -0.3 },
  heading: { ...family, fontSize: 17, lineHeight: 23, fontWeight: "600", letterSpacing: -0.1 },
  body: { ...family, fontSize: 16, lineHeight: 23 },
  strong: { ...family, fontSize: 16, lineHeight: 23, fontWeight: "600" },
  small: { ...family, fontSize: 14, lineHeight: 19 },
  label: { ...family, fontSize: 13, lineHeight: 18, fontWeight: "600" },
  center: { textAlign: "center" },
});
