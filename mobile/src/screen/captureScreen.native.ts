import { Platform } from "react-native";
import { mediaDevices } from "react-native-webrtc";
import type { Track } from "../peer/webrtc";

/** iOS gives the screen only to a broadcast extension, a program beside the app, which this app does not bring. */
export function canCaptureScreen(): boolean {
  return Platform.OS === "android";
}

/** Android asks whether the screen may be seen; rejects if not. */
export async function captureScreen(): Promise<Track> {
  const [track] = (await mediaDevices.getDisplayMedia({})).getVideoTracks();
  if (track === undefined) throw new Error("No screen was chosen");
  return track;
}
