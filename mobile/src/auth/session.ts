import { numberOf, objectOf, Problem, request, textOf, type Call, type Json } from "../api/http";
import { randomId } from "../settings/randomId";
import { exclusively, readKept, writeKept, type Keep } from "../settings/storage";
import { readRelayPolicy, type RelayPolicy } from "../settings/relayPolicy";
import { createStore } from "../ui/store";
import { listenToCopies, successorAtCopies, tellCopies } from "./copies";

export interface User {
  readonly id: string;
  readonly username: string;
  readonly displayName: string;
  /** Kept by the server, for all devices. */
  readonly relay: RelayPolicy;
}

/** What signing in gives. */
export interface Session {
  readonly token: string;
  /** In ms since the epoch. */
  readonly expiresAt: number;
  readonly refreshToken: string;
  readonly user: User;
}

export type SessionState =
  | { readonly is: "loading" }
  | { readonly is: "signed-out"; readonly because: string | null }
  | { readonly is: "signed-in"; readonly user: User };

export const sessionState = createStore<SessionState>({ is: "loading" });

/** A token is renewed when it has less than this left. */
const EARLY_MS = 30_000;
const KEY = "session";
/** A renewal that was asked for and not answered: its token, and what it was called. */
const RENEWAL = "renewal";

let base = "";
let current: Session | null = null;
/** A sign-in link makes a session of this tab alone, so that two tabs can be two people. */
let keep: Keep = "device";
let refreshing: Promise<Session> | null = null;
/** Refresh tokens that the session of this tab had before, the latest last: a copy of it may still have one of them. */
let spentBefore: readonly string[] = [];
const SPENT = "spent";
const MAX_SPENT = 100;

/** Finds the session of before, or the one a sign-in link brings. */
export async function restoreSession(api: string, linkToken: string | null): Promise<void> {
  base = api;
  if (linkToken !== null) {
    keep = "tab";
    listenToCopies(copy);
    try {
      // It may be open in another tab.
      if (!(await adoptSuccessor(linkToken))) await exchange(linkToken);
      return;
    } catch (error) {
      if (!(error instanceof Problem) || error.status === 0) throw error;
      signedOut("This sign-in link has expired or was used already.");
      return;
    }
  }
  const ofTab = readSession(await readKept("tab", KEY));
  const kept = ofTab ?? readSession(await readKept("device", KEY));
  keep = ofTab === null ? "device" : "tab";
  if (keep === "tab") {
    spentBefore = (await readKept("tab", SPENT))?.split(" ") ?? [];
    listenToCopies(copy);
  }
  if (kept === null) sessionState.set({ is: "signed-out", because: null });
  else adopt(kept);
}

export async function signIn(username: string, password: string): Promise<void> {
  await enter("/api/auth/login", { username, password });
}

export async function signUp(account: {
  username: string;
  password: string;
  displayName?: string;
  invite?: string;
}): Promise<void> {
  await enter("/api/auth/register", account);
}

/** Forgets the session here at once, and ends it at the server if that can be reached. */
export async function signOut(): Promise<void> {
  // Another tab may have renewed it meanwhile.
  const over = readSession(await readKept(keep, KEY)) ?? current;
  if (over !== null) {
    const { refreshToken } = over;
    void request(base, "/api/auth/logout", { method: "POST", body: { refreshToken } }).catch(() => undefined);
  }
  await forget(null);
}

async function forget(because: string | null): Promise<void> {
  await writeKept(keep, KEY, null);
  await writeKept(keep, RENEWAL, null);
  signedOut(because);
}

/** A token with some time left, renewed if need be. Throws a Problem; one that is final signs out. */
export async function freshToken(renew = false): Promise<string> {
  if (current === null) throw new Problem(401, "You are signed out.");
  if (!renew && current.expiresAt - Date.now() > EARLY_MS) return current.token;
  refreshing ??= refresh(current).finally(() => {
    refreshing = null;
  });
  return (await refreshing).token;
}

/** Sends a request in the name of who is signed in. */
export async function authorized(path: string, call: Call = {}): Promise<Json> {
  try {
    return await request(base, path, { ...call, token: await freshToken() });
  } catch (error) {
    if (!(error instanceof Problem) || error.status !== 401 || current === null) throw error;
    return request(base, path, { ...call, token: await freshToken(true) });
  }
}

/** Asks the server who is signed in: another device may have changed something. */
export async function refreshUser(): Promise<void> {
  await keepUser(await authorized("/api/me"));
}

/** Chooses who may learn this person's network addresses, from the next call on. */
export async function setRelayPolicy(relay: RelayPolicy): Promise<void> {
  await keepUser(await authorized("/api/me", { method: "PATCH", body: { relay } }));
}

