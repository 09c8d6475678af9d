import { describe, expect, it } from "vitest";
import type { Track } from "../peer/webrtc";
import { outgoing } from "./callCourse";
import { step } from "./callMachine";
import { IDLE, UNCLAIMED, type CallEvent, type CallState } from "./callState";
import { dice } from "./dice.testing";
import { links, Phone, resumedAs } from "./phone.testing";

const OFFER = { type: "offer", sdp: "theirs" } as const;
const LAPTOP = { outcome: "answered", deviceName: "Firefox on Linux" } as const;
const ALL_OF_IT = { audio: true, video: true, screen: false, paused: false };
const ANSWER = { type: "answer", sdp: "theirs" } as const;

describe("warming the connection while it rings", () => {
  it("connects to each device that rings, once the server told the relays", () => {
    const alice = new Phone().calls("bob");
    alice.did();
    expect(links(alice.hears("call-ringing").did())).toEqual([]);
    expect(links(alice.serverTakes().did())).toEqual(["open-link b1"]);
    expect(links(alice.hears("call-ringing", { device: "b2" }).did())).toEqual(["open-link b2"]);
  });

  it("keeps the connection of the device that answers and closes the others", () => {
    const alice = new Phone().calls("bob").serverTakes().hears("call-ringing").hears("call-ringing", { device: "b2" });
    alice.did();
    expect(links(alice.hears("call-answer", { device: "b2" }).did())).toEqual(["close-link b1"]);
  });

  it("has media at once where the connection stood before the answer", () => {
    const alice = new Phone().calls("bob").serverTakes().hears("call-ringing").linkComesUp().hears("call-answer");
    expect(alice.state).toMatchObject({ at: "active", activeSince: alice.now });
    expect(alice.said()).toContain("call-connected");
  });

  it("negotiates after the answer with a device that never rang", () => {
    const alice = new Phone().calls("bob").serverTakes();
    alice.did();
    expect(links(alice.hears("call-answer").did())).toEqual(["open-link b1"]);
  });

  it("warms no more than a handful of devices", () => {
    const alice = new Phone().calls("bob").serverTakes();
    alice.did();
    for (let n = 0; n < 50; n += 1) alice.hears("call-ringing", { device: `b${n}` });
    expect(links(alice.did())).toHaveLength(8);
  });
});

describe("the caller's camera", () => {
  const opened = (phone: Phone): boolean => phone.did().some((command) => command.do === "capture");

  it("is opened once the server has taken the call, and not for one that is refused", () => {
    const alice = new Phone().calls("bob");
    expect(opened(alice)).toBe(false);
    expect(opened(alice.serverTakes())).toBe(true);
    const refused = new Phone().calls("bob").serverRefuses("call-offer", "rate_limited");
    expect(opened(refused)).toBe(false);
  });

  it("is opened by whatever else tells that the call is known", () => {
    expect(opened(new Phone().calls("bob").hears("call-answer"))).toBe(true);
    const alice = new Phone().calls("bob");
    alice.did();
    expect(opened(resumedAs(alice, "ringing"))).toBe(true);
    expect(alice.state).toMatchObject({ at: "calling", progress: "offered" });
  });

  it("is opened for a call that becomes one with theirs before ours is acknowledged", () => {
    const alice = new Phone().calls("bob");
    alice.did();
    expect(opened(alice.hears("call-offer", { from: "bob", replaces: "c1" }, "c0"))).toBe(true);
  });

  it("is opened once", () => {
    const alice = new Phone().calls("bob").serverTakes().hears("call-ringing");
    alice.did();
    expect(opened(alice.hears("call-answer"))).toBe(false);
  });
});

