import { useEffect, useRef, useState, type ReactElement, type ReactNode } from "react";
import { StyleSheet, View } from "react-native";
import type { MediaView } from "../media/LocalMedia";
import { VideoView } from "../peer/VideoView";
import { Avatar, colourOf } from "../ui/Avatar";
import { focused, takeFocus } from "../ui/focus";
import { Glow } from "../ui/Glow";
import { Icon } from "../ui/Icon";
import { useInsets } from "../ui/insets";
import { STAGE } from "../ui/palette";
import { PulseRing } from "../ui/PulseRing";
import { useTheme } from "../ui/theme";

/** The dark ground that calls are on, with a breath of the other person's colour. */
export function Stage({
  seed,
  label,
  testID,
  children,
}: {
  seed: string;
  label: string;
  testID: string;
  children: ReactNode;
}): ReactElement {
  const stage = useRef<View>(null);
  const [before] = useState(focused);
  // The page beneath cannot be reached: the keyboard comes here, and goes back to where it was.
  useEffect(() => takeFocus(stage.current), [testID]);
  useEffect(() => () => takeFocus(before), [before]);
  return (
    <View
      ref={stage}
      role="main"
      aria-label={label}
      tabIndex={-1}
      testID={testID}
      style={[StyleSheet.absoluteFill, styles.stage]}
    >
      <Glow colour={colourOf(seed)} size={1080} />
      {children}
    </View>
  );
}

/** The other person, with rings that go out while it rings. */
export function RingingAvatar({ name, seed, size }: { name: string; seed: string; size: number }): ReactElement {
  return (
    <View style={styles.ringing}>
      <PulseRing size={size} reach={1.8} opacity={0.16} />
      <PulseRing size={size} reach={1.4} opacity={0.3} />
      <Avatar name={name} seed={seed} size={size} />
    </View>
  );
}

/** Our own picture, small, at the top right. */
export function LocalPreview({ local, on }: { local: MediaView; on: boolean }): ReactElement | null {
  const { wide } = useTheme();
  const insets = useInsets();
  const video = on && local.tracks.video !== null;
  return (
    <View style={[styles.preview, wide ? styles.widePreview : styles.phonePreview, { top: 16 + insets.top }]}>
      {video ? (
        <VideoView
          stream={local.stream}
          muted
          mirrored={local.mirrored}
          fit="cover"
          label="Your own camera"
          testID="local-video"
        />
      ) : (
        <View style={styles.previewOff} aria-label="Your camera is off" testID="local-video-off">
          <Icon name="camera-off" size={26} color={STAGE.muted} />
        </View>
      )}
    </View>
  );
}

const styles = StyleSheet.create({
  stage: { backgroundColor: STAGE.background, overflow: "hidden", zIndex: 30 },
  ringing: { alignItems: "center", justifyContent: "center" },
  preview: {
    position: "absolute",
    right: 16,
    borderRadius: 16,
    overflow: "hidden",
    backgroundColor: STAGE.panelSolid,
    borderWidth: 1,
    borderColor: "rgba(255, 255, 255, 0.18)",
  },
  phonePreview: { width: 104, height: 148 },
  widePreview: { width: 248, height: 140 },
  previewOff: { flex: 1, alignItems: "center", justifyContent: "center" },
});
