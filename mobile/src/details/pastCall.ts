import { numberOf, objectOf, type Json } from "../api/http";
import { readGrade, type Grade } from "../quality/verdict";
import { span } from "./detailRows";

/** What the server tells of the course of a call that is over (docs/protocol.md, "The timeline of a call"). */
export interface PastCourse {
  readonly quality: Grade | null;
  readonly marks: readonly { readonly name: string; readonly at: number }[];
  readonly reconnects: number;
  readonly reconnectMs: number;
}

const MARKS: readonly (readonly [field: string, name: string])[] = [
  ["offeredAt", "Offered"],
  ["ringingAt", "Ringing"],
  ["warmAt", "Connection warm"],
  ["answeredAt", "Answered"],
  ["connectedAt", "Connected"],
  ["firstAudioAt", "First sound"],
  ["firstFrameAt", "First picture"],
  ["endedAt", "Ended"],
];

/** `null` from a server that keeps no timelines. */
export function readPastCourse(call: Json): PastCourse | null {
  const timeline = objectOf(call.timeline);
  const marks = MARKS.flatMap(([field, name]) => {
    const at = numberOf(timeline[field]);
    return at === null ? [] : [{ name, at }];
  }).sort((one, other) => one.at - other.at);
  if (marks.length === 0) return null;
  return {
    quality: readGrade(call.quality),
    marks,
    reconnects: numberOf(timeline.reconnects) ?? 0,
    reconnectMs: numberOf(timeline.reconnectMs) ?? 0,
  };
}

export function rowsOf({
  quality,
  marks,
  reconnects,
  reconnectMs,
}: PastCourse): readonly (readonly [string, string])[] {
  const began = marks[0]?.at ?? 0;
  return [
    ...(quality === null ? [] : [["Quality", quality] as const]),
    ...marks.map(({ name, at }) => [name, `+${span(at - began)}`] as const),
    ...(reconnects === 0 ? [] : [["Interrupted", `${reconnects} ×, ${span(reconnectMs)} in all`] as const]),
  ];
}