describe("a client that knows only the bare messages", () => {
  it("as the caller, gets its offer answered within call-answer", () => {
    const bob = new Phone().hears("call-offer", { offer: OFFER });
    bob.did();
    bob.accepts();
    expect(bob.did()).toContainEqual({ do: "describe", device: "b1", description: OFFER });
    bob.happens({ type: "described", device: "b1", description: { type: "answer", sdp: "mine" } });
    expect(bob.did()).toContainEqual({
      do: "send",
      message: { event: "call-answer", payload: { callId: "c1", answer: { type: "answer", sdp: "mine" } } },
    });
  });

  it("as the caller, learns at once that its offer cannot be answered", () => {
    const bob = new Phone().hears("call-offer", { offer: OFFER }).accepts();
    bob.did();
    expect(bob.happens({ type: "link-failed", device: "b1" }).did()).toContainEqual({
      do: "send",
      message: { event: "end-call", payload: { callId: "c1", reason: "connect_failed" } },
    });
    expect(bob.state).toMatchObject({ at: "ended", outcome: { reason: "connect_failed" } });
  });

  it("as the callee, answers the offer that rode along", () => {
    const alice = new Phone().calls("bob", { offer: true }).serverTakes();
    alice.did();
    const commands = alice.hears("call-answer", { answer: ANSWER }).did();
    expect(commands).toContainEqual({ do: "claim-link", device: "b1", iceServers: [], relayed: false });
    expect(commands).toContainEqual({ do: "describe", device: "b1", description: ANSWER });
  });

  it("gets candidates one by one", () => {
    const alice = new Phone().calls("bob", { offer: true }).serverTakes().hears("call-answer", { answer: ANSWER });
    alice.did();
    const candidates = [{ candidate: "one" }, { candidate: "two" }];
    expect(alice.happens({ type: "gathered", device: "b1", candidates }).said()).toEqual([
      "ice-candidate",
      "ice-candidate",
    ]);
  });

  it("is not mistaken for one that warms: the offer that rode along is dropped when a warm device answers", () => {
    const alice = new Phone().calls("bob", { offer: true }).serverTakes().hears("call-ringing");
    alice.did();
    expect(links(alice.hears("call-answer").did())).toEqual([`close-link ${UNCLAIMED}`]);
  });
});

describe("no media before the answer", () => {
  /** Everything that may reach a callee whose person has not accepted yet. */
  const arrivals: readonly ((phone: Phone) => Phone)[] = [
    (phone) => phone.hears("call-offer", { offer: OFFER }),
    (phone) => phone.hears("call-offer"),
    (phone) => phone.hears("call-offer", { replaces: "c1" }, "c2"),
    (phone) => phone.hears("call-ringing"),
    (phone) => phone.hears("call-answer"),
    (phone) => phone.hears("call-answer", { answer: ANSWER }),
    (phone) => phone.hears("call-description", { description: OFFER }),
    (phone) => phone.hears("call-description", { description: ANSWER }),
    (phone) => phone.hears("ice-candidate", { candidates: [{ candidate: "x" }] }),
    (phone) => phone.hears("call-media", { sending: { audio: true, video: true, screen: true, paused: false } }),
    (phone) => phone.hears("call-state", { state: "active" }),
    (phone) => phone.hears("peer-connection", { state: "reconnected" }),
    (phone) => phone.hears("call-elsewhere", { elsewhere: LAPTOP }),
    (phone) => phone.hears("end-call", { reason: "completed" }),
    (phone) => phone.linkComesUp(),
    (phone) => phone.linkBreaks(),
    (phone) => phone.happens({ type: "described", device: "b1", description: ANSWER }),
    (phone) => phone.happens({ type: "captured", audio: true, video: true }),
    (phone) => phone.happens({ type: "media", sending: { audio: true, video: true } }),
    (phone) => phone.happens({ type: "disconnected" }),
    (phone) => phone.happens({ type: "connected" }),
    (phone) => phone.serverTakes({ callId: "c1", state: "connecting" }),
    (phone) => phone.rings("ring"),
    (phone) => phone.rings("connect"),
    (phone) => phone.rings("retry"),
    (phone) => phone.rings("grace"),
  ];

  it("whatever arrives, in whatever order", () => {
    const random = dice(20_261_122);
    for (let round = 0; round < 2_000; round += 1) {
      const bob = new Phone();
      const told: number[] = [];
      for (let n = 0; n < 12; n += 1) {
        const pick = Math.floor(random() * arrivals.length);
        told.push(pick);
        arrivals[pick]?.(bob);
      }
      const out = bob.did().filter((command) => command.do === "attach-media" || command.do === "capture");
      expect({ told, out }).toEqual({ told, out: [] });
    }
  });

  it("and from the tap on at once, ahead of everything else", () => {
    const bob = new Phone().hears("call-offer").hears("call-description", { description: OFFER });
    bob.did();
    const order = bob
      .accepts()
      .did()
      .map((command) => (command.do === "send" ? command.message.event : command.do));
    expect(order.slice(0, 2)).toEqual(["attach-media", "call-answer"]);
  });
});

