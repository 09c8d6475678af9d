import { Platform } from "react-native";
import { mediaDevices } from "react-native-webrtc";
import { releaseStream, type Track } from "../peer/webrtc";

/** iOS gives the screen only to a broadcast extension, a program beside the app, which this app does not bring. */
export function canCaptureScreen(): boolean {
  return Platform.OS === "android";
}

/** Android asks whether the screen may be seen; rejects if not. */
export async function captureScreen(): Promise<Track> {
  const stream = await mediaDevices.getDisplayMedia({});
  const [track] = stream.getVideoTracks();
  releaseStream(stream);
  if (track === undefined) throw new Error("No screen was chosen");
  return track;
}
