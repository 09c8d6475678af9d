import { RTCRtpReceiver, type RTCRtpTransceiver } from "react-native-webrtc";
import { redundantFirst } from "./voice";

/** Has the voice sent with RED where both sides know it: the first codec in common is the one that is sent. */
export function preferRedundancy(transceiver: RTCRtpTransceiver): void {
  transceiver.setCodecPreferences([...redundantFirst(RTCRtpReceiver.getCapabilities("audio").codecs)]);
}
