/** What the system's notifications tell of calls, to who looks at something else. */
import type { Store } from "../ui/store";
import type { LineView } from "./CallLine";
import type { CallState } from "./callState";
import { endingOf, isMissed } from "./endings";

export interface Notice {
  readonly callId: string;
  readonly title: string;
  readonly detail: string;
  /** It stays until it is acted on. */
  readonly lasts: boolean;
}

/** Shows one, if nobody looks at this app just then; answers how to take it away again. */
export type Post = (notice: Notice) => () => void;

type Calls = Pick<LineView, "state" | "beside">;

/** Tells of each call that rings, for as long as it does, and of each that was missed. */
export function followNotices(calls: Pick<Store<Calls>, "get" | "subscribe">, post: Post): () => void {
  let told: string | null = null;
  let takeAway = (): void => undefined;
  const follow = (): void => {
    const notice = noticeOf(calls.get());
    const now = notice === null ? null : `${notice.callId} ${notice.lasts}`;
    if (now === told) return;
    takeAway();
    takeAway = (): void => undefined;
    told = now;
    if (notice === null) return;
    const remove = post(notice);
    if (notice.lasts) takeAway = remove;
  };
  const unfollow = calls.subscribe(follow);
  return () => {
    unfollow();
    takeAway();
  };
}

function noticeOf({ state, beside }: Calls): Notice | null {
  const both: readonly CallState[] = [state, beside];
  const ringing = both.find((call) => call.at === "incoming");
  if (ringing?.at === "incoming") {
    const { callId, peer, media } = ringing;
    return {
      callId,
      title: `${peer.name} calls you`,
      detail: media === "video" ? "Video call" : "Voice call",
      lasts: true,
    };
  }
  const missed = both.find((call) => call.at === "ended" && isMissed(call));
  if (missed?.at !== "ended") return null;
  return { callId: missed.callId, title: endingOf(missed).title, detail: "", lasts: false };
}
