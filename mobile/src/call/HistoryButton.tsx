import type { ReactElement } from "react";
import { StyleSheet, View } from "react-native";
import { go } from "../navigation/navigation";
import { IconButton } from "../ui/Button";
import { useStore } from "../ui/store";
import { useTheme } from "../ui/theme";
import { Type } from "../ui/Type";
import { history } from "./history";

/** The server counts no further. */
const MOST = 99;

/** The way to the calls of the past, with how many missed ones wait there. */
export function HistoryButton(): ReactElement {
  const { unseenMissed } = useStore(history);
  const { colors } = useTheme();
  const count = unseenMissed > MOST ? `${MOST}+` : String(unseenMissed);
  return (
    <View>
      <IconButton
        icon="history"
        label={unseenMissed > 0 ? `Call history, ${count} missed` : "Call history"}
        onPress={() => go({ to: "history" })}
        testID="history-open"
      />
      {unseenMissed > 0 && (
        <View aria-hidden style={[styles.badge, { backgroundColor: colors.danger }]} testID="history-badge">
          <Type kind="label" color="#FFFFFF" center style={styles.count}>
            {count}
          </Type>
        </View>
      )}
    </View>
  );
}

const styles = StyleSheet.create({
  badge: {
    position: "absolute",
    top: 2,
    right: 0,
    minWidth: 20,
    height: 20,
    borderRadius: 10,
    paddingHorizontal: 5,
    alignItems: "center",
    justifyContent: "center",
    pointerEvents: "none",
  },
  count: { fontSize: 12, lineHeight: 16 },
});
