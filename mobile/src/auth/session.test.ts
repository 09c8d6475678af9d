import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { Problem } from "../api/http";
import { writeKept } from "../settings/storage";
import type * as SessionModule from "./session";
import { authorized, freshToken, restoreSession, sessionState, signIn, signOut } from "./session";

const ALICE = { id: "u1", username: "alice", displayName: "Alice", relay: "direct" };

/** A server that gives tokens good for a while, each refresh token for one use. */
class TokenServer {
  issued = 0;
  refreshes = 0;
  good: string | null = null;
  refresh: string | null = null;
  readonly ended: unknown[] = [];
  lifeMs = 900_000;
  broken = false;
  /** What is done is done, and its answer gets lost. */
  unheard = false;
  attempts: unknown[] = [];

  answer = async (url: string | URL | Request, init: RequestInit = {}): Promise<Response> => {
    const path = new URL(String(url)).pathname;
    const body = typeof init.body === "string" ? (JSON.parse(init.body) as Record<string, unknown>) : {};
    if (this.broken) return problem(503, "The server is starting.");
    if (path === "/api/auth/login") return body.password === "right" ? this.issue() : problem(401, "Wrong.");
    if (path === "/api/auth/refresh") {
      this.refreshes += 1;
      this.attempts.push(body.attempt);
      const again = this.attempts.length > 1 && this.attempts.at(-2) === body.attempt;
      const answer = body.refreshToken === this.refresh || again ? this.issue() : problem(401, "Spent.");
      if (this.unheard) throw new TypeError("Failed to fetch");
      return answer;
    }
    if (path === "/api/auth/logout") {
      this.ended.push(body.refreshToken);
      return new Response(null, { status: 204 });
    }
    const token = new Headers(init.headers).get("authorization");
    return token === `Bearer ${this.good}` ? json({ me: "alice" }) : problem(401, "Expired.");
  };

  issue(): Response {
    this.issued += 1;
    this.good = `token-${this.issued}`;
    this.refresh = `refresh-${this.issued}`;
    return json(this.session());
  }

  session(): object {
    return { token: this.good, refreshToken: this.refresh, expiresAt: Date.now() + this.lifeMs, user: ALICE };
  }
}

const json = (body: object, status = 200): Response => new Response(JSON.stringify(body), { status });
const problem = (status: number, detail: string): Response => json({ title: detail, status, detail }, status);

let server: TokenServer;

beforeEach(async () => {
  server = new TokenServer();
  vi.stubGlobal("fetch", server.answer);
  await writeKept("tab", "session", null);
  await writeKept("device", "session", null);
  await restoreSession("http://kith.example", null);
});

afterEach(() => {
  vi.unstubAllGlobals();
});

describe("a session", () => {
  it("begins with signing in and is there after a reload", async () => {
    await signIn("alice", "right");
    await restoreSession("http://kith.example", null);
    expect(sessionState.get()).toEqual({ is: "signed-in", user: ALICE });
    expect(await authorized("/api/me")).toEqual({ me: "alice" });
  });

  it("does not begin with a wrong password", async () => {
    await expect(signIn("alice", "wrong")).rejects.toMatchObject({ status: 401, detail: "Wrong." });
    expect(sessionState.get().is).toBe("signed-out");
  });

  it("gets a new token before the old one runs out, once for all who ask", async () => {
    server.lifeMs = 10_000;
    await signIn("alice", "right");
    server.lifeMs = 900_000;
    const tokens = await Promise.all([freshToken(), freshToken(), freshToken()]);
    expect(new Set(tokens)).toEqual(new Set(["token-2"]));
    expect(server.refreshes).toBe(1);
  });

  it("gets a new token when the server no longer takes the old one", async () => {
    await signIn("alice", "right");
    server.good = "another";
    expect(await authorized("/api/me")).toEqual({ me: "alice" });
  });

  it("takes what another tab renewed, rather than spending a spent token", async () => {
    server.lifeMs = 10_000;
    await signIn("alice", "right");
    server.lifeMs = 900_000;
    server.issue();
    await writeKept("device", "session", JSON.stringify(server.session()));
    expect(await freshToken()).toBe("token-2");
    expect(server.refreshes).toBe(0);
  });

  it("ends when the server will not renew it", async () => {
    await signIn("alice", "right");
    server.refresh = "revoked";
    await expect(freshToken(true)).rejects.toBeInstanceOf(Problem);
    expect(sessionState.get()).toMatchObject({ is: "signed-out", because: expect.stringContaining("sign in again") });
  });

  it("outlives a server that is away", async () => {
    await signIn("alice", "right");
    server.broken = true;
    await expect(freshToken(true)).rejects.toMatchObject({ status: 503 });
    expect(sessionState.get().is).toBe("signed-in");
  });

  it("outlives an answer that was lost on the way, though its token is spent", async () => {
    await signIn("alice", "right");
    server.unheard = true;
    await expect(freshToken(true)).rejects.toMatchObject({ status: 0 });
    // Even if the page is loaded anew meanwhile.
    await restoreSession("http://kith.example", null);
    server.unheard = false;
    expect(await freshToken(true)).toBe("token-3");
    await freshToken(true);
    expect(server.attempts[0]).toBe(server.attempts[1]);
    expect(server.attempts[2]).not.toBe(server.attempts[1]);
  });

  it("is over at the server too after signing out", async () => {
    await signIn("alice", "right");
    await signOut();
    expect(server.ended).toEqual(["refresh-1"]);
  });

  it("is forgotten by signing out, though the server is away", async () => {
    await signIn("alice", "right");
    server.broken = true;
    await signOut();
    await restoreSession("http://kith.example", null);
    expect(sessionState.get()).toEqual({ is: "signed-out", because: null });
  });
});

