import { useEffect, useRef, type ReactElement, type ReactNode } from "react";
import { Pressable, ScrollView, StyleSheet, View } from "react-native";
import { Icon } from "./Icon";
import { useInsets } from "./insets";
import { onKey } from "./keys";
import { STAGE } from "./palette";
import { useTheme } from "./theme";
import { Type } from "./Type";

interface StagePanelProps {
  readonly title: string;
  /** Beside the title. */
  readonly action?: ReactNode;
  readonly onClose: () => void;
  readonly children: ReactNode;
  readonly testID: string;
  readonly closeID: string;
}

/** Something to read or to choose from over a call, which goes on. Escape closes it. */
export function StagePanel({ title, action, onClose, children, testID, closeID }: StagePanelProps): ReactElement {
  const { wide } = useTheme();
  const insets = useInsets();
  const close = useRef(onClose);
  useEffect(() => {
    close.current = onClose;
  }, [onClose]);
  useEffect(() => onKey("escape", () => close.current()), []);
  return (
    <View
      role="region"
      aria-label={title}
      testID={testID}
      style={[styles.panel, wide ? styles.wide : styles.narrow, { top: 16 + insets.top, bottom: 124 + insets.bottom }]}
    >
      <View style={styles.head}>
        <Type kind="heading" color={STAGE.text} style={styles.title}>
          {title}
        </Type>
        {action}
        <Pressable role="button" aria-label={`Close: ${title}`} testID={closeID} onPress={onClose} style={styles.close}>
          <Icon name="close" size={20} color={STAGE.muted} />
        </Pressable>
      </View>
      <ScrollView contentContainerStyle={styles.content}>{children}</ScrollView>
    </View>
  );
}

const styles = StyleSheet.create({
  panel: {
    position: "absolute",
    left: 16,
    zIndex: 5,
    backgroundColor: STAGE.panelSolid,
    borderRadius: 16,
    borderWidth: 1,
    borderColor: STAGE.edge,
    overflow: "hidden",
  },
  wide: { width: 440 },
  narrow: { right: 16 },
  head: { flexDirection: "row", alignItems: "center", gap: 4, paddingLeft: 16, paddingRight: 6, paddingVertical: 6 },
  title: { flex: 1 },
  close: { width: 44, height: 44, alignItems: "center", justifyContent: "center" },
  content: { paddingHorizontal: 16, paddingBottom: 16, gap: 16 },
});
