import type { ReactElement } from "react";
import { Pressable, StyleSheet } from "react-native";
import { Icon } from "./Icon";
import type { IconName } from "./iconPaths";
import { STAGE } from "./palette";
import { Type } from "./Type";

interface StageButtonProps {
  readonly title: string;
  readonly icon: IconName;
  readonly onPress: () => void;
  readonly testID: string;
}

/** A small button with words, on the dark ground of a call. */
export function StageButton({ title, icon, onPress, testID }: StageButtonProps): ReactElement {
  return (
    <Pressable
      role="button"
      aria-label={title}
      testID={testID}
      onPress={onPress}
      style={({ pressed }) => [styles.button, pressed && styles.pressed]}
    >
      <Icon name={icon} size={18} color={STAGE.text} />
      <Type kind="label" color={STAGE.text}>
        {title}
      </Type>
    </Pressable>
  );
}

const styles = StyleSheet.create({
  button: {
    alignSelf: "flex-start",
    flexDirection: "row",
    alignItems: "center",
    gap: 8,
    minHeight: 44,
    paddingHorizontal: 16,
    borderRadius: 22,
    backgroundColor: STAGE.control,
  },
  pressed: { opacity: 0.8 },
});