async function keepUser(body: Json): Promise<void> {
  const user = toUser(body);
  if (user !== null && user.id === current?.user.id) await store({ ...current, user });
}

/** Sends a request that needs no one signed in. */
export async function anonymous(path: string, call: Call = {}): Promise<Json> {
  return request(base, path, call);
}

async function enter(path: string, body: Json): Promise<void> {
  const session = toSession(await request(base, path, { method: "POST", body }));
  keep = "device";
  // A session of this tab, from a sign-in link, would come before the new one at the next load.
  await writeKept("tab", KEY, null);
  await store(session);
}

async function refresh(spent: Session): Promise<Session> {
  return exclusively("refresh", async () => {
    // Another tab may have renewed it meanwhile: then the old refresh token is spent.
    const kept = readSession(await readKept(keep, KEY));
    if (kept !== null && kept.user.id === spent.user.id && kept.refreshToken !== spent.refreshToken) {
      adopt(kept);
      if (kept.expiresAt - Date.now() > EARLY_MS) return kept;
    }
    const adopted = keep === "tab" && (await adoptSuccessor((current ?? spent).refreshToken));
    if (adopted && current !== null && current.expiresAt - Date.now() > EARLY_MS) return current;
    try {
      return await exchange(current?.refreshToken ?? spent.refreshToken);
    } catch (error) {
      if (error instanceof Problem && (error.status === 400 || error.status === 401 || error.status === 403)) {
        await forget("Your session has ended. Please sign in again.");
      }
      throw error;
    }
  });
}

async function exchange(refreshToken: string): Promise<Session> {
  const attempt = await attemptAt(refreshToken);
  const session = toSession(
    await request(base, "/api/auth/refresh", { method: "POST", body: { refreshToken, attempt } }),
  );
  await writeKept(keep, RENEWAL, null);
  await succeed(refreshToken, session);
  if (keep === "tab") tellCopies(refreshToken, JSON.stringify(session));
  return session;
}

/** By the same name as before, if no answer came: the token may be spent, and this side does not have what came of it. */
async function attemptAt(refreshToken: string): Promise<string> {
  const [of, before] = (await readKept(keep, RENEWAL))?.split(" ") ?? [];
  if (of === refreshToken && before !== undefined) return before;
  const attempt = randomId();
  await writeKept(keep, RENEWAL, `${refreshToken} ${attempt}`);
  return attempt;
}

/** What a copy of this tab is asked and told. */
const copy = {
  successorOf: (spent: string): string | null =>
    keep === "tab" && current !== null && spentBefore.includes(spent) ? JSON.stringify(current) : null,
  succeeded: (spent: string, kept: string): void => {
    const session = readSession(kept);
    if (keep === "tab" && session !== null && current?.refreshToken === spent) void succeed(spent, session);
  },
};

async function adoptSuccessor(spent: string): Promise<boolean> {
  const session = readSession(await successorAtCopies(spent));
  if (session !== null) await succeed(spent, session);
  return session !== null;
}

async function succeed(spent: string, session: Session): Promise<void> {
  if (keep === "tab") {
    spentBefore = [...spentBefore, spent].slice(-MAX_SPENT);
    await writeKept("tab", SPENT, spentBefore.join(" "));
  }
  await store(session);
}

async function store(session: Session): Promise<void> {
  await writeKept(keep, KEY, JSON.stringify(session));
  adopt(session);
}

function adopt(session: Session): void {
  current = session;
  const shown = sessionState.get();
  if (shown.is === "signed-in" && JSON.stringify(shown.user) === JSON.stringify(session.user)) return;
  sessionState.set({ is: "signed-in", user: session.user });
}

function signedOut(because: string | null): void {
  current = null;
  sessionState.set({ is: "signed-out", because });
}

function toSession(body: Json): Session {
  const session = sessionOf(body);
  if (session === null) throw new Problem(502, "The server answered with something else than a session.");
  return session;
}

function readSession(kept: string | null): Session | null {
  if (kept === null) return null;
  try {
    return sessionOf(objectOf(JSON.parse(kept)));
  } catch {
    return null;
  }
}

function sessionOf(body: Json): Session | null {
  const user = toUser(objectOf(body.user));
  const token = textOf(body.token);
  const refreshToken = textOf(body.refreshToken);
  if (user === null || token === null || refreshToken === null) return null;
  return { token, refreshToken, user, expiresAt: numberOf(body.expiresAt) ?? Date.now() };
}

function toUser(body: Json): User | null {
  const id = textOf(body.id);
  const username = textOf(body.username);
  if (id === null || username === null) return null;
  return { id, username, displayName: textOf(body.displayName) ?? username, relay: readRelayPolicy(body.relay) };
}
