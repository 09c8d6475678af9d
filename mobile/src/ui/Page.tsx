import type { ReactElement, ReactNode } from "react";
import { ScrollView, StyleSheet, View } from "react-native";
import { IconButton } from "./Button";
import { useInsets } from "./insets";
import { useTheme } from "./theme";
import { Type } from "./Type";

interface PageProps {
  readonly title: string;
  /** A line beneath the title. */
  readonly subtitle?: string | undefined;
  readonly onBack?: (() => void) | undefined;
  readonly actions?: ReactNode;
  readonly children: ReactNode;
  readonly testID: string;
}

/** A page: its title, what can be done about it, and the content beneath, which scrolls. */
export function Page({ title, subtitle, onBack, actions, children, testID }: PageProps): ReactElement {
  const { colors, wide } = useTheme();
  const insets = useInsets();
  return (
    <View
      role="main"
      testID={testID}
      style={[styles.page, { backgroundColor: colors.background, paddingTop: insets.top }]}
    >
      <View style={[styles.header, wide && styles.wideHeader]}>
        {onBack !== undefined && <IconButton icon="back" label="Back" onPress={onBack} testID="back" />}
        <View style={styles.titles}>
          <Type kind="title" lines={1}>
            {title}
          </Type>
          {subtitle !== undefined && (
            <Type kind="small" muted lines={1}>
              {subtitle}
            </Type>
          )}
        </View>
        <View style={styles.actions}>{actions}</View>
      </View>
      <ScrollView
        style={styles.scroll}
        contentContainerStyle={[styles.content, wide && styles.wideContent, { paddingBottom: 24 + insets.bottom }]}
        keyboardShouldPersistTaps="handled"
      >
        {children}
      </ScrollView>
    </View>
  );
}

const styles = StyleSheet.create({
  page: { flex: 1, minWidth: 0 },
  header: {
    flexDirection: "row",
    alignItems: "center",
    gap: 4,
    minHeight: 64,
    paddingHorizontal: 12,
    paddingTop: 8,
  },
  wideHeader: { paddingHorizontal: 36, paddingTop: 28, paddingBottom: 8 },
  titles: { flex: 1, minWidth: 0, paddingHorizontal: 8 },
  actions: { flexDirection: "row", alignItems: "center", gap: 4 },
  scroll: { flex: 1 },
  content: { padding: 16, gap: 16, width: "100%", maxWidth: 860 },
  wideContent: { paddingHorizontal: 44 },
});
