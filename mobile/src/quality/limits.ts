/** What a side may send, by how the call goes and what it shows. */
export interface Limits {
  readonly audioKbps: number;
  /** `null`: nothing is sent of the picture. */
  readonly videoKbps: number | null;
  readonly framesPerSecond: number;
  /** What gives way when there is little room: of a face the size, of a screen the motion. */
  readonly keeps: "motion" | "detail";
}

/** 720p by VP8 or H.264 looks no better with more. */
const DIRECT_KBPS = 2_500;
/** The relay's line is shared by everyone whose calls go through it. */
const RELAYED_KBPS = 1_000;
/** Who pays for what they send: 135 MB an hour, and a face in it to recognize. A screen that is shared stays sharp, and moves less. */
const LESS_DATA_KBPS = 300;
const LESS_DATA_FRAMES = 15;
/** More than a camera or a screen gives. */
const ALL_FRAMES = 60;
/** Opus: full-band speech (RFC 7587, section 3.1.1). */
const VOICE_KBPS = 32;
/** Wide-band speech; RED (RFC 2198) doubles what goes over the wire. */
const LEAN_VOICE_KBPS = 16;

export function limitsFor(of: {
  readonly relayed: boolean;
  readonly screen: boolean;
  /** This person wants to send little. */
  readonly lessData: boolean;
  readonly picture: "flowing" | "paused" | { readonly trialKbps: number };
}): Limits {
  const keeps = of.screen ? "detail" : "motion";
  const framesPerSecond = of.lessData ? LESS_DATA_FRAMES : ALL_FRAMES;
  if (of.picture === "flowing") {
    const most = of.relayed ? RELAYED_KBPS : DIRECT_KBPS;
    return { audioKbps: VOICE_KBPS, videoKbps: of.lessData ? LESS_DATA_KBPS : most, framesPerSecond, keeps };
  }
  const videoKbps = of.picture === "paused" ? null : of.picture.trialKbps;
  return { audioKbps: LEAN_VOICE_KBPS, videoKbps, framesPerSecond, keeps };
}

export function sameLimits(one: Limits, other: Limits): boolean {
  return (
    one.audioKbps === other.audioKbps &&
    one.videoKbps === other.videoKbps &&
    one.framesPerSecond === other.framesPerSecond &&
    one.keeps === other.keeps
  );
}
