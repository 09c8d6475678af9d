import { useEffect, useRef, type ReactElement, type SyntheticEvent } from "react";
import type { Stream } from "./webrtc";

export interface VideoViewProps {
  readonly stream: Stream | null;
  /** Ours is shown without its sound. */
  readonly muted: boolean;
  /** Not yet to be heard. */
  readonly silent?: boolean;
  readonly mirrored: boolean;
  readonly fit: "cover" | "contain";
  /** A hidden picture still sounds. */
  readonly hidden?: boolean;
  readonly label: string;
  readonly testID: string;
  /** Width by height of the picture, as it comes and changes. */
  readonly onAspect?: (aspect: number) => void;
}

/**
 * A stream, shown and heard. The sound has an element of its own: a video element waits for a first picture before it plays
 * anything, and from someone without a camera none ever comes. (Lips stay in time: the peer connection sees to that.)
 */
export function VideoView(props: VideoViewProps): ReactElement {
  const { stream, muted, silent = false, mirrored, fit, hidden = false, label, testID, onAspect } = props;
  const element = useRef<HTMLVideoElement>(null);
  const sound = useRef<HTMLAudioElement>(null);
  useEffect(() => {
    const video = element.current;
    if (video === null || video.srcObject === stream) return;
    video.srcObject = stream;
    video.play().catch(() => undefined);
  }, [stream]);
  useEffect(() => {
    const audio = sound.current;
    if (audio === null) return undefined;
    audio.srcObject = stream === null ? null : new MediaStream(stream.getAudioTracks());
    return play(audio);
  }, [stream, muted]);
  useEffect(() => {
    const audio = sound.current;
    if (audio === null) return undefined;
    audio.muted = silent;
    return play(audio);
  }, [silent]);
  const measure = ({ currentTarget: { videoWidth, videoHeight } }: SyntheticEvent<HTMLVideoElement>): void => {
    if (videoHeight > 0) onAspect?.(videoWidth / videoHeight);
  };
  return (
    <>
      {!muted && <audio ref={sound} autoPlay />}
      <video
        ref={element}
        muted
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
        }}
      />
    </>
  );
}

/** A page that was never touched may refuse sound: it comes with the first touch. */
function play(audio: HTMLAudioElement): () => void {
  const again = (): void => void audio.play().catch(() => undefined);
  audio.play().catch(() => document.addEventListener("pointerdown", again, { once: true }));
  return () => document.removeEventListener("pointerdown", again);
}
