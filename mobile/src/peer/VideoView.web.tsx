import { useEffect, useRef, type ReactElement, type SyntheticEvent } from "react";
import type { Stream } from "./webrtc";

export interface VideoViewProps {
  readonly stream: Stream | null;
  /** Ours is shown without its sound. */
  readonly muted: boolean;
  readonly mirrored: boolean;
  readonly fit: "cover" | "contain";
  /** A hidden picture still sounds. */
  readonly hidden?: boolean;
  readonly label: string;
  readonly testID: string;
  /** Width by height of the picture, as it comes and changes. */
  readonly onAspect?: (aspect: number) => void;
}

/** A stream, shown and heard. */
export function VideoView(props: VideoViewProps): ReactElement {
  const { stream, muted, mirrored, fit, hidden = false, label, testID, onAspect } = props;
  const element = useRef<HTMLVideoElement>(null);
  useEffect(() => {
    const video = element.current;
    if (video === null || video.srcObject === stream) return;
    video.srcObject = stream;
    // A page that was never touched may refuse sound: then the picture goes on without it until it is.
    video.play().catch(() => undefined);
  }, [stream]);
  const measure = ({ currentTarget: { videoWidth, videoHeight } }: SyntheticEvent<HTMLVideoElement>): void => {
    if (videoHeight > 0) onAspect?.(videoWidth / videoHeight);
  };
  return (
    <video
      ref={element}
      muted={muted}
      autoPlay
      playsInline
      aria-label={label}
      data-testid={testID}
      onLoadedMetadata={measure}
      onResize={measure}
      style={{
        position: "absolute",
        inset: 0,
        width: "100%",
        height: "100%",
        objectFit: fit,
        transform: mirrored ? "scaleX(-1)" : undefined,
        opacity: hidden ? 0 : 1,
        transition: "opacity 200ms",
      }}
    />
  );
}
