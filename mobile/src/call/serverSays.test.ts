import { describe, expect, it } from "vitest";
import { UNCLAIMED } from "./callState";
import { links, Phone } from "./phone.testing";

describe("a call that comes in while this one is on its way", () => {
  it.each(["bob", "carol"])("by %s rings when the server refuses this one", (from) => {
    const alice = new Phone().calls("bob", { offer: true }).hears("call-offer", { from, device: "x1" }, "c2");
    expect(alice.said()).toEqual(["call-offer"]);
    const did = alice.serverRefuses("call-offer", "busy").did();
    expect(alice.state).toMatchObject({ at: "incoming", callId: "c2", peer: { userId: from } });
    expect(links(did)).toEqual([`close-link ${UNCLAIMED}`, "open-link x1"]);
    expect(did).toContainEqual({ do: "ring", tone: "incoming" });
    expect(did).toContainEqual({ do: "send", message: { event: "call-ringing", payload: { callId: "c2" } } });
    expect(alice.accepts().state).toMatchObject({ at: "connecting", callId: "c2" });
  });

  it("rings when this one ends as it begins", () => {
    const alice = new Phone().calls("bob").hears("call-offer", { from: "bob" }, "c2");
    alice.serverTakes({ state: "ended", reason: "unreachable" });
    expect(alice.state).toMatchObject({ at: "incoming", callId: "c2" });
  });

  it.each(["bob", "carol"])("by %s rings when the person gives this one up", (from) => {
    const alice = new Phone().calls("bob", { offer: true }).hears("call-offer", { from, device: "x1" }, "c2");
    alice.did();
    const did = alice.happens({ type: "hang-up" }).did();
    expect(alice.state).toMatchObject({ at: "incoming", callId: "c2", unsent: [{ payload: { callId: "c1" } }] });
    expect(did).toContainEqual({ do: "send", message: { event: "end-call", payload: { callId: "c1" } } });
    expect(links(did)).toEqual([`close-link ${UNCLAIMED}`, "open-link x1"]);
    expect(did).toContainEqual({ do: "ring", tone: "incoming" });
  });

  it("does not ring where this one is given up once the server took it, or offline", () => {
    const taken = new Phone().calls("bob").hears("call-offer", { from: "carol" }, "c2").serverTakes();
    expect(taken.happens({ type: "hang-up" }).state).toMatchObject({ at: "ended", callId: "c1" });
    const offline = new Phone().calls("bob").hears("call-offer", { from: "carol" }, "c2");
    offline.happens({ type: "disconnected" }).happens({ type: "hang-up" });
    expect(offline.state).toMatchObject({ at: "ended", callId: "c1" });
  });

  it("does not ring when it is over by then, nor where this one goes on", () => {
    const over = new Phone().calls("bob").hears("call-offer", { from: "bob" }, "c2");
    over.hears("end-call", { reason: "cancelled" }, "c2").serverRefuses("call-offer", "rate_limited");
    expect(over.state).toMatchObject({ at: "ended", callId: "c1", outcome: { kind: "refused" } });
    const goesOn = new Phone().calls("bob").hears("call-offer", { from: "carol" }, "c2").serverTakes();
    expect(goesOn.state).toMatchObject({ at: "calling", callId: "c1" });
    expect(goesOn.hears("call-offer", { from: "carol" }, "c3").state).toMatchObject({ at: "calling", callId: "c1" });
  });
});

describe("a call that came in before the connection was lost", () => {
  const comesBack = (alice: Phone): Phone => {
    alice.happens({ type: "disconnected" }).happens({ type: "connected" });
    const calls = [{ callId: "c1", state: "ended" }];
    return alice.acks("call-resume", { ok: true, fields: { calls } });
  };

  it("is over unless the server tells of it again", () => {
    const alice = comesBack(new Phone().calls("bob").hears("call-offer", { from: "carol" }, "c2"));
    expect(alice.state).toMatchObject({ at: "calling", callId: "c1" });
    expect(alice.serverRefuses("call-offer", "busy").state).toMatchObject({ at: "ended", callId: "c1" });
  });

  it("rings when this one is refused, where the server does", () => {
    const alice = comesBack(new Phone().calls("bob").hears("call-offer", { from: "carol" }, "c2"));
    alice.hears("call-offer", { from: "carol" }, "c2").serverRefuses("call-offer", "busy");
    expect(alice.state).toMatchObject({ at: "incoming", callId: "c2" });
  });
});