describe("the picture", () => {
  const audio = { kind: "audio" } as Track;
  const video = { kind: "video" } as Track;

  it("goes out in a call that sends one", () => {
    expect(outgoing(Phone.inCall().state, { audio, video })).toEqual({ audio, video });
  });

  it("stays here in a call taken by voice only, though the camera was open for its owner", () => {
    const bob = new Phone().hears("call-offer").accepts("audio");
    expect(outgoing(bob.state, { audio, video })).toEqual({ audio, video: null });
  });

  it("stays here once the camera was turned off, and once the call is over", () => {
    const alice = Phone.inCall().happens({ type: "media", sending: { video: false } });
    expect(outgoing(alice.state, { audio, video }).video).toBeNull();
    expect(outgoing(Phone.inCall().happens({ type: "hang-up" }).state, { audio, video }).video).toBeNull();
  });
});

describe("a running call", () => {
  it("tells the other side of every change, and only of changes", () => {
    const alice = Phone.inCall();
    expect(alice.happens({ type: "media", sending: { audio: false } }).said()).toEqual(["call-media"]);
    expect(alice.happens({ type: "media", sending: { audio: false } }).said()).toEqual([]);
  });

  it("tells a change made while offline once the server says what it knows", () => {
    const alice = Phone.inCall()
      .happens({ type: "disconnected" })
      .happens({ type: "media", sending: { video: false } });
    alice.did();
    expect(alice.happens({ type: "connected" }).said()).toEqual(["call-resume"]);
    const fields = { ok: true, calls: [{ callId: "c1", state: "active" }] };
    const commands = alice.acks("call-resume", { ok: true, fields }).did();
    expect(commands.map((command) => command.do)).toEqual(["restart-ice", "start-timer"]);
    expect(alice.hears("call-state", { state: "active", ownMedia: ALL_OF_IT }).said()).toEqual(["call-media"]);
  });

  it.each([
    ["something else", ALL_OF_IT, ["call-media"]],
    ["nothing", null, ["call-media"]],
    ["just that", { ...ALL_OF_IT, audio: false }, []],
  ] as const)("tells a change again of which the server heard %s", (_what, ownMedia, said) => {
    const alice = Phone.inCall().happens({ type: "media", sending: { audio: false } });
    resumedAs(alice, "active").did();
    expect(alice.hears("call-state", { state: "active", ownMedia }).said()).toEqual(said);
    expect(alice.state).toMatchObject({ told: { audio: false } });
  });

  it("goes on without a camera that could not be had", () => {
    const alice = Phone.inCall().happens({ type: "captured", audio: true, video: false });
    expect(alice.state).toMatchObject({ at: "active", sending: { audio: true, video: false } });
    expect(alice.said()).toEqual(["call-media"]);
  });

  it("restarts ICE when media is lost, and is itself again when media is back", () => {
    const alice = Phone.inCall().linkBreaks();
    expect(alice.state.at).toBe("reconnecting");
    expect(alice.did()).toContainEqual({ do: "restart-ice", device: "b1" });
    expect(alice.linkComesUp().state.at).toBe("active");
    expect(alice.did()).toContainEqual({ do: "stop-timer", timer: "grace" });
  });

  it("outlives the signaling connection", () => {
    expect(Phone.inCall().happens({ type: "disconnected" }).state.at).toBe("active");
  });

  it("takes no second call", () => {
    const alice = Phone.inCall().hears("call-offer", { from: "carol", device: "c1" }, "c9");
    expect(alice.state).toMatchObject({ at: "active", callId: "c1" });
    expect(alice.did()).toEqual([]);
  });

  it("closes everything when it ends", () => {
    const commands = Phone.inCall().happens({ type: "hang-up" }).did();
    expect(commands).toContainEqual({ do: "close-link", device: "b1" });
    expect(commands).toContainEqual({ do: "release-media" });
  });
});

