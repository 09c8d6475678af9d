import { useEffect, useRef, type ReactElement, type SyntheticEvent } from "react";
import { offersPicture } from "./pictureInPicture.web";
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
  /** Whether the browser refuses to sound, until the page is touched. Phones never do. */
  /** Which speaker it is heard by, by id; `null` leaves it to the system, as phones always do. */
  readonly speaker?: string | null;
  readonly onRefused?: (refused: boolean) => void;
}

/**
 * A stream, shown and heard. The sound has an element of its own: a video element waits for a first picture before it plays
 * anything, and from someone without a camera none ever comes. (Lips stay in time: the peer connection sees to that.)
 */
export function VideoView(props: VideoViewProps): ReactElement {
  const {
    stream,
    muted,
    silent = false,
    mirrored,
    fit,
    hidden = false,
    label,
    testID,
    onAspect,
    onRefused,
    speaker = null,
  } = props;
  const element = useRef<HTMLVideoElement>(null);
  const sound = useRef<HTMLAudioElement>(null);
  const refused = useRef(onRefused);
  useEffect(() => {
    refused.current = onRefused;
  }, [onRefused]);
  useEffect(() => {
    const video = element.current;
    if (video === null) return undefined;
    if (video.srcObject !== stream) video.srcObject = stream;
    return stream === null ? undefined : play(video);
  }, [stream]);
  useEffect(() => (element.current === null || muted ? undefined : offersPicture(element.current)), [muted]);
  useEffect(() => {
    const audio = sound.current;
    if (audio === null) return undefined;
    audio.srcObject = stream === null ? null : new MediaStream(stream.getAudioTracks());
    return play(audio, (no) => refused.current?.(no));
  }, [stream, muted]);
  useEffect(() => {
    const audio = sound.current;
    if (audio === null) return undefined;
    audio.muted = silent;
    return play(audio, (no) => refused.current?.(no));
  }, [silent]);
  useEffect(() => {
    // One that is gone is no reason to be silent: the browser goes on by the system's.
    sound.current?.setSinkId?.(speaker ?? "").catch(() => undefined);
  }, [speaker, muted]);
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

/** What lets a page sound that was not allowed to: https://html.spec.whatwg.org/#activation-triggering-input-event */
const TOUCHES = ["pointerup", "touchend", "click", "keydown"] as const;

/**
 * Plays it, and goes on doing so. A page that was never touched, such as one loaded anew in a call, may be refused sound: it
 * comes with the first touch. A phone call, or a button of a headset, may halt it.
 */
function play(element: HTMLMediaElement, refused: (yes: boolean) => void = () => undefined): () => void {
  let over = false;
  const again = (): void => {
    element.play().then(
      () => over || refused(false),
      (error: unknown) => over || !(error instanceof DOMException && error.name === "NotAllowedError") || refused(true),
    );
  };
  const touched = (): void => {
    if (element.paused && element.srcObject instanceof MediaStream && element.srcObject.active) again();
  };
  const seen = (): void => {
    if (document.visibilityState === "visible") touched();
  };
  again();
  element.addEventListener("pause", seen);
  document.addEventListener("visibilitychange", seen);
  for (const touch of TOUCHES) document.addEventListener(touch, touched);
  return () => {
    over = true;
    element.removeEventListener("pause", seen);
    document.removeEventListener("visibilitychange", seen);
    for (const touch of TOUCHES) document.removeEventListener(touch, touched);
  };
}
