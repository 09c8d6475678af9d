import { Dimensions, Platform } from "react-native";
import { mediaDevices } from "react-native-webrtc";
import { releaseStream, type Stream, type Track } from "../peer/webrtc";

/** As in browsers; what is sent of a larger one would come seldom. */
const LONGER_SIDE = 1920;

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
    return await mediaDevices.getDisplayMedia({ android: { resolutionScale: scale() } });
  } catch (error) {
    // The library puts the name of what went wrong into the words of an error that has another.
    const { message } = Object(error) as { message?: unknown };
    throw message === "NotAllowedError" ? { name: message, message } : error;
  }
}

function scale(): number {
  const { width, height, scale: pixels } = Dimensions.get("screen");
  return Math.min(1, LONGER_SIDE / (Math.max(width, height) * pixels));
}
