import { useEffect, type ReactElement } from "react";
import { Pressable, StyleSheet, View } from "react-native";
import { Icon } from "./Icon";
import { useInsets } from "./insets";
import { createStore, useStore } from "./store";
import { useTheme } from "./theme";
import { Type } from "./Type";

interface Toast {
  readonly id: number;
  readonly text: string;
  readonly tone: "plain" | "danger";
}

const SHOW_MS = 4_000;
const toasts = createStore<Toast | null>(null);
let last = 0;

/** Says something in passing; a newer one takes the place of the one before. */
export function showToast(text: string, tone: Toast["tone"] = "plain"): void {
  last += 1;
  toasts.set({ id: last, text, tone });
}

export function ToastLayer(): ReactElement | null {
  const toast = useStore(toasts);
  const { colors, dark } = useTheme();
  const insets = useInsets();
  useEffect(() => {
    if (toast === null) return undefined;
    const timer = setTimeout(() => toasts.get() === toast && toasts.set(null), SHOW_MS);
    return () => clearTimeout(timer);
  }, [toast]);
  return (
    <View
      role="status"
      aria-live="polite"
      style={[styles.layer, { bottom: 28 + insets.bottom, pointerEvents: toast === null ? "none" : "box-none" }]}
    >
      {toast !== null && (
        <Pressable
          testID="toast"
          onPress={() => toasts.set(null)}
          style={[styles.toast, { backgroundColor: dark ? "#EEF2F7" : "#121820" }]}
        >
          {toast.tone === "danger" && <Icon name="alert" size={20} color={dark ? "#B71C30" : "#FF95A2"} />}
          <Type
            kind="small"
            color={dark ? "#121820" : "#FFFFFF"}
            style={{ fontWeight: "500", borderColor: colors.line }}
          >
            {toast.text}
          </Type>
        </Pressable>
      )}
    </View>
  );
}

const styles = StyleSheet.create({
  layer: { position: "absolute", left: 16, right: 16, alignItems: "center", zIndex: 60 },
  toast: {
    flexDirection: "row",
    alignItems: "center",
    gap: 10,
    minHeight: 44,
    paddingHorizontal: 18,
    paddingVertical: 12,
    borderRadius: 14,
    maxWidth: 520,
  },
});
