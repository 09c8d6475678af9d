import type { ReactElement } from "react";
import { View, type ViewStyle } from "react-native";
import { Icon } from "../ui/Icon";
import type { IconName } from "../ui/iconPaths";
import { STAGE } from "../ui/palette";
import { Type } from "../ui/Type";

/** One thing to know of the call, over its pictures. */
export function StateChip({ icon, text, testID }: { icon: IconName; text: string; testID: string }): ReactElement {
  return (
    <View style={CHIP} testID={testID}>
      <Icon name={icon} size={16} color={STAGE.text} />
      <Type kind="label" color={STAGE.text}>
        {text}
      </Type>
    </View>
  );
}

/** What a chip lies on. */
export const CHIP: ViewStyle = {
  flexDirection: "row",
  alignItems: "center",
  gap: 10,
  maxWidth: "100%",
  backgroundColor: STAGE.panel,
  borderRadius: 14,
  paddingHorizontal: 14,
  paddingVertical: 8,
};
