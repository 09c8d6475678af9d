import { untilGone } from "./claim.web";
import type { Copy } from "./copiesTypes";

const NAME = "kith.session";
/** Another page answers within this time, in the background too. It is not much to wait for at the opening of a link. */
const PATIENCE_MS = 250;

/** Held by each page that listens, all at once: who is alone has nobody to wait for. */
const LISTENS = "kith.session.listens";

/** Whether the others can see by then that this page listens, and it can see them. */
let seen: Promise<boolean> = Promise.resolve(false);
let channel: BroadcastChannel | null = null;
const asked = new Map<string, (session: string) => void>();

/**
 * Tabs of one origin that are copies of each other - duplicated, or opened by one sign-in link - have one session, and each
 * keeps it for itself. A refresh token is good once, and the server takes one that comes twice for stolen: so they tell each
 * other what came of it.
 */
export function listenToCopies(copy: Copy): void {
  if (channel !== null || typeof BroadcastChannel === "undefined") return;
  channel = new BroadcastChannel(NAME);
  channel.onmessage = ({ data }: MessageEvent<unknown>) => heard(copy, data);
  seen = beSeen();
}

/** The session that came of this refresh token, if another page of this browser has it. */
export async function successorAtCopies(spent: string): Promise<string | null> {
  if (channel === null || (await isAlone())) return null;
  return new Promise((resolve) => {
    const answered = (session: string | null): void => {
      clearTimeout(patience);
      asked.delete(spent);
      resolve(session);
    };
    const patience = setTimeout(() => answered(null), PATIENCE_MS);
    asked.set(spent, answered);
    channel?.postMessage({ ask: spent });
  });
}

export function tellCopies(spent: string, session: string): void {
  channel?.postMessage({ of: spent, session });
}

/** By a Web Lock that is shared; pages without TLS have none. Of two that come at once the later one sees the other. */
function beSeen(): Promise<boolean> {
  if (typeof navigator === "undefined" || navigator.locks === undefined) return Promise.resolve(false);
  return new Promise((resolve) => {
    const held = (): Promise<void> => {
      resolve(true);
      return untilGone(() => {
        seen = beSeen();
      });
    };
    navigator.locks.request(LISTENS, { mode: "shared" }, held).catch(() => resolve(false));
  });
}

async function isAlone(): Promise<boolean> {
  if (!(await seen)) return false;
  const { held } = await navigator.locks.query().catch(() => ({ held: undefined }));
  return held?.filter(({ name }) => name === LISTENS).length === 1;
}

function heard(copy: Copy, word: unknown): void {
  if (typeof word !== "object" || word === null) return;
  if ("ask" in word && typeof word.ask === "string") {
    const session = copy.successorOf(word.ask);
    if (session !== null) tellCopies(word.ask, session);
  } else if ("of" in word && typeof word.of === "string" && "session" in word && typeof word.session === "string") {
    const waiting = asked.get(word.of);
    if (waiting !== undefined) waiting(word.session);
    else copy.succeeded(word.of, word.session);
  }
}
