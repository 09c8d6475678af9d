import type { ReactElement } from "react";
import { StyleSheet, View } from "react-native";
import { RTCView } from "react-native-webrtc";
import type { Stream } from "./webrtc";

export interface VideoViewProps {
  readonly stream: Stream | null;
  /** Ours is shown without its sound. Phones play the sound of a call by themselves, and never ours. */
  readonly muted: boolean;
  /** Not yet to be heard: on phones that is seen to where the call is, for they play what nobody shows, too (`letSound`). */
  readonly silent?: boolean;
  readonly mirrored: boolean;
  readonly fit: "cover" | "contain";
  /** A hidden picture still sounds. */
  readonly hidden?: boolean;
  readonly label: string;
  readonly testID: string;
  /** Width by height of the picture, as it comes and changes. */
  readonly onAspect?: (aspect: number) => void;
  /** Whether the browser refuses to sound, until the page is touched. Phones never do. */
  /** Which speaker it is heard by, by id; `null` leaves it to the system, as phones always do. */
  readonly speaker?: string | null;
  readonly onRefused?: (refused: boolean) => void;
}

/** A stream, shown and heard. */
export function VideoView(props: VideoViewProps): ReactElement {
  const { stream, muted, mirrored, fit, hidden = false, label, testID, onAspect } = props;
  return (
    <View testID={testID} aria-label={label} style={[StyleSheet.absoluteFill, hidden && styles.hidden]}>
      {stream !== null && (
        <RTCView
          style={StyleSheet.absoluteFill}
          streamURL={stream.toURL()}
          objectFit={fit}
          mirror={mirrored}
          zOrder={muted ? 1 : 0}
          onDimensionsChange={({ nativeEvent: { width, height } }) => height > 0 && onAspect?.(width / height)}
        />
      )}
    </View>
  );
}

const styles = StyleSheet.create({ hidden: { opacity: 0 } });
