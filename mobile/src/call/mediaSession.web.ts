import { detachPicture } from "../peer/pictureInPicture";
import type { MediaSessionOptions } from "./mediaSessionTypes";

/**
 * Lets the browser's own controls act on the call: those of the small picture, of the lock screen, of a headset. Chromium puts
 * the picture in a small window by itself when another tab is looked at.
 * https://www.w3.org/TR/mediasession/#enumdef-mediasessionaction
 */
export function followMediaSession({ name, audio, video, ...does }: MediaSessionOptions): () => void {
  const session: MediaSession | undefined = navigator.mediaSession;
  if (session === undefined) return () => undefined;
  const actions: Record<string, () => void> = {
    togglemicrophone: does.toggleMicrophone,
    togglecamera: does.toggleCamera,
    hangup: does.hangUp,
    enterpictureinpicture: detachPicture,
  };
  const handle = (action: string, handler: (() => void) | null): void => {
    try {
      session.setActionHandler(action as MediaSessionAction, handler);
    } catch {
      // This browser does not know it.
    }
  };
  if (typeof MediaMetadata !== "undefined") session.metadata = new MediaMetadata({ title: name, artist: "Kith" });
  void Promise.all([session.setMicrophoneActive?.(audio), session.setCameraActive?.(video)]).catch(() => undefined);
  for (const [action, handler] of Object.entries(actions)) handle(action, handler);
  return () => {
    session.metadata = null;
    for (const action of Object.keys(actions)) handle(action, null);
  };
}