describe("a caller who took another device to have answered", () => {
  const connecting = (): Phone => {
    const phone = new Phone().calls("bob").serverTakes().hears("call-ringing").hears("call-answer");
    phone.did();
    return phone;
  };
  const resumed = (phone: Phone): Phone => {
    phone.happens({ type: "disconnected" }).happens({ type: "connected" });
    phone.acks("call-resume", { ok: true, fields: { calls: [{ callId: "c1", state: "connecting" }] } }).did();
    return phone;
  };

  it.each([
    ["call-answer", (phone: Phone) => phone.hears("call-answer", { device: "b2" })],
    ["call-state", (phone: Phone) => resumed(phone).hears("call-state", { state: "connecting", device: "b2" })],
  ] as const)("goes on with the one that %s names", (_event, named) => {
    const alice = named(connecting());
    const did = alice.did();
    expect(alice.state).toMatchObject({ at: "connecting", device: "b2", links: { b2: "warming" } });
    expect(links(did)).toEqual(["close-link b1", "open-link b2"]);
    expect(did).toContainEqual(expect.objectContaining({ do: "open-link", device: "b2", offers: true }));
    expect(did).toContainEqual({ do: "attach-media", device: "b2" });
    expect(did.filter(({ do: what }) => what === "start-timer")).toMatchObject([
      { timer: "retry" },
      { timer: "connect" },
    ]);
    expect(did).toContainEqual(
      expect.objectContaining({ message: expect.objectContaining({ event: "call-media" }) as unknown }),
    );
    expect(alice.linkComesUp("b2").state).toMatchObject({ at: "active", device: "b2" });
    expect(alice.did()).toContainEqual({ do: "stop-timer", timer: "connect" });
  });

  it("and has media from it by now is told so by call-state alone", () => {
    const alice = connecting().linkComesUp();
    expect(alice.hears("call-answer", { device: "b2" }).state).toMatchObject({ at: "active", device: "b1" });
    resumed(alice).hears("call-state", { state: "active", device: "b2" });
    expect(alice.state).toMatchObject({ at: "reconnecting", device: "b2", links: { b2: "warming" } });
    expect(alice.did()).toContainEqual({ do: "start-timer", timer: "grace", ms: 30_000 });
    expect(alice.linkComesUp("b2").state.at).toBe("active");
  });

  it("stays where the same is named, or none", () => {
    const alice = connecting().hears("call-answer");
    resumed(alice).hears("call-state", { state: "connecting", device: "b1" });
    alice.hears("call-state", { state: "ringing", device: null });
    expect(links(alice.did())).toEqual([]);
    expect(alice.state).toMatchObject({ at: "connecting", device: "b1" });
  });

  it("is none who was called: the one who calls has one device", () => {
    const bob = new Phone().hears("call-offer").accepts();
    bob.did();
    bob.hears("call-answer", { device: "b2" }).hears("call-state", { state: "connecting", device: "b2" });
    expect(links(bob.did())).toEqual([]);
  });
});

describe("a call that is answered already", () => {
  it.each([
    ["took the place of one that is given up here", { replaces: "c1", state: "connecting" }],
    ["took the place of some call", { replaces: "c7" }],
    ["is connecting", { state: "connecting" }],
    ["runs", { state: "active" }],
    ["waits for who is away", { state: "reconnecting" }],
    ["is over", { state: "ended" }],
  ] as const)("does not ring where it %s", (_what, fields) => {
    const alice = new Phone().calls("bob").serverTakes().happens({ type: "hang-up" });
    alice.did();
    expect(alice.hears("call-offer", fields, "c0").did()).toEqual([]);
    expect(alice.happens({ type: "dismiss" }).hears("call-offer", fields, "c0").did()).toEqual([]);
    expect(alice.state.at).toBe("idle");
  });

  it("does not ring either when the call that is on its way meanwhile is refused", () => {
    const alice = new Phone().calls("bob").hears("call-offer", { state: "connecting", replaces: "c7" }, "c2");
    expect(alice.serverRefuses("call-offer", "busy").state).toMatchObject({ at: "ended", callId: "c1" });
  });

  it("rings where the server does not say how it stands", () => {
    expect(new Phone().hears("call-offer", { state: null }).state.at).toBe("incoming");
  });
});

