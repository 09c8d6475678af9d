import { describeDevice } from "../auth/devicePlatform";
import { OwnDevice } from "../auth/deviceId";
import { freshToken } from "../auth/session";
import { circle, loadCircle, loadCircles, presenceHeard } from "../circle/circles";
import { permissionOf } from "../peer/webrtc";
import { preferences } from "../settings/preferences";
import { randomId } from "../settings/randomId";
import { Signaling, type Connection } from "../signaling/Signaling";
import { onLeave, onWake } from "../signaling/wake";
import { createStore } from "../ui/store";
import { CallLine } from "./CallLine";
import { isLive } from "./callCourse";
import { exposeCalls } from "./debugHandle";
import { historyChanged, loadHistory, loadUnseenMissed } from "./history";
import { CallKeeping, takeKept } from "./keeping";
import { followNotices } from "./notices";
import { createRinger } from "./ringer";
import { postNotice } from "./systemNotice";

/** This device's calls. */
export const calls = new CallLine({
  ringer: createRinger(),
  relayOnly: () => preferences.get().relayOnly,
  callWaiting: () => preferences.get().callWaiting,
  inputs: () => preferences.get().devices,
  lessData: () => preferences.get().lessData,
  newId: randomId,
  trouble: (what, error) => {
    // For who debugs a call in the browser's console; it holds no address and no description.
    // eslint-disable-next-line no-console
    console.warn(what, error instanceof Error ? error.name : error);
  },
});

/** How the connection to the server stands. */
export const connection = createStore<Connection>("connecting");

exposeCalls(calls);

/** Connects who is signed in, until the function it answers is called. */
export function startSignaling(url: string, user: string): () => void {
  let signaling: Signaling | null = null;
  let stopped = false;
  const keeping = new CallKeeping(calls, user);
  void OwnDevice.find().then(async (device) => {
    const kept = await takeKept(user, device.claim, Date.now());
    if (stopped) return;
    calls.comeBack(kept);
    keeping.begin();
    const started: Signaling = new Signaling({
      url,
      device: { id: () => device.id, ...describeDevice(), features },
      token: freshToken,
      online: () => {
        calls.online(started);
        refresh();
      },
      offline: () => calls.offline(),
      displaced: () => device.displaced(isInUse(), Date.now()),
      heard: (message, seq) => {
        if (message.event === "presence" && !presenceHeard(message.userId, message.status)) refresh();
        if (message.event === "history-changed") historyChanged(message.unseenMissed);
        calls.heard(message, seq);
      },
    });
    signaling = started;
    const follow = (): void => connection.set(started.connection.get());
    started.connection.subscribe(follow);
    follow();
  });
  // What a call asks first is known by then.
  void permissionOf("microphone");
  const unwake = onWake(() => {
    signaling?.wake();
    refresh();
  });
  const unleave = onLeave(
    () => {
      calls.leave();
      keeping.keep(true);
    },
    () => {
      calls.stay();
      keeping.keep(false);
    },
  );
  let before = 0;
  let { callWaiting } = preferences.get();
  // Not in a call: connecting anew would look like a bad network to the other side.
  const introduceAgain = (): void => {
    if (callWaiting === preferences.get().callWaiting || isLive(calls.view.get().state)) return;
    callWaiting = preferences.get().callWaiting;
    signaling?.introduceAgain();
  };
  const unprefer = preferences.subscribe(introduceAgain);
  const unnotice = followNotices(calls.view, postNotice);
  const unwatch = calls.view.subscribe(() => {
    const { state, beside } = calls.view.get();
    const over = [state, beside].filter(({ at }) => at === "ended").length;
    if (over > before) void loadHistory();
    before = over;
    introduceAgain();
  });
  return () => {
    stopped = true;
    calls.signOut();
    keeping.end();
    unprefer();
    unwake();
    unleave();
    unwatch();
    unnotice();
    signaling?.close();
    calls.offline();
    connection.set("connecting");
  };
}

function features(): readonly string[] {
  return ["call-connected", ...(preferences.get().callWaiting ? ["call-waiting"] : [])];
}

function isInUse(): boolean {
  const { state, beside } = calls.view.get();
  return isLive(state) || isLive(beside);
}

/** What is on the screen may have changed while nobody told us. */
function refresh(): void {
  void loadCircles();
  void loadUnseenMissed();
  const shown = circle.get().value;
  if (shown !== null) void loadCircle(shown.id);
}
