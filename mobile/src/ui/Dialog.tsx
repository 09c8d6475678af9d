import { useEffect, useRef, type ReactElement, type ReactNode } from "react";
import { Pressable, StyleSheet, View } from "react-native";
import { holdFocus } from "./focus";
import { useTheme } from "./theme";
import { Type } from "./Type";

interface DialogProps {
  readonly title: string;
  readonly onClose: () => void;
  readonly children: ReactNode;
  readonly testID: string;
}

/** A sheet over the page: at the bottom of a phone, in the middle of a wide screen. Escape and the scrim close it. */
export function Dialog({ title, onClose, children, testID }: DialogProps): ReactElement {
  const { colors, wide } = useTheme();
  const sheet = useRef<View>(null);
  const close = useRef(onClose);
  useEffect(() => {
    close.current = onClose;
  }, [onClose]);
  useEffect(() => holdFocus(sheet.current, () => close.current()), []);
  return (
    <View style={[StyleSheet.absoluteFill, styles.layer, wide ? styles.middle : styles.bottom]}>
      <Pressable
        aria-hidden
        tabIndex={-1}
        onPress={onClose}
        style={[StyleSheet.absoluteFill, { backgroundColor: colors.scrim }]}
      />
      <View
        ref={sheet}
        role="dialog"
        aria-modal
        aria-label={title}
        tabIndex={-1}
        testID={testID}
        style={[styles.sheet, wide ? styles.wideSheet : styles.phoneSheet, { backgroundColor: colors.raised }]}
      >
        <Type kind="title">{title}</Type>
        {children}
      </View>
    </View>
  );
}

const styles = StyleSheet.create({
  // On the web over the whole window, whatever pane it was opened from.
  layer: { zIndex: 20, position: (process.env.EXPO_OS === "web" ? "fixed" : "absolute") as "absolute" },
  bottom: { justifyContent: "flex-end" },
  middle: { justifyContent: "center", alignItems: "center" },
  sheet: { padding: 24, gap: 16 },
  phoneSheet: { borderTopLeftRadius: 24, borderTopRightRadius: 24, paddingBottom: 36 },
  wideSheet: { borderRadius: 24, width: 460, maxWidth: "92%" },
});
