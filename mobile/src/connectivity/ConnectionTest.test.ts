import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { ConnectionTest } from "./ConnectionTest";
import { verdictsOf, type Tried } from "./verdicts";

/** A peer connection of a browser whose network lets nothing out. */
class Mute extends EventTarget {
  static open = 0;
  static most = Infinity;
  iceGatheringState = "new";
  localDescription = { sdp: "" };

  constructor({ iceServers = [] }: RTCConfiguration) {
    super();
    if (iceServers.some(({ urls }) => urls.includes("turn:unusable"))) throw new Error("no such server");
    if (Mute.open >= Mute.most) throw new Error("too many connections");
    Mute.open += 1;
  }

  createDataChannel = (): EventTarget => new EventTarget();
  setLocalDescription = async (): Promise<void> => undefined;
  setRemoteDescription = async (): Promise<void> => undefined;

  close(): void {
    Mute.open -= 1;
  }
}

const SERVERS = { iceServers: [{ urls: ["stun:192.0.2.1", "turn:192.0.2.1", "turns:calls.example"], username: "a" }] };

let tried: readonly Tried[] = [];
const found = (): string[] => verdictsOf(tried).map(({ id, is }) => `${id} ${is}`);
const test = (iceServers: () => Promise<object>, online = true): ConnectionTest =>
  new ConnectionTest({
    iceServers: iceServers as () => Promise<Record<string, unknown>>,
    isOnline: () => online,
    found: (now) => (tried = now),
  });

beforeEach(() => {
  vi.useFakeTimers();
  vi.stubGlobal("RTCPeerConnection", Mute);
  Mute.open = 0;
  Mute.most = Infinity;
  tried = [];
});

afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

it("waits for no way longer than ten seconds, and closes what it opened", async () => {
  const over = test(async () => SERVERS).run();
  await vi.advanceTimersByTimeAsync(9_999);
  expect(found()).toEqual(["server good", "direct trying", "relay-udp trying", "relay-tcp absent", "relay-tls trying"]);
  expect(Mute.open).toBe(5);
  await vi.advanceTimersByTimeAsync(1);
  await over;
  expect(found()).toEqual(["server good", "direct bad", "relay-udp bad", "relay-tcp absent", "relay-tls bad"]);
  expect(Mute.open).toBe(0);
});

it("lets go of everything at once when it is stopped, and tells nothing more", async () => {
  const running = test(async () => SERVERS);
  const over = running.run();
  await vi.advanceTimersByTimeAsync(100);
  const before = tried;
  running.stop();
  await over;
  expect([Mute.open, tried]).toEqual([0, before]);
});

it("tries nothing of a server that does not answer", async () => {
  await test(() => Promise.reject(new Error("offline"))).run();
  expect(found()).toEqual(["server bad"]);
});

it("says where the line is down by which calls ring", async () => {
  const over = test(async () => ({ iceServers: [] }), false).run();
  await vi.advanceTimersByTimeAsync(10_000);
  await over;
  expect(verdictsOf(tried)[0]?.words).toContain("the line by which calls ring is down");
});

it("tells a relay that this browser cannot use from one that does not answer", async () => {
  await test(async () => ({ iceServers: [{ urls: ["turn:unusable"] }] })).run();
  expect(found()).toContain("relay-udp bad");
  expect(verdictsOf(tried).find(({ id }) => id === "relay-udp")?.words).toBe("This device cannot use it.");
  expect(Mute.open).toBe(0);
});

it("closes what it has of a way whose other end cannot be opened", async () => {
  Mute.most = 2;
  const over = test(async () => ({ iceServers: [{ urls: ["stun:192.0.2.1", "turn:192.0.2.1"] }] })).run();
  await vi.advanceTimersByTimeAsync(10_000);
  await over;
  expect(found()).toContain("relay-udp bad");
  expect(Mute.open).toBe(0);
});
