import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { Connection } from "../peer/connection.testing";
import { PeerLink } from "../peer/PeerLink";
import { sessionOf } from "../peer/sdp";
import type { ClientMessage, ServerMessage } from "../signaling/messages";
import type { CallCommand, CallEvent, CallState } from "./callState";
import { dice } from "./dice.testing";
import { keptIn, keptOf } from "./kept";
import { Phone } from "./phone.testing";

/** What the server has for a device, in order: it is said again until it was heard. */
type Told = ServerMessage | "resumed";

/** One of the two: a call machine, its connection, and the way to the server. */
class Side {
  phone = new Phone();
  link: PeerLink | null = null;
  online = true;
  /** The server knows that it is back. */
  resumed = true;
  retries = false;
  readonly up: ClientMessage[] = [];
  readonly down: Told[] = [];

  constructor(
    readonly device: string,
    readonly far: string,
  ) {}

  get connection(): Connection | null {
    return this.link?.connection as unknown as Connection | null;
  }

  happens(event: CallEvent): void {
    this.phone.happens(event);
    for (const command of this.phone.did()) this.carryOut(command);
  }

  private carryOut(command: CallCommand): void {
    switch (command.do) {
      case "send":
        if (this.online) this.up.push(command.message);
        return;
      case "open-link":
        this.link?.close();
        return this.open(command);
      case "close-link":
        this.link?.close();
        this.link = null;
        return;
      case "describe":
        return this.link?.describe(command.description);
      case "renew-servers":
        return this.link?.renewServers(command.iceServers);
      case "restart-ice":
        return this.link?.restartIce();
      case "start-timer":
        this.retries ||= command.timer === "retry";
        return;
      case "stop-timer":
        this.retries &&= command.timer !== "retry";
        return;
      default:
    }
  }

  private open({ offers, yields = false }: CallCommand & { do: "open-link" }): void {
    const { far } = this;
    const nothing = (): void => undefined;
    const told = (event: CallEvent): void => {
      if (this.link === link) this.happens(event);
    };
    const link: PeerLink = new PeerLink(
      { offers, yields, iceServers: [], relayOnly: false },
      {
        described: (description) => told({ type: "described", device: far, description }),
        replaced: (description) => told({ type: "link-replaced", device: far, description }),
        failed: (error) => expect.fail(String(error)),
        gathered: nothing,
        connected: nothing,
        interrupted: nothing,
        lost: nothing,
        received: nothing,
        trouble: nothing,
      },
    );
    this.link = link;
    if (offers) link.offer();
  }

  /** Its page is loaded anew: all that was on its way to the server is gone, and its connection, too. */
  reloads(): void {
    const { state, now } = this.phone;
    this.link?.close();
    this.link = null;
    this.retries = false;
    this.cut();
    this.phone = new Phone();
    this.phone.happens({ type: "disconnected" }).did();
    const call = keptIn(keptOf([state], true, now, "alice"), now)?.calls[0];
    if (call !== undefined) this.happens({ type: "restored", call });
  }

  cut(): void {
    this.up.splice(0);
    this.online = this.resumed = false;
    this.happens({ type: "disconnected" });
  }

  comesBack(): void {
    this.online = true;
    this.happens({ type: "connected" });
  }
}

/** Alice, who called, and Bob; what they do next is drawn. */
class Pair {
  readonly alice = new Side("a1", "b1");
  readonly bob = new Side("b1", "a1");
  readonly told: string[] = [];
  private readonly sides = [this.alice, this.bob];

  async begins(): Promise<void> {
    this.alice.phone.calls("bob").serverTakes();
    this.alice.phone.did();
    const offer = { device: "a1", state: "offered", media: "video", offer: null, replaces: null, iceServers: [] };
    this.bob.happens({ type: "heard", message: message("call-offer", offer) });
    this.alice.happens({ type: "heard", message: message("call-ringing", { device: "b1" }) });
    this.bob.happens({ type: "accept", media: "video" });
    await this.rests();
    this.alice.happens({ type: "heard", message: message("call-answer", { device: "b1", answer: null }) });
    await this.rests();
    this.comesUp();
  }

  other(side: Side): Side {
    return side === this.alice ? this.bob : this.alice;
  }

  /** Whether the connection of each is that of the other. */
  get meet(): boolean {
    const [hers, his] = [this.alice.connection, this.bob.connection];
    return belongs(hers, his) && belongs(his, hers);
  }

  comesUp(): void {
    for (const side of this.sides) side.happens({ type: "link-connected", device: side.far });
  }