describe("a call that was answered, as the server says, of which the caller heard nothing", () => {
  const standing = (phone: Phone, state: string): Phone => {
    const calls = [{ callId: "c1", state, ...(state !== "ringing" && { device: "b1" }) }];
    return phone.acks("call-resume", { ok: true, fields: { calls } });
  };
  const calling = (): Phone => new Phone().calls("bob", { offer: true }).serverTakes().hears("call-ringing");

  it.each(["connecting", "active", "reconnecting"])("goes on once it is %s and is asked for a second time", (state) => {
    const alice = standing(calling(), state);
    expect(alice.state.at).toBe("calling");
    expect(alice.did()).toContainEqual({ do: "start-timer", timer: "resume", ms: 2_000 });
    expect(standing(alice.rings("resume"), state).state).toMatchObject({ at: "connecting", device: "b1" });
    const did = alice.did();
    expect(links(did)).toEqual([`close-link ${UNCLAIMED}`]);
    expect(did).toContainEqual({ do: "attach-media", device: "b1" });
  });

  it("is taken as it was answered where that is heard meanwhile, for it may have a description", () => {
    const answer = { type: "answer", sdp: "theirs" } as const;
    const alice = standing(calling(), "connecting").hears("call-answer", { answer });
    expect(alice.state).toMatchObject({ at: "connecting", bare: true });
    expect(alice.did()).toContainEqual({ do: "stop-timer", timer: "resume" });
  });

  it("is waited for anew on every connection", () => {
    const alice = standing(calling(), "connecting").happens({ type: "disconnected" }).happens({ type: "connected" });
    expect(standing(alice, "connecting").state.at).toBe("calling");
  });

  it("goes on with a device that did not ring here, too", () => {
    const alice = standing(standing(new Phone().calls("bob"), "connecting"), "connecting");
    expect(alice.state).toMatchObject({ at: "connecting", device: "b1", links: { b1: "warming" } });
    expect(links(alice.did())).toEqual(["open-link b1"]);
  });

  it("rings on where nobody answered", () => {
    expect(standing(standing(calling(), "ringing"), "ringing").state.at).toBe("calling");
  });
});

describe("an answer", () => {
  it.each([
    ["no word comes", null],
    ["the server cannot take it now", { ok: false, error: { code: "unavailable", message: "" } }],
    ["too much was said", { ok: false, error: { code: "rate_limited", message: "" } }],
  ] as const)("is said again where %s: the call goes on", (_why, ack) => {
    const bob = new Phone().hears("call-offer").accepts().linkComesUp();
    bob.did();
    expect(bob.acks("call-answer", ack).did()).toEqual([{ do: "start-timer", timer: "resume", ms: 2_000 }]);
    expect(bob.rings("resume").said()).toEqual(["call-resume"]);
    bob.acks("call-resume", { ok: true, fields: { calls: [{ callId: "c1", state: "ringing" }] } });
    expect(bob.said()).toEqual(["call-answer", "call-connected"]);
    expect(bob.state.at).toBe("active");
  });

  it("that comes too late ends the call here", () => {
    const bob = new Phone().hears("call-offer").accepts().serverRefuses("call-answer", "conflict");
    expect(bob.state).toMatchObject({ at: "ended", outcome: { kind: "refused" } });
  });
});

describe("what is told of a call that runs", () => {
  const RATE_LIMITED = { ok: false, error: { code: "rate_limited", message: "" } } as const;
  const CONFLICT = { ok: false, error: { code: "conflict", message: "" } } as const;
  const MEDIA = { audio: true, video: true, screen: false, paused: false };
  const known = (phone: Phone, snapshot: object): Phone => {
    phone.acks("call-resume", { ok: true, fields: { calls: [{ callId: "c1", state: "active" }] } });
    return phone.hears("call-state", { state: "active", held: false, ownMedia: MEDIA, ...snapshot });
  };

  it.each([
    ["too much was said", RATE_LIMITED],
    ["another call is not on hold yet", CONFLICT],
    ["no word comes", null],
  ])("is told again where %s, and the server knows otherwise", (_why, refusal) => {
    const alice = Phone.inCall().happens({ type: "hold", held: true });
    expect(alice.said()).toContain("call-hold");
    expect(alice.acks("call-hold", refusal).did()).toEqual([{ do: "start-timer", timer: "resume", ms: 2_000 }]);
    expect(alice.rings("resume").said()).toEqual(["call-resume"]);
    expect(known(alice, {}).said()).toEqual(["call-hold"]);
    expect(known(alice, { held: true }).said()).toEqual([]);
  });

  it("is told again, too, of what is sent, and that media flows", () => {
    const alice = Phone.inCall().happens({ type: "media", sending: { audio: false } });
    expect(alice.said()).toEqual(["call-media"]);
    expect(alice.acks("call-media", RATE_LIMITED).rings("resume").said()).toEqual(["call-resume"]);
    expect(known(alice, {}).said()).toEqual(["call-media"]);
    expect(alice.acks("call-connected", RATE_LIMITED).rings("resume").said()).toEqual(["call-resume"]);
  });

  it("is put right without touching the connection, unless that was lost meanwhile", () => {
    const refused = () => Phone.inCall().acks("call-media", RATE_LIMITED);
    const restarts = (phone: Phone) =>
      known(phone, {})
        .did()
        .some((command) => command.do === "restart-ice");
    expect(restarts(refused().rings("resume"))).toBe(false);
    expect(restarts(refused().linkBreaks().rings("resume"))).toBe(true);
    expect(restarts(refused().happens({ type: "disconnected" }).happens({ type: "connected" }))).toBe(true);
    expect(restarts(known(refused().rings("resume"), {}).rings("servers"))).toBe(true);
  });

  it("is not looked at again where the server heard it", () => {
    const alice = Phone.inCall();
    for (const event of ["call-hold", "call-media", "call-connected"] as const) alice.acks(event);
    expect(alice.did()).toEqual([]);
  });

  it("is said after an answer that is said again: the hold, too", () => {
    const bob = new Phone().hears("call-offer").accepts().linkComesUp().happens({ type: "hold", held: true });
    bob.did();
    bob.acks("call-resume", { ok: true, fields: { calls: [{ callId: "c1", state: "ringing" }] } });
    expect(bob.said()).toEqual(["call-answer", "call-hold", "call-connected"]);
  });
});

