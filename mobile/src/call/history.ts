import { listOf, numberOf, objectOf, textOf, wordsFor, type Json } from "../api/http";
import { authorized } from "../auth/session";
import { readPastCourse, type PastCourse } from "../details/pastCall";
import { readGrade, type Grade } from "../quality/verdict";
import { readEndReason, type CallMedia, type EndReason } from "../signaling/messages";
import { createStore } from "../ui/store";

export interface PastCall {
  readonly callId: string;
  readonly circleId: string | null;
  readonly peer: { readonly userId: string; readonly username: string; readonly displayName: string };
  readonly direction: "outgoing" | "incoming";
  readonly media: CallMedia;
  readonly reason: EndReason | null;
  readonly startedAt: number | null;
  readonly durationMs: number | null;
  readonly endedAt: number | null;
  /** `null` where no side said. */
  readonly quality: Grade | null;
  /** A missed call that nobody has looked at yet, on any device, is not. */
  readonly seen: boolean;
  readonly course: PastCourse | null;
  readonly missed: boolean;
}

export interface History {
  readonly calls: readonly PastCall[] | null;
  readonly nextBefore: string | null;
  readonly error: string | null;
  /** Missed calls that wait to be looked at. */
  readonly unseenMissed: number;
}

const NOTHING: History = { calls: null, nextBefore: null, error: null, unseenMissed: 0 };
const PAGE = 30;

export const history = createStore<History>(NOTHING);

export function forgetHistory(): void {
  history.set(NOTHING);
}

/** Fetches the newest calls, or with `more` the ones before the last shown. */
export async function loadHistory(more = false): Promise<void> {
  const shown = history.get();
  const before = more && shown.nextBefore !== null ? `&before=${encodeURIComponent(shown.nextBefore)}` : "";
  try {
    const body = await authorized(`/api/calls?limit=${PAGE}${before}`);
    const calls = listOf(body.calls).flatMap(toPastCall);
    const nextBefore = textOf(body.nextBefore);
    const unseenMissed = numberOf(body.unseenMissed) ?? 0;
    const earlier = more ? [] : earlierThan(calls, shown.calls ?? []);
    history.set({
      calls: more ? [...(shown.calls ?? []), ...calls] : [...calls, ...earlier],
      nextBefore: earlier.length > 0 ? shown.nextBefore : nextBefore,
      error: null,
      unseenMissed,
    });
  } catch (error) {
    history.set({ ...history.get(), error: wordsFor(error) });
  }
}

/** Of the calls that were shown, those that come after the newest page, if nothing is missing between the two. */
function earlierThan(newest: readonly PastCall[], shown: readonly PastCall[]): readonly PastCall[] {
  const known = new Set(newest.map((call) => call.callId));
  const earlier = shown.filter((call) => !known.has(call.callId));
  return earlier.length < shown.length ? earlier : [];
}

/** Asks how many missed calls wait to be looked at. */
export async function loadUnseenMissed(): Promise<void> {
  const body = await authorized("/api/calls?limit=1").catch(() => null);
  if (body !== null) unseenAre(numberOf(body.unseenMissed) ?? 0);
}

/** The server tells that a call came into the history, or that missed ones were looked at somewhere. */
export function historyChanged(unseenMissed: number): void {
  unseenAre(unseenMissed);
  if (history.get().calls !== null) void loadHistory();
}

/** Where none waits to be looked at, none of those on the list does. */
function unseenAre(unseenMissed: number): void {
  const shown = history.get();
  const news = unseenMissed === 0 && shown.calls?.some((call) => !call.seen) === true;
  const calls = news ? shown.calls.map((call) => ({ ...call, seen: true })) : shown.calls;
  history.set({ ...shown, calls, unseenMissed });
}

/** What is on the list was looked at: it is no news any more, on any device. */
export async function markSeen(): Promise<void> {
  const { calls, unseenMissed } = history.get();
  const until = Math.max(0, ...(calls ?? []).map((call) => call.endedAt ?? 0));
  if (unseenMissed === 0 || until === 0) return;
  const body = await authorized("/api/calls/seen", { method: "POST", body: { until } }).catch(() => null);
  if (body !== null) unseenAre(numberOf(body.unseenMissed) ?? 0);
}

function toPastCall(body: Json): PastCall[] {
  const callId = textOf(body.callId);
  const peer = objectOf(body.peer);
  const userId = textOf(peer.userId);
  if (callId === null || userId === null) return [];
  const username = textOf(peer.username) ?? "";
  return [
    {
      callId,
      circleId: textOf(body.circleId),
      peer: { userId, username, displayName: textOf(peer.displayName) ?? username },
      direction: body.direction === "outgoing" ? "outgoing" : "incoming",
      media: body.media === "audio" ? "audio" : "video",
      reason: readEndReason(body.reason),
      startedAt: numberOf(body.startedAt),
      durationMs: numberOf(body.durationMs),
      endedAt: numberOf(body.endedAt),
      quality: readGrade(body.quality),
      seen: body.seen !== false,
      course: readPastCourse(body),
      missed: body.missed === true,
    },
  ];
}

/** `today 14:05`, `yesterday 09:12`, `Mon 3 Mar 18:40`: in the reader's own language and clock. */
export function whenOf(time: number, now: number): string {
  const clock = new Date(time).toLocaleTimeString(undefined, { hour: "2-digit", minute: "2-digit" });
  const day = (at: number): number => new Date(new Date(at).setHours(0, 0, 0, 0)).getTime();
  const days = Math.round((day(now) - day(time)) / 86_400_000);
  if (days === 0) return `Today ${clock}`;
  if (days === 1) return `Yesterday ${clock}`;
  const date = new Date(time).toLocaleDateString(undefined, { weekday: "short", day: "numeric", month: "short" });
  return `${date} ${clock}`;
}
