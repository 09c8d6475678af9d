import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { OwnDevice } from "../auth/deviceId";
import { writeKept } from "../settings/storage";
import { MemoryServer } from "./server.testing";
import { Signaling, type SignalingOptions } from "./Signaling";

let server: MemoryServer;
let open: Signaling[];

beforeEach(async () => {
  vi.useFakeTimers();
  server = new MemoryServer();
  open = [];
  await writeKept("tab", "device-id", null);
});

afterEach(() => {
  for (const signaling of open) signaling.close();
  vi.useRealTimers();
});

function connects(options: Partial<SignalingOptions> = {}): Signaling {
  const signaling = new Signaling(
    {
      url: "http://kith.example",
      device: { id: () => "d1", name: "Browser", platform: "web", features: () => [] },
      token: async () => "token",
      heard: () => undefined,
      online: () => undefined,
      offline: () => undefined,
      displaced: async () => undefined,
      ...options,
    },
    { transports: server.transports, randomizationFactor: 0 },
  );
  open.push(signaling);
  return signaling;
}

async function passes(ms: number): Promise<void> {
  await vi.advanceTimersByTimeAsync(ms);
}

async function online(options: Partial<SignalingOptions> = {}): Promise<Signaling> {
  const signaling = connects(options);
  await passes(20);
  expect(signaling.connection.get()).toBe("online");
  return signaling;
}

describe("waking up", () => {
  it("connects at once where the next attempt is seconds away", async () => {
    server.reachable = false;
    const signaling = connects();
    await passes(12_000);
    server.reachable = true;
    const tries = server.tries;
    signaling.wake();
    await passes(20);
    expect(server.tries).toBe(tries + 1);
    expect(signaling.connection.get()).toBe("online");
  });

  it("connects once, however often it is woken", async () => {
    server.reachable = false;
    const signaling = connects();
    await passes(12_000);
    server.reachable = true;
    for (let times = 0; times < 3; times += 1) signaling.wake();
    await passes(30_000);
    expect(server.lines).toHaveLength(1);
    expect(signaling.connection.get()).toBe("online");
  });

  it("leaves an attempt alone that has just begun, and not one that comes to nothing", async () => {
    server.slow = true;
    const signaling = connects();
    await passes(1_000);
    signaling.wake();
    expect(server.tries).toBe(1);
    await passes(3_000);
    server.slow = false;
    signaling.wake();
    await passes(20);
    expect(signaling.connection.get()).toBe("online");
  });

  it("connects at once where the server had refused it", async () => {
    server.refuses = "rate_limited";
    const signaling = connects();
    await passes(10_000);
    server.refuses = null;
    signaling.wake();
    await passes(20);
    expect(signaling.connection.get()).toBe("online");
  });

  it("finds out that a connection has died, and makes another", async () => {
    const signaling = await online();
    server.last().dead = true;
    signaling.wake();
    await passes(3_900);
    expect(server.lines).toHaveLength(1);
    await passes(200);
    expect(server.lines).toHaveLength(2);
    expect(signaling.connection.get()).toBe("online");
  });

  it("gives a connection the time that its answers take of late", async () => {
    const signaling = await online();
    server.takesMs = 3_000;
    void signaling.ask({ event: "call-answer", payload: { callId: "c1" } });
    await passes(3_100);
    server.takesMs = 6_000;
    signaling.wake();
    await passes(8_000);
    expect(server.lines).toHaveLength(1);
    server.last().dead = true;
    signaling.wake();
    await passes(11_900);
    expect(server.lines).toHaveLength(1);
    await passes(200);
    expect(server.lines).toHaveLength(2);
  });

  it("does not hurry back to a server that sent it away before it answered", async () => {
    const signaling = await online();
    server.answers = null;
    signaling.wake();
    server.last().sendsAway();
    await passes(900);
    expect(server.tries).toBe(1);
    await passes(200);
    expect(signaling.connection.get()).toBe("online");
  });

  it("keeps a connection that stands", async () => {
    const signaling = await online();
    signaling.wake();
    await passes(10_000);
    expect(server.last().heard).toEqual(["call-resume"]);
    expect(server.lines).toHaveLength(1);
  });
});

