import type { PeerConnection } from "../peer/webrtc";
import type { Limits } from "./limits";

/**
 * Lets each sender of a connection send so much and no more; nothing is negotiated for that
 * (https://www.w3.org/TR/webrtc/#dom-rtcrtpsender-setparameters).
 */
export async function limitSenders(connection: PeerConnection, limits: Limits): Promise<void> {
  for (const { sender, receiver } of connection.getTransceivers()) {
    const audio = receiver.track?.kind === "audio";
    const kbps = audio ? limits.audioKbps : limits.videoKbps;
    const parameters = sender.getParameters();
    const [encoding] = parameters.encodings;
    // The other side takes none of it.
    if (encoding === undefined) continue;
    encoding.active = kbps !== null;
    if (kbps !== null) encoding.maxBitrate = kbps * 1000;
    if (!audio) encoding.maxFramerate = limits.framesPerSecond;
    if (!audio) parameters.degradationPreference = limits.keeps === "detail" ? "maintain-resolution" : "balanced";
    await sender.setParameters(parameters);
  }
}
