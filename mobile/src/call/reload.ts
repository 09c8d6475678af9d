/** A page that was loaded anew in the middle of a call comes back into it, by a connection it makes anew. */
import { madeAnew } from "./anew";
import { continuedBy } from "../peer/sdp";
import type { Description } from "../signaling/messages";
import { closeLinks, CONNECT_MS, GRACE_MS, isRelayed, retryMs, RING_MS, ROOM_MS, sendingOf } from "./callCourse";
import type { CallCommand, Calling, Idle, InCall, Renewal, Step } from "./callState";

/** Offers of a connection that was never taken come late within this time, and all at once. */
const STRAYS_MS = 3_000;

export function restored(state: Idle, call: Calling | InCall): Step {
  const timer: CallCommand =
    call.at === "calling"
      ? { do: "start-timer", timer: "ring", ms: RING_MS + ROOM_MS }
      : call.at === "connecting"
        ? { do: "start-timer", timer: "connect", ms: CONNECT_MS + ROOM_MS }
        : { do: "start-timer", timer: "grace", ms: GRACE_MS };
  // Camera and microphone wait for the server's word that there is a call to come back to.
  return [{ ...call, online: state.online, unsent: state.unsent }, [timer]];
}

/** Offers a new connection. The callee gives way, for both may have been loaded anew. */
export function beginAgain(state: InCall): readonly [InCall, readonly CallCommand[]] {
  const { device, iceServers, role } = state;
  const [renewal, timer] = tried(state);
  const reload = { ...renewal, answered: false };
  return [
    { ...state, links: { [device]: "warming" }, renewable: state.renewable || role === "callee", reload },
    [
      { do: "open-link", device, offers: true, yields: role === "callee", iceServers, relayed: isRelayed(state) },
      { do: "attach-media", device },
      timer,
    ],
  ];
}

/**
 * Whether the server says that another device than the one this caller believes in has the call: it died before it wrote
 * down an answer it had told of, and then another was quicker.
 */
export function isAstray({ role, device }: InCall, named: string | null): named is string {
  return role === "caller" && named !== null && named !== device;
}

/** The call goes on with that device, by a connection made anew, and nothing is known of what it heard. */
export function goesOnWith(state: InCall, device: string): readonly [InCall, readonly CallCommand[]] {
  const connecting = state.activeSince === null;
  const [next, commands] = beginAgain({
    ...state,
    at: connecting ? "connecting" : "reconnecting",
    device,
    told: null,
    far: sendingOf(state.media),
    farAway: false,
    farHeld: false,
    renewable: false,
    strayAt: null,
    bare: false,
    reload: "none",
  });
  const limit: CallCommand = connecting
    ? { do: "start-timer", timer: "connect", ms: CONNECT_MS + ROOM_MS }
    : { do: "start-timer", timer: "grace", ms: GRACE_MS };
  return [next, [...closeLinks(state), ...commands, limit]];
}

/**
 * Nothing came of it yet. Where the other side answered, its connection and ours may be about to meet, and are not thrown
 * away when this is looked at first; after that they may as well have missed each other.
 */
export function tryAgain(state: InCall, { answered, tries }: Renewal): Step {
  if (!answered || tries > 1) return beginAgain(state);
  const [reload, timer] = tried(state);
  return [{ ...state, reload }, [{ do: "restart-ice", device: state.device }, timer]];
}

/** The other side told of its end of the connection that is made anew, and not of the one that went with the page. */
export function answeredAnew(state: InCall, { type, sdp }: Description): InCall {
  const { reload } = state;
  if (typeof reload !== "object" || reload.answered || (type === "offer" && continuedBy(sdp) !== null)) return state;
  return { ...state, reload: { ...reload, answered: true } };
}

function tried({ reload }: InCall): readonly [Renewal, CallCommand] {
  const { tries, answered } = typeof reload === "object" ? reload : { tries: 0, answered: false };
  return [
    { tries: tries + 1, answered },
    { do: "start-timer", timer: "retry", ms: retryMs(tries) },
  ];
}

/** Their page was loaded anew: the connection it offers takes the place of ours. */
export function linkReplaced(before: InCall, device: string, description: Description, now: number): Step {
  if (device !== before.device) return [before, []];
  // It may be one that was not taken, and came late; one that is said again, a while later, is waited for.
  const { renewable, strayAt } = before;
  if (!renewable && (strayAt === null || now - strayAt < STRAYS_MS))
    return [{ ...before, strayAt: strayAt ?? now }, []];
  const state = madeAnew({ ...before, renewable: true }, now);
  if (state === null) return [before, []];
  const { iceServers } = state;
  const broken = state.at === "active";
  return [
    { ...answeredAnew(state, description), at: broken ? "reconnecting" : state.at, links: { [device]: "warming" } },
    [
      { do: "open-link", device, offers: false, iceServers, relayed: isRelayed(state) },
      { do: "attach-media", device },
      { do: "describe", device, description },
      ...(broken ? [{ do: "start-timer", timer: "grace", ms: GRACE_MS } as const] : []),
    ],
  ];
}
