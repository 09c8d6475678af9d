/** When what happened in a call, as this device saw it. */
import { isInCall, isLive } from "../call/callCourse";
import type { CallState } from "../call/callState";

export type Milestone =
  | "offered"
  | "ringing"
  | "warm"
  | "answered"
  | "connected"
  | "first-sound"
  | "first-picture"
  | "reconnecting"
  | "reconnected"
  | "video-paused"
  | "video-back"
  | "ended";

export interface Mark {
  readonly what: Milestone;
  /** Milliseconds since 1970. */
  readonly at: number;
}

export interface Course {
  readonly callId: string;
  readonly role: "caller" | "callee";
  readonly marks: readonly Mark[];
}

/** A call that is cut off again and again does not fill the memory. */
const MAX_MARKS = 200;

/** The course of the call there is, given what has become of it; a call that is over keeps its course until the next. */
export function follow(course: Course | null, state: CallState, now: number): Course | null {
  if (state.at === "idle") return course;
  const same = course?.callId === state.callId;
  if (!same && !isLive(state)) return course;
  let next: Course = same && course !== null ? course : begun(state, now);
  const once = (what: Milestone, is: boolean): void => {
    if (is && !has(next, what)) next = mark(next, what, now);
  };
  once("ringing", state.at === "incoming" || (state.at === "calling" && state.progress === "ringing"));
  if (isLive(state) && !isInCall(state)) once("warm", Object.values(state.links).includes("connected"));
  once("answered", isInCall(state) && has(next, "offered"));
  if (isInCall(state)) {
    once("connected", state.activeSince !== null);
    next = alternate(next, state.at === "reconnecting", "reconnecting", "reconnected", now);
    next = alternate(next, state.sending.paused, "video-paused", "video-back", now);
  }
  once("ended", state.at === "ended");
  return next;
}

/** Something that only the media themselves can tell of. */
export function reached(course: Course | null, what: "first-sound" | "first-picture", now: number): Course | null {
  if (course === null || has(course, what) || !has(course, "answered")) return course;
  return mark(course, what, now);
}

/** Milliseconds from the answer to that; `null` if either is not there. */
export function sinceAnswer(course: Course, what: Milestone): number | null {
  const answered = timeOf(course, "answered");
  const then = timeOf(course, what);
  return answered === null || then === null ? null : Math.max(0, then - answered);
}

/** How long the connection had been up when the call was answered: 0 if it was not. */
export function warmBefore(course: Course): number | null {
  const answered = timeOf(course, "answered");
  if (answered === null) return null;
  return answered - (timeOf(course, "warm") ?? answered);
}

export function interruptionsOf(course: Course, now: number): { interruptions: number; interruptedMs: number } {
  let interruptions = 0;
  let interruptedMs = 0;
  let since: number | null = null;
  for (const { what, at } of course.marks) {
    if (what === "reconnecting") {
      interruptions += 1;
      since = at;
    } else if (since !== null && (what === "reconnected" || what === "ended")) {
      interruptedMs += at - since;
      since = null;
    }
  }
  return { interruptions, interruptedMs: interruptedMs + (since === null ? 0 : now - since) };
}

export function timeOf(course: Course, what: Milestone): number | null {
  return course.marks.find((one) => one.what === what)?.at ?? null;
}

/**
 * A page that was loaded anew in a call saw neither its offer nor its answer, and can tell nothing that is told from there on. Two
 * calls that crossed go on as the other one, which is offered and answered in that moment.
 */
function begun(state: Exclude<CallState, { at: "idle" }>, now: number): Course {
  const { callId, role } = state;
  if (!isInCall(state) || state.reload === "none") return { callId, role, marks: [{ what: "offered", at: now }] };
  return { callId, role, marks: state.activeSince === null ? [] : [{ what: "connected", at: state.activeSince }] };
}

function has(course: Course, what: Milestone): boolean {
  return timeOf(course, what) !== null;
}

function alternate(course: Course, is: boolean, begins: Milestone, ends: Milestone, now: number): Course {
  const last = course.marks.findLast(({ what }) => what === begins || what === ends)?.what ?? ends;
  if (is === (last === begins)) return course;
  return mark(course, is ? begins : ends, now);
}

function mark(course: Course, what: Milestone, at: number): Course {
  if (course.marks.length >= MAX_MARKS && what !== "ended") return course;
  return { ...course, marks: [...course.marks, { what, at }] };
}
