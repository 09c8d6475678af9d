import { useEffect, useState } from "react";
import type { Track } from "../peer/webrtc";
import { isSpeaking, listen, LISTEN_MS, SILENCE } from "./speech";

/** Whether somebody speaks into the microphone while it is muted. What is heard of it goes no further than this function. */
export function useMutedVoice(track: Track | null, muted: boolean): boolean {
  const [speaks, setSpeaks] = useState(false);
  useEffect(() => {
    if (track === null || !muted || typeof AudioContext === "undefined") return undefined;
    // A muted track is silent for whoever looks at it, so a copy is listened to.
    const copy = track.clone();
    copy.enabled = true;
    const context = new AudioContext();
    const analyser = context.createAnalyser();
    context.createMediaStreamSource(new MediaStream([copy])).connect(analyser);
    const wave = new Float32Array(analyser.fftSize);
    let speech = SILENCE;
    const timer = setInterval(() => {
      analyser.getFloatTimeDomainData(wave);
      speech = listen(speech, Math.sqrt(wave.reduce((sum, one) => sum + one * one, 0) / wave.length), Date.now());
      setSpeaks(isSpeaking(speech, Date.now()));
    }, LISTEN_MS);
    return () => {
      clearInterval(timer);
      copy.stop();
      void context.close();
      setSpeaks(false);
    };
  }, [track, muted]);
  return speaks;
}
