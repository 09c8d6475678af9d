import type { ReactElement } from "react";
import { StyleSheet, View } from "react-native";
import { Icon } from "../ui/Icon";
import { STAGE } from "../ui/palette";
import { StageButton } from "../ui/StageButton";
import { Type } from "../ui/Type";

interface PausedNoticeProps {
  readonly screen: boolean;
  readonly onAudioOnly: () => void;
}

/** Our own picture is stopped for the network's sake: why, what goes on, and what one can do. */
export function PausedNotice({ screen, onAudioOnly }: PausedNoticeProps): ReactElement {
  return (
    <View role="status" aria-live="polite" style={styles.notice} testID="video-paused">
      <View style={styles.line}>
        <Icon name="weak-network" size={20} color={STAGE.fair} />
        <View style={styles.words}>
          <Type kind="label" color={STAGE.text}>
            {screen ? "Your screen is paused: poor network" : "Your video is paused: poor network"}
          </Type>
          <Type kind="small" color={STAGE.muted}>
            {"Your voice goes on. The picture comes back by itself when the network is better."}
          </Type>
        </View>
      </View>
      <StageButton title="Audio only" icon="mic" onPress={onAudioOnly} testID="audio-only" />
    </View>
  );
}

const styles = StyleSheet.create({
  notice: {
    gap: 12,
    maxWidth: 420,
    padding: 14,
    backgroundColor: STAGE.panelSolid,
    borderRadius: 14,
    borderWidth: 1,
    borderColor: STAGE.edge,
  },
  line: { flexDirection: "row", gap: 12, alignItems: "flex-start" },
  words: { flex: 1, minWidth: 0, gap: 2 },
});