  /** One message gets to the server. */
  async goesUp(from: Side): Promise<void> {
    const said = from.up.shift();
    const to = this.other(from);
    if (said?.event === "call-resume") {
      if (!from.resumed) to.down.push(message("peer-connection", { state: "reconnected" }));
      from.resumed = true;
      from.down.unshift("resumed");
    }
    if (said?.event === "call-description") {
      to.down.push(message("call-description", { device: from.device, description: said.payload.description }));
    }
    await settled();
  }

  /** One message gets to the device. */
  async goesDown(to: Side): Promise<void> {
    if (!to.resumed) return;
    const heard = to.down.shift();
    if (heard === "resumed") {
      const calls = [{ callId: "c1", state: "active", device: to.far, iceServers: [{ urls: ["turn:relay"] }] }];
      to.happens({ type: "acked", request: "call-resume", callId: "c1", ack: { ok: true, fields: { calls } } });
    } else if (heard !== undefined) to.happens({ type: "heard", message: heard });
    await settled();
  }

  /** Until nobody has anything to say. */
  async rests(): Promise<void> {
    for (let turn = 0; turn < 200; turn += 1) {
      await settled();
      if (this.sides.every(({ up, down }) => up.length === 0 && down.length === 0)) return;
      for (const side of this.sides) {
        await this.goesUp(side);
        await this.goesDown(side);
      }
    }
    expect.fail(`they talk for ever: ${this.told.join()}`);
  }

  async happens(what: What, side: Side): Promise<void> {
    this.told.push(`${side.device} ${what}`);
    switch (what) {
      case "up":
        return this.goesUp(side);
      case "down":
        return this.goesDown(side);
      case "cut":
      case "reload":
        if (side.resumed) this.other(side).down.push(message("peer-connection", { state: "reconnecting" }));
        side.down.splice(0, side.down[0] === "resumed" ? 1 : 0);
        if (what === "cut") side.cut();
        else side.reloads();
        return;
      case "back":
        if (!side.online) side.comesBack();
        return;
      case "lost":
        if (!this.meet) side.happens({ type: "link-lost", device: side.far });
        return settled();
    }
  }

  /** Both are there, and the timer of whoever tries again rings this often at most. */
  async meetsWithin(retries: number): Promise<boolean> {
    for (const side of this.sides) if (!side.online) side.comesBack();
    await this.rests();
    for (let turn = 0; turn < retries && !this.meet; turn += 1) {
      for (const side of this.sides) if (side.retries) side.happens({ type: "timer", timer: "retry" });
      await this.rests();
    }
    return this.meet;
  }

  get states(): readonly CallState[] {
    return this.sides.map(({ phone }) => phone.state);
  }
}

const WHATS = ["up", "down", "cut", "back", "reload", "lost"] as const;
type What = (typeof WHATS)[number];

function message(event: ServerMessage["event"], fields: object): ServerMessage {
  return { event, callId: "c1", from: "them", name: "Them", ...fields } as unknown as ServerMessage;
}

function belongs(one: Connection | null, other: Connection | null): boolean {
  const theirs = sessionOf(one?.remoteDescription?.sdp ?? "");
  return (
    theirs !== null && theirs === sessionOf(other?.localDescription?.sdp ?? "") && one?.signalingState === "stable"
  );
}

async function settled(): Promise<void> {
  for (let turn = 0; turn < 30; turn += 1) await Promise.resolve();
}

beforeEach(() => {
  vi.useFakeTimers();
  vi.stubGlobal("RTCPeerConnection", Connection);
});

afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

async function inCall(): Promise<Pair> {
  const pair = new Pair();
  await pair.begins();
  expect(pair.states).toMatchObject([{ at: "active" }, { at: "active" }]);
  expect(pair.meet).toBe(true);
  return pair;
}

describe("two of whom one loads the page anew while the other restarts ICE", () => {
  it.each([
    ["the callee, the caller being away", "bob"],
    ["the caller, the callee being away", "alice"],
  ] as const)("find each other: %s", async (_, name) => {
    const pair = await inCall();
    const side = pair[name];
    await pair.happens("cut", pair.other(side));
    await pair.happens("reload", side);
    await pair.happens("back", pair.other(side));
    await pair.goesUp(pair.other(side));
    await pair.goesDown(pair.other(side));
    await pair.goesUp(pair.other(side));
    expect(await pair.meetsWithin(0)).toBe(true);
  });
});

it("two who lose the server, and load their pages anew, in whatever order, find each other", async () => {
  for (let seed = 1; seed <= 300; seed += 1) {
    const random = dice(seed);
    const pair = await inCall();
    for (let turn = 0; turn < 25; turn += 1) {
      const what = WHATS[Math.floor(random() * WHATS.length)] ?? "up";
      await pair.happens(what, random() < 0.5 ? pair.alice : pair.bob);
    }
    if (!(await pair.meetsWithin(1))) expect.fail(`seed ${seed}: ${pair.told.join()}`);
  }
});
