import type { Track } from "../peer/webrtc";

/** Phones give nothing of a microphone to look at. */
export function useMutedVoice(_track: Track | null, _muted: boolean): boolean {
  return false;
}
