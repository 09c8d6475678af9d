import type { ReactElement } from "react";
import { StyleSheet, View } from "react-native";
import { VideoView } from "../peer/VideoView";
import type { Stream } from "../peer/webrtc";
import { Icon } from "../ui/Icon";
import { useInsets } from "../ui/insets";
import { STAGE } from "../ui/palette";
import { StageButton } from "../ui/StageButton";
import { useTheme } from "../ui/theme";
import { Type } from "../ui/Type";

/** Says that the other side sees the screen, and stops it. */
export function SharingBar({ name, onStop }: { name: string; onStop: () => void }): ReactElement {
  return (
    <View role="status" aria-live="polite" style={styles.bar} testID="sharing-screen">
      <View style={styles.line}>
        <Icon name="screen" size={18} color={STAGE.good} />
        <Type kind="label" color={STAGE.text} style={styles.words}>
          {`${name} sees your screen`}
        </Type>
      </View>
      <StageButton title="Stop sharing" icon="screen-off" onPress={onStop} testID="sharing-stop" />
    </View>
  );
}

/** What is shared, small, where our own picture would be. */
export function SharedScreenPreview({ stream }: { stream: Stream }): ReactElement {
  const { wide } = useTheme();
  const insets = useInsets();
  return (
    <View style={[styles.preview, wide ? styles.wide : styles.narrow, { top: 16 + insets.top }]}>
      <VideoView
        stream={stream}
        muted
        mirrored={false}
        fit="contain"
        label="Your shared screen"
        testID="local-screen"
      />
    </View>
  );
}

const styles = StyleSheet.create({
  bar: {
    gap: 12,
    padding: 14,
    maxWidth: 420,
    backgroundColor: STAGE.panelSolid,
    borderRadius: 14,
    borderWidth: 1,
    borderColor: STAGE.edge,
  },
  line: { flexDirection: "row", alignItems: "center", gap: 10 },
  words: { flexShrink: 1 },
  preview: {
    position: "absolute",
    right: 16,
    borderRadius: 16,
    overflow: "hidden",
    backgroundColor: STAGE.panelSolid,
    borderWidth: 1,
    borderColor: STAGE.edge,
  },
  narrow: { width: 104, height: 148 },
  wide: { width: 248, height: 140 },
});