describe("a request", () => {
  it("is answered by nobody after a while: that is no refusal", async () => {
    const signaling = await online();
    server.answers = null;
    let answer: unknown = "none yet";
    void signaling.ask({ event: "call-ringing", payload: { callId: "c1" } }).then((ack) => (answer = ack));
    await passes(19_000);
    expect(answer).toBe("none yet");
    await passes(2_000);
    expect(answer).toBeNull();
  });

  it("is answered by nobody as soon as the connection is gone", async () => {
    const signaling = await online();
    server.answers = null;
    const answer = signaling.ask({ event: "call-ringing", payload: { callId: "c1" } });
    server.last().breaks();
    await passes(20);
    expect(await answer).toBeNull();
  });

  it("brings what the server acknowledged, and what it refused", async () => {
    const signaling = await online();
    const asked = signaling.ask({ event: "call-ringing", payload: { callId: "c1" } });
    await passes(20);
    expect(await asked).toEqual({ ok: true, fields: { ok: true } });
    server.answers = { ok: false, error: { code: "conflict", message: "too late" } };
    const again = signaling.ask({ event: "call-ringing", payload: { callId: "c1" } });
    await passes(20);
    expect(await again).toEqual({ ok: false, error: { code: "conflict", message: "too late" } });
  });
});

describe("the server", () => {
  it("that goes away soon is left by then, and come back to once", async () => {
    const signaling = await online();
    server.last().says("server-draining", { reconnectInMs: 4_000 });
    await passes(1_900);
    expect(server.lines).toHaveLength(1);
    await passes(2_200);
    expect(server.lines).toHaveLength(2);
    expect(signaling.connection.get()).toBe("online");
  });

  it("that is back before is not left again", async () => {
    await online();
    server.last().says("server-draining", { reconnectInMs: 10_000 });
    await passes(10);
    server.last().breaks();
    await passes(20_000);
    expect(server.lines).toHaveLength(2);
  });

  it("that closes the connection is come back to", async () => {
    const signaling = await online();
    server.last().sendsAway();
    await passes(500);
    expect(signaling.connection.get()).toBe("offline");
    await passes(600);
    expect(signaling.connection.get()).toBe("online");
  });

  it("that refuses a spent token gets a fresh one", async () => {
    const asked: boolean[] = [];
    server.refuses = "token_expired";
    connects({
      token: async (renew) => {
        asked.push(renew);
        return "token";
      },
    });
    await passes(1_500);
    expect(asked).toEqual([false, true]);
  });

  it("hears one token of a connection, that of its own", async () => {
    let give: (token: string) => void = () => undefined;
    const signaling = connects({ token: () => new Promise((resolve) => (give = resolve)) });
    await passes(5_000);
    const late = give;
    signaling.wake();
    await passes(20);
    late("of the connection before");
    give("of this one");
    await passes(20);
    expect(server.last().auth.token).toBe("of this one");
  });
});

/** A page of a browser, one of two that go by one id: the second is a copy of the first. */
class Page {
  readonly signaling: Signaling;

  private constructor(
    readonly device: OwnDevice,
    private inCall: boolean,
  ) {
    this.signaling = connects({
      device: { id: () => device.id, name: "Browser", platform: "web", features: () => [] },
      displaced: () => device.displaced(this.inCall, Date.now()),
    });
  }

  static async opens({ inCall }: { inCall: boolean }): Promise<Page> {
    // As on a page without TLS, where nobody can tell that there is another one.
    return new Page(await OwnDevice.find(async () => "untold"), inCall);
  }
}

describe("two pages that go by one id", () => {
  it.each([
    ["neither is in a call", false, false],
    ["the first one is in a call", true, false],
    ["the second one is in a call", false, true],
    ["both are in the call", true, true],
  ])("are two devices soon: %s", async (_what, firstInCall, secondInCall) => {
    const first = await Page.opens({ inCall: firstInCall });
    await passes(100);
    const id = first.device.id;
    const second = await Page.opens({ inCall: secondInCall });
    expect(second.device.id).toBe(id);
    await passes(20_000);
    const { tries } = server;
    await passes(300_000);
    expect(server.tries).toBe(tries);
    expect(new Set(server.devices()).size).toBe(2);
    expect(tries).toBeLessThan(8);
    if (firstInCall !== secondInCall) expect((firstInCall ? first : second).device.id).toBe(id);
  });

  it("the call survives copy after copy", async () => {
    const first = await Page.opens({ inCall: true });
    const { id } = first.device;
    for (let copies = 0; copies < 3; copies += 1) {
      await passes(61_000);
      await writeKept("tab", "device-id", id);
      await Page.opens({ inCall: false });
    }
    await passes(5_000);
    expect(first.device.id).toBe(id);
    expect(new Set(server.devices()).size).toBe(4);
  });
});
