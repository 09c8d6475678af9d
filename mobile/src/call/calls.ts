import { describeDevice } from "../auth/devicePlatform";
import { deviceId } from "../auth/deviceId";
import { freshToken } from "../auth/session";
import { circle, loadCircle, loadCircles, presenceHeard } from "../circle/circles";
import { preferences } from "../settings/preferences";
import { randomId } from "../settings/randomId";
import { Signaling, type Connection } from "../signaling/Signaling";
import { onLeave, onWake } from "../signaling/wake";
import { createStore } from "../ui/store";
import { CallShell } from "./CallShell";
import { exposeCalls } from "./debugHandle";
import { historyChanged, loadHistory, loadUnseenMissed } from "./history";
import { createRinger } from "./ringer";

/** This device's calls. */
export const calls = new CallShell({
  ringer: createRinger(),
  relayOnly: () => preferences.get().relayOnly,
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
export function startSignaling(url: string): () => void {
  let signaling: Signaling | null = null;
  let stopped = false;
  void deviceId().then((id) => {
    if (stopped) return;
    const started: Signaling = new Signaling({
      url,
      device: { id, ...describeDevice(), features: ["call-connected"] },
      token: freshToken,
      online: () => {
        calls.online(started);
        refresh();
      },
      offline: () => calls.offline(),
      heard: (message) => {
        if (message.event === "presence" && !presenceHeard(message.userId, message.status)) refresh();
        if (message.event === "history-changed") historyChanged(message.unseenMissed);
        calls.heard(message);
      },
    });
    signaling = started;
    const follow = (): void => connection.set(started.connection.get());
    started.connection.subscribe(follow);
    follow();
  });
  const unwake = onWake(() => {
    signaling?.wake();
    refresh();
  });
  const unleave = onLeave(() => calls.hangUp());
  let before = calls.view.get().state.at;
  const unwatch = calls.view.subscribe(() => {
    const { at } = calls.view.get().state;
    if (at === "ended" && before !== "ended") void loadHistory();
    before = at;
  });
  return () => {
    stopped = true;
    calls.hangUp();
    unwake();
    unleave();
    unwatch();
    signaling?.close();
    calls.offline();
    connection.set("connecting");
  };
}

/** What is on the screen may have changed while nobody told us. */
function refresh(): void {
  void loadCircles();
  void loadUnseenMissed();
  const shown = circle.get().value;
  if (shown !== null) void loadCircle(shown.id);
}
