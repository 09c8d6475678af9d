import type { ReactElement } from "react";
import { StyleSheet, View } from "react-native";
import { Button } from "../ui/Button";
import { Dialog } from "../ui/Dialog";
import { Type } from "../ui/Type";
import { rowsOf, type PastCourse } from "./pastCall";

/** How a call that is over came about and went. */
export function PastCallDetails({
  name,
  course,
  onClose,
}: {
  name: string;
  course: PastCourse;
  onClose: () => void;
}): ReactElement {
  return (
    <Dialog title={`Call with ${name}`} onClose={onClose} testID="past-call-details">
      <View style={styles.rows}>
        {rowsOf(course).map(([what, value]) => (
          <View key={what} style={styles.row}>
            <Type kind="small" muted style={styles.what}>
              {what}
            </Type>
            <Type kind="small" style={styles.value}>
              {value}
            </Type>
          </View>
        ))}
      </View>
      <Button title="Close" look="quiet" onPress={onClose} testID="past-call-close" />
    </Dialog>
  );
}

const styles = StyleSheet.create({
  rows: { gap: 6 },
  row: { flexDirection: "row", gap: 16 },
  what: { width: 140 },
  value: { flex: 1, fontVariant: ["tabular-nums"] },
});
