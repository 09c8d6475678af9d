/** What the call details say, as words and numbers: the panel shows them, and they can be copied. No address is among them. */
import type { CallQuality } from "../quality/callQuality";
import type { Measured } from "../quality/measurement";
import type { Path } from "../quality/sample";
import type { VideoPause } from "../quality/videoPause";
import { interruptionsOf, type Course, type Milestone } from "./course";

export interface Section {
  readonly title: string;
  readonly rows: readonly (readonly [name: string, value: string])[];
}

const NAMES: Readonly<Record<Milestone, string>> = {
  offered: "Offered",
  ringing: "Ringing",
  warm: "Connection warm",
  answered: "Answered",
  connected: "Connected",
  "first-sound": "First sound",
  "first-picture": "First picture",
  reconnecting: "Reconnecting",
  reconnected: "Back again",
  "video-paused": "Video paused",
  "video-back": "Video back",
  ended: "Ended",
};

const PAUSE: Readonly<Record<VideoPause["at"], string>> = {
  flowing: "not held back",
  paused: "paused",
  trial: "paused, being tried",
};

export function sectionsOf(course: Course | null, quality: CallQuality, now: number): readonly Section[] {
  return [
    ...(course === null ? [] : [timeline(course, now)]),
    ...(quality.measured === null
      ? []
      : [
          connection(quality.measured.path, quality),
          media("Sound", quality.measured.sent.audio, quality.measured.received.audio),
          media("Picture", quality.measured.sent.video, quality.measured.received.video, true),
        ]),
  ];
}

export function textOf(sections: readonly Section[]): string {
  return sections
    .map(({ title, rows }) => [title, ...rows.map(([name, value]) => `  ${name}: ${value}`)].join("\n"))
    .join("\n\n");
}

/** What people wait for once a call is answered is told from the answer on, too. */
const AWAITED: readonly Milestone[] = ["connected", "first-sound", "first-picture"];

function timeline(course: Course, now: number): Section {
  const began = course.marks[0]?.at ?? now;
  const answered = course.marks.find(({ what }) => what === "answered")?.at ?? null;
  const rows = [...course.marks]
    .sort((one, other) => one.at - other.at)
    .map(({ what, at }) => {
      const since =
        answered === null || at <= answered || !AWAITED.includes(what)
          ? ""
          : ` (${span(at - answered)} after the answer)`;
      return [NAMES[what], `+${span(at - began)}${since}`] as const;
    });
  const { interruptions, interruptedMs } = interruptionsOf(course, now);
  const cut =
    interruptions === 0 ? [] : [["Interrupted", `${interruptions} ×, ${span(interruptedMs)} in all`] as const];
  return { title: `Timeline (${course.role})`, rows: [...rows, ...cut] };
}

function connection(path: Path | null, { measured, pause, shown }: CallQuality): Section {
  const kbps = (value: number | null | undefined): string =>
    value == null ? "not told" : `${value.toFixed(0)} kbit/s`;
  return {
    title: "Connection",
    rows: [
      ["Verdict", shown.verdict.grade === "good" ? "good" : `${shown.verdict.grade} (${shown.verdict.side})`],
      ["Path", path === null ? "none" : `${path.local ?? "?"} to ${path.remote ?? "?"}`],
      [
        "Protocol",
        [path?.protocol, path?.relayProtocol && `relay by ${path.relayProtocol}`].filter(Boolean).join(", "),
      ],
      ["Round trip", path?.rttMs == null ? "not told" : `${path.rttMs.toFixed(0)} ms`],
      ["Way out carries", kbps(path?.availableKbps)],
      ["Left for the picture", kbps(measured?.videoKbps)],
      ["Video", PAUSE[pause.at]],
    ],
  };
}

function media(title: string, sent: Measured, received: Measured, picture = false): Section {
  const codec = (one: Measured): string => (one.codec === "" ? "–" : one.codec);
  const both = (of: (one: Measured) => string): string => `${of(sent)} out, ${of(received)} in`;
  const rows: (readonly [string, string])[] = [
    ["Codec", both(codec)],
    ["Bit rate", both(({ kbps }) => `${kbps.toFixed(0)} kbit/s`)],
    ["Lost", both(({ loss }) => `${(loss * 100).toFixed(1)} %`)],
    ["Jitter", both(({ jitterMs }) => `${jitterMs.toFixed(0)} ms`)],
  ];
  if (picture) {
    rows.push(
      ["Size", both(({ width, height }) => (width === 0 ? "–" : `${width} × ${height}`))],
      ["Pictures a second", both(({ framesPerSecond }) => framesPerSecond.toFixed(0))],
      ["Freezes", `${received.freezes}, ${span(received.frozenMs)} in the last seconds`],
    );
  }
  return { title, rows };
}

/** Milliseconds, or seconds where those would be many. */
export function span(ms: number): string {
  return ms < 10_000 ? `${Math.round(ms)} ms` : `${(ms / 1000).toFixed(1)} s`;
}
