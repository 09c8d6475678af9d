/** What a side may send, by how the call goes and what it shows. */
export interface Limits {
  readonly audioKbps: number;
  /** `null`: nothing is sent of the picture. */
  readonly videoKbps: number | null;
  /** What gives way when there is little room: of a face the size, of a screen the motion. */
  readonly keeps: "motion" | "detail";
}

/** 720p by VP8 or H.264 looks no better with more. */
const DIRECT_KBPS = 2_500;
/** The relay's line is shared by everyone whose calls go through it. */
const RELAYED_KBPS = 1_000;
/** Opus: full-band speech (RFC 7587, section 3.1.1). */
const VOICE_KBPS = 32;
/** Wide-band speech; RED (RFC 2198) doubles what goes over the wire. */
const LEAN_VOICE_KBPS = 16;

export function limitsFor(of: {
  readonly relayed: boolean;
  readonly screen: boolean;
  readonly picture: "flowing" | "paused" | { readonly trialKbps: number };
}): Limits {
  const keeps = of.screen ? "detail" : "motion";
  if (of.picture === "flowing") {
    return { audioKbps: VOICE_KBPS, videoKbps: of.relayed ? RELAYED_KBPS : DIRECT_KBPS, keeps };
  }
  return { audioKbps: LEAN_VOICE_KBPS, videoKbps: of.picture === "paused" ? null : of.picture.trialKbps, keeps };
}

export function sameLimits(one: Limits, other: Limits): boolean {
  return one.audioKbps === other.audioKbps && one.videoKbps === other.videoKbps && one.keeps === other.keeps;
}
