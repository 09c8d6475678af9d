import type { Track } from "../peer/webrtc";

/** Text stays sharp in as many pixels as it has on the screen, and needs few pictures a second. */
const SCREEN: MediaTrackConstraints = {
  width: { max: 1920 },
  height: { max: 1080 },
  frameRate: { ideal: 15, max: 30 },
};

/** Phones' browsers do not have it. */
export function canCaptureScreen(): boolean {
  return typeof navigator.mediaDevices?.getDisplayMedia === "function";
}

/** Asks which screen, window or tab; rejects if none is chosen. */
export async function captureScreen(): Promise<Track> {
  const stream = await navigator.mediaDevices.getDisplayMedia({ video: SCREEN, audio: false });
  const [track] = stream.getVideoTracks();
  if (track === undefined) throw new DOMException("No screen was chosen", "NotFoundError");
  // https://www.w3.org/TR/mst-content-hint/#video-content-hints
  track.contentHint = "detail";
  return track;
}
