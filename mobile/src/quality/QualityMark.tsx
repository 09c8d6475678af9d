import type { ReactElement } from "react";
import { StyleSheet, View } from "react-native";
import { STAGE } from "../ui/palette";
import type { Grade } from "./verdict";

const BARS: Readonly<Record<Grade, number>> = { good: 3, fair: 2, poor: 1 };
const INK: Readonly<Record<Grade, string>> = { good: STAGE.good, fair: STAGE.fair, poor: STAGE.poor };

/** How the call goes, as bars: the number says it, the colour only helps. */
export function QualityMark({ grade }: { grade: Grade }): ReactElement {
  return (
    <View aria-hidden style={styles.bars} testID={`quality-${grade}`}>
      {[1, 2, 3].map((bar) => (
        <View
          key={bar}
          style={[
            styles.bar,
            { height: 3 + bar * 3, backgroundColor: bar <= BARS[grade] ? INK[grade] : STAGE.control },
          ]}
        />
      ))}
    </View>
  );
}

const styles = StyleSheet.create({
  bars: { flexDirection: "row", alignItems: "flex-end", gap: 2, height: 12 },
  bar: { width: 4, borderRadius: 1.5 },
});
