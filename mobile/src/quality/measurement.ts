import { isRelayed, type Flow, type Path, type Sample } from "./sample";

/** One kind of media in one direction, over a while. */
export interface Measured {
  readonly kbps: number;
  /** Of all packets, 0 to 1. */
  readonly loss: number;
  readonly jitterMs: number;
  readonly framesPerSecond: number;
  /** How often the picture stood still, and for how long altogether. */
  readonly freezes: number;
  readonly frozenMs: number;
  readonly width: number;
  readonly height: number;
  readonly codec: string;
}

/** How a call went over the last seconds. */
export interface Measurement {
  readonly sent: { readonly audio: Measured; readonly video: Measured };
  readonly received: { readonly audio: Measured; readonly video: Measured };
  readonly path: Path | null;
  readonly relayed: boolean;
  /** What the path would carry of the picture, the sound taken off; `null` where the browser does not tell. */
  readonly videoKbps: number | null;
  /** Nothing at all came in: the network is away, which says nothing of how much it carries. */
  readonly silent: boolean;
}

export function measure(before: Sample, after: Sample): Measurement {
  const seconds = Math.max(0.001, (after.at - before.at) / 1000);
  const both = <K extends "sent" | "received">(way: K): Measurement[K] => ({
    audio: flowing(before[way].audio, after[way].audio, seconds),
    video: flowing(before[way].video, after[way].video, seconds),
  });
  const sent = both("sent");
  const available = after.path?.availableKbps ?? null;
  return {
    sent,
    received: both("received"),
    path: after.path,
    relayed: isRelayed(after),
    videoKbps: available === null ? null : Math.max(0, available - sent.audio.kbps),
    silent: after.path !== null && after.path.bytesReceived === before.path?.bytesReceived,
  };
}

function flowing(before: Flow, after: Flow, seconds: number): Measured {
  // What was lost and came late all the same may be counted back.
  const lost = Math.max(0, after.lost - before.lost);
  const packets = Math.max(0, after.packets - before.packets);
  return {
    kbps: (Math.max(0, after.bytes - before.bytes) * 8) / 1000 / seconds,
    loss: Math.min(1, lost / Math.max(1, packets + lost)),
    jitterMs: after.jitter * 1000,
    framesPerSecond: Math.max(0, after.frames - before.frames) / seconds,
    freezes: Math.max(0, after.freezes - before.freezes),
    frozenMs: Math.max(0, after.frozen - before.frozen) * 1000,
    width: after.width,
    height: after.height,
    codec: after.codec,
  };
}