describe("coming back to a call", () => {
  const asks = (phone: Phone): object | undefined => {
    phone.happens({ type: "disconnected" }).did();
    return phone
      .happens({ type: "connected" })
      .did()
      .find(({ do: what }) => what === "send");
  };
  const fromTheBeginning = (callId: string): object => ({
    do: "send",
    message: { event: "call-resume", payload: { calls: [callId], received: { [callId]: 0 } } },
  });

  it("of which nothing was heard asks for all of it: what was sent may have been lost", () => {
    expect(asks(new Phone().calls("bob").serverTakes())).toEqual(fromTheBeginning("c1"));
    expect(asks(new Phone().calls("bob"))).toEqual(fromTheBeginning("c1"));
  });

  it("that two became asks for all of the one that stays", () => {
    const alice = new Phone().calls("bob").hears("call-offer", { from: "bob" }, "c0").serverTakes({ callId: "c0" });
    expect(alice.state).toMatchObject({ at: "connecting", callId: "c0" });
    expect(asks(alice)).toEqual(fromTheBeginning("c0"));
  });

  it.each([
    ["unheard of", {}, { at: "calling", progress: "sent" }, ["call-offer"]],
    ["over", { reason: "unreachable" }, { at: "ended", outcome: { kind: "reason", reason: "unreachable" } }, []],
  ] as const)("whose offer was not acknowledged, and that is %s", (_how, entry, state, said) => {
    const alice = new Phone().calls("bob").happens({ type: "disconnected" }).happens({ type: "connected" });
    alice.did();
    alice.acks("call-resume", { ok: true, fields: { calls: [{ callId: "c1", state: "ended", ...entry }] } });
    expect(alice.state).toMatchObject(state);
    expect(alice.said()).toEqual(said);
  });

  it.each([true, false])("whose acknowledgement was lost learns whether it waits (%s)", (waiting) => {
    const alice = new Phone().calls("bob").happens({ type: "disconnected" }).happens({ type: "connected" });
    const calls = [{ callId: "c1", state: "ringing", waiting }];
    alice.acks("call-resume", { ok: true, fields: { calls } });
    expect(alice.state).toMatchObject({ at: "calling", progress: "offered", waiting });
  });

  it.each([
    ["no word comes", null],
    ["the server cannot do it now", { ok: false, error: { code: "unavailable", message: "" } }],
  ] as const)("is tried again where %s, and the connection stands", (_why, ack) => {
    const alice = Phone.inCall().happens({ type: "disconnected" }).happens({ type: "connected" });
    alice.did();
    expect(alice.acks("call-resume", ack).did()).toEqual([{ do: "start-timer", timer: "resume", ms: 2_000 }]);
    expect(alice.rings("resume").said()).toEqual(["call-resume"]);
  });

  it("is left to the next connection where this one is gone", () => {
    const alice = Phone.inCall().happens({ type: "disconnected" });
    expect(alice.did()).toContainEqual({ do: "stop-timer", timer: "resume" });
    expect(alice.acks("call-resume", null).did()).toEqual([]);
  });
});
