import { Platform } from "react-native";
import { mediaDevices } from "react-native-webrtc";
import { releaseStream, type Stream, type Track } from "../peer/webrtc";

/** iOS gives the screen only to a broadcast extension, a program beside the app, which this app does not bring. */
export function canCaptureScreen(): boolean {
  return Platform.OS === "android";
}

/** Android asks whether the screen may be seen; rejects if not. */
export async function captureScreen(): Promise<Track> {
  const stream = await askForScreen();
  const [track] = stream.getVideoTracks();
  releaseStream(stream);
  if (track === undefined) throw new Error("No screen was chosen");
  return track;
}

async function askForScreen(): Promise<Stream> {
  try {
    return await mediaDevices.getDisplayMedia({});
  } catch (error) {
    // The library puts the name of what went wrong into the words of an error that has another.
    const { message } = Object(error) as { message?: unknown };
    throw message === "NotAllowedError" ? { name: message, message } : error;
  }
}
