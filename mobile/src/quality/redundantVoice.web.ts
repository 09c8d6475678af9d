import { redundantFirst } from "./voice";

/** Has the voice sent with RED where both sides know it: the first codec in common is the one that is sent. */
export function preferRedundancy(transceiver: RTCRtpTransceiver): void {
  // Browsers of before 2024 have no preferences.
  if (typeof transceiver.setCodecPreferences !== "function") return;
  const codecs = RTCRtpReceiver.getCapabilities("audio")?.codecs ?? [];
  transceiver.setCodecPreferences([...redundantFirst(codecs)]);
}
