import type { ReactElement } from "react";
import { StyleSheet, View } from "react-native";
import { useTheme } from "./theme";
import { Type } from "./Type";

/** The mark - two people within a circle - and the name. */
export function Brand({ size = 32 }: { size?: number }): ReactElement {
  const { colors } = useTheme();
  return (
    <View style={styles.brand}>
      <View
        aria-hidden
        style={[styles.mark, { width: size, height: size, borderRadius: size * 0.3, backgroundColor: colors.primary }]}
      >
        <View style={[styles.ring, ring(size, 0.2), { borderColor: "#FFFFFF" }]} />
        <View style={[styles.ring, ring(size, 0.42), { borderColor: "#FFFFFF" }]} />
      </View>
      <Type
        kind="strong"
        style={{ fontWeight: "700", letterSpacing: -0.5, fontSize: size * 0.62, lineHeight: size * 0.8 }}
      >
        Kith
      </Type>
    </View>
  );
}

function ring(size: number, left: number): object {
  const across = size * 0.38;
  return { left: size * left, width: across, height: across, borderRadius: across / 2, borderWidth: size * 0.07 };
}

const styles = StyleSheet.create({
  brand: { flexDirection: "row", alignItems: "center", gap: 10 },
  mark: { justifyContent: "center" },
  ring: { position: "absolute" },
});