describe("every state and every event", () => {
  const states: readonly [string, () => CallState][] = [
    ["idle", () => IDLE],
    ["calling", () => new Phone().calls("bob").serverTakes().hears("call-ringing").state],
    ["incoming", () => new Phone().hears("call-offer").state],
    ["connecting", () => new Phone().hears("call-offer").accepts().state],
    ["active", () => Phone.inCall().state],
    ["reconnecting", () => Phone.inCall().linkBreaks().state],
    ["ended", () => Phone.inCall().happens({ type: "hang-up" }).state],
  ];
  const events: readonly CallEvent[] = [
    { type: "call", callId: "c7", peer: { userId: "x", name: "X" }, circleId: null, media: "audio", offer: null },
    { type: "accept", media: "audio" },
    { type: "decline" },
    { type: "hang-up" },
    { type: "media", sending: { audio: false } },
    { type: "dismiss" },
    { type: "connected" },
    { type: "disconnected" },
    { type: "link-connected", device: "nobody" },
    { type: "link-lost", device: "nobody" },
    { type: "described", device: "nobody", description: OFFER },
    { type: "gathered", device: "nobody", candidates: [] },
    { type: "captured", audio: false, video: false },
    { type: "timer", timer: "ring" },
    { type: "timer", timer: "connect" },
    { type: "timer", timer: "retry" },
    { type: "timer", timer: "grace" },
    { type: "heard", message: { event: "presence", userId: "x", status: "online" } },
    {
      type: "heard",
      message: { event: "end-call", callId: "other", reason: "busy", by: null, replacedBy: null, durationMs: null },
    },
  ];

  it.each(states)("%s stands every one, and never opens a connection nobody asked for", (_name, state) => {
    for (const event of events) {
      const [next, commands] = step(state(), event, 5);
      expect(next.at).toBeTypeOf("string");
      if (event.type !== "accept") expect(commands.filter((command) => command.do === "open-link")).toEqual([]);
    }
  });

  it.each(states)("%s is left alone by a message of another call", (_name, state) => {
    const before = state();
    const [next] = step(before, { type: "heard", message: { event: "call-decline", callId: "another" } }, 5);
    expect(next).toEqual(before);
  });
});

describe("a picture the network does not carry", () => {
  it("is told as paused, not as turned off, and as back when it is", () => {
    const alice = Phone.inCall().happens({ type: "media", sending: { paused: true } });
    expect(alice.did()).toContainEqual({
      do: "send",
      message: {
        event: "call-media",
        payload: { callId: "c1", audio: true, video: false, screen: false, paused: true },
      },
    });
    alice.happens({ type: "media", sending: { paused: false } });
    expect(alice.did()).toContainEqual({
      do: "send",
      message: { event: "call-media", payload: { callId: "c1", audio: true, video: true, screen: false } },
    });
  });

  it("that is turned off by choice is turned off, whatever the network does", () => {
    const alice = Phone.inCall().happens({ type: "media", sending: { paused: true } });
    alice.did();
    alice.happens({ type: "media", sending: { video: false } });
    expect(alice.did()).toContainEqual({
      do: "send",
      message: { event: "call-media", payload: { callId: "c1", audio: true, video: false, screen: false } },
    });
    expect(alice.happens({ type: "media", sending: { paused: false } }).said()).toEqual([]);
  });

  it("is shown as the other side's", () => {
    const far = { audio: true, video: false, screen: false, paused: true };
    expect(Phone.inCall().hears("call-media", { sending: far }).state).toMatchObject({ far });
  });
});

describe("a shared screen", () => {
  const audio = { kind: "audio" } as Track;
  const video = { kind: "video", label: "camera" } as Track;
  const screen = { kind: "video", label: "screen" } as Track;

  it("goes out in the camera's place, also where there is no camera, and the camera comes back", () => {
    const alice = Phone.inCall().happens({ type: "media", sending: { screen: true } });
    expect(outgoing(alice.state, { audio, video }, screen).video).toBe(screen);
    expect(outgoing(alice.state, { audio, video: null }, screen).video).toBe(screen);
    alice.happens({ type: "media", sending: { screen: false } });
    expect(outgoing(alice.state, { audio, video }, null).video).toBe(video);
  });

  it("is told alone: nothing of the camera is seen meanwhile", () => {
    const alice = Phone.inCall().happens({ type: "media", sending: { screen: true } });
    expect(alice.did()).toContainEqual({
      do: "send",
      message: { event: "call-media", payload: { callId: "c1", audio: true, video: false, screen: true } },
    });
  });
});
