import type { ReactElement } from "react";
import { ActivityIndicator, Pressable, StyleSheet, View, type StyleProp, type ViewStyle } from "react-native";
import { Icon } from "./Icon";
import type { IconName } from "./iconPaths";
import type { Palette } from "./palette";
import { useTheme } from "./theme";
import { Type } from "./Type";

type Look = "primary" | "secondary" | "quiet" | "danger";

interface ButtonProps {
  readonly title: string;
  readonly onPress: () => void;
  readonly look?: Look;
  readonly icon?: IconName;
  readonly busy?: boolean;
  readonly disabled?: boolean;
  readonly small?: boolean;
  /** What a screen reader says, where the title alone would not do. */
  readonly label?: string;
  readonly testID: string;
  readonly style?: StyleProp<ViewStyle>;
}

export function Button(props: ButtonProps): ReactElement {
  const {
    title,
    onPress,
    look = "primary",
    icon,
    busy = false,
    disabled = false,
    small = false,
    label,
    testID,
  } = props;
  const { colors } = useTheme();
  const ink = inkOf(look, colors);
  return (
    <Pressable
      testID={testID}
      role="button"
      aria-label={label ?? title}
      aria-busy={busy}
      aria-disabled={disabled || busy}
      disabled={disabled || busy}
      onPress={onPress}
      style={({ pressed }) => [
        styles.button,
        small && styles.small,
        fillOf(look, colors, pressed),
        disabled && styles.disabled,
        props.style,
      ]}
    >
      {busy ? (
        <ActivityIndicator size="small" color={ink} />
      ) : (
        icon !== undefined && <Icon name={icon} size={small ? 18 : 20} color={ink} />
      )}
      <Type kind={small ? "label" : "strong"} color={ink} lines={1} style={small && styles.smallText}>
        {title}
      </Type>
    </Pressable>
  );
}

interface IconButtonProps {
  readonly icon: IconName;
  readonly label: string;
  readonly onPress: () => void;
  readonly testID: string;
  readonly color?: string;
}

export function IconButton({ icon, label, onPress, testID, color }: IconButtonProps): ReactElement {
  const { colors } = useTheme();
  return (
    <Pressable
      testID={testID}
      role="button"
      aria-label={label}
      onPress={onPress}
      style={({ pressed }) => [styles.iconButton, pressed && { backgroundColor: colors.soft }]}
    >
      <Icon name={icon} color={color ?? colors.text} />
    </Pressable>
  );
}

interface RoundButtonProps {
  readonly icon: IconName;
  readonly label: string;
  /** Written beneath. */
  readonly caption?: string;
  readonly onPress: () => void;
  readonly testID: string;
  readonly background: string;
  readonly color: string;
  readonly captionColor?: string;
  readonly size?: number;
}

/** The big round buttons of a call. */
export function RoundButton(props: RoundButtonProps): ReactElement {
  const { icon, label, caption, onPress, testID, background, color, captionColor, size = 60 } = props;
  return (
    <View style={[styles.roundColumn, caption !== undefined && styles.captioned]}>
      <Pressable
        testID={testID}
        role="button"
        aria-label={label}
        onPress={onPress}
        style={({ pressed }) => [
          styles.round,
          { width: size, height: size, borderRadius: size / 2, backgroundColor: background },
          pressed && styles.pressed,
        ]}
      >
        <Icon name={icon} size={size * 0.44} color={color} />
      </Pressable>
      {caption !== undefined && (
        <Type kind="small" color={captionColor ?? color} center>
          {caption}
        </Type>
      )}
    </View>
  );
}

function inkOf(look: Look, colors: Palette): string {
  switch (look) {
    case "primary":
      return colors.onPrimary;
    case "secondary":
      return colors.text;
    case "quiet":
      return colors.link;
    case "danger":
      return colors.dangerText;
  }
}

function fillOf(look: Look, colors: Palette, pressed: boolean): ViewStyle {
  switch (look) {
    case "primary":
      return { backgroundColor: pressed ? colors.primaryPressed : colors.primary };
    case "secondary":
      return { backgroundColor: pressed ? colors.soft : colors.surface, borderColor: colors.line, borderWidth: 1 };
    case "quiet":
      return { backgroundColor: pressed ? colors.soft : "transparent" };
    case "danger":
      return { backgroundColor: pressed ? colors.dangerSoft : "transparent", borderColor: colors.line, borderWidth: 1 };
  }
}

const styles = StyleSheet.create({
  button: {
    minHeight: 48,
    borderRadius: 12,
    paddingHorizontal: 20,
    flexDirection: "row",
    alignItems: "center",
    justifyContent: "center",
    gap: 8,
  },
  small: { minHeight: 40, paddingHorizontal: 16, borderRadius: 20 },
  smallText: { fontSize: 15 },
  disabled: { opacity: 0.5 },
  pressed: { opacity: 0.8 },
  iconButton: { width: 44, height: 44, borderRadius: 22, alignItems: "center", justifyContent: "center" },
  round: { alignItems: "center", justifyContent: "center" },
  roundColumn: { alignItems: "center", gap: 8 },
  captioned: { minWidth: 72 },
});