const tabs: (typeof SessionModule)[] = [];

afterEach(async () => {
  for (const open of tabs.splice(0)) await open.signOut();
});

/** The app in another tab of this browser, with storage of its own: opened by a link, or with what a tab kept. */
async function tab(link: string | null, kept: object | null = null): Promise<typeof SessionModule> {
  vi.resetModules();
  const { writeKept: keepThere } = await import("../settings/storage");
  if (kept !== null) await keepThere("tab", "session", JSON.stringify(kept));
  const session = await import("./session");
  await session.restoreSession("http://kith.example", link);
  tabs.push(session);
  return session;
}

describe("a sign-in link", () => {
  it("makes a session of this tab alone", async () => {
    await signIn("alice", "right");
    const kept = server.session();
    await restoreSession("http://kith.example", server.refresh);
    expect(sessionState.get().is).toBe("signed-in");
    await writeKept("tab", "session", null);
    server.refresh = (kept as { refreshToken: string }).refreshToken;
    await restoreSession("http://kith.example", null);
    expect(sessionState.get().is).toBe("signed-in");
  });

  // Tabs wait for each other's word only so long, which a machine that stands still for a while may miss.
  const patiently = { retry: 2 };

  it("that is opened twice is one session in both tabs, whichever renews it, and when", patiently, async () => {
    server.issue();
    const link = server.refresh;
    const one = await tab(link);
    const other = await tab(link);
    expect(server.refreshes).toBe(1);
    for (const renewing of [one, other, other, one]) {
      await renewing.freshToken(true);
      expect(await renewing.authorized("/api/me")).toEqual({ me: "alice" });
    }
    expect([one, other].map(({ sessionState: state }) => state.get().is)).toEqual(["signed-in", "signed-in"]);
  });

  it("is found by a copy of its tab though it was loaded anew since", patiently, async () => {
    server.issue();
    const link = server.refresh;
    const one = await tab(link);
    const kept = server.session();
    await one.freshToken(true);
    await one.restoreSession("http://kith.example", null);
    const late = await tab(null, kept);
    expect(await late.freshToken(true)).toBe("token-3");
  });

  it(
    "that is opened again after its tab was asleep while the other renewed the session is asked of that one",
    patiently,
    async () => {
      server.issue();
      const one = await tab(server.refresh);
      const kept = server.session();
      await one.freshToken(true);
      const late = await tab(null, kept);
      expect(await late.freshToken(true)).toBe("token-3");
      expect(server.refreshes).toBe(2);
    },
  );

  it("that was used already says so", async () => {
    await restoreSession("http://kith.example", "used");
    expect(sessionState.get()).toMatchObject({ is: "signed-out", because: expect.stringContaining("used already") });
  });
});
