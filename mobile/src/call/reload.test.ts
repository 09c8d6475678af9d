import { describe, expect, it } from "vitest";
import type { ServerMessage } from "../signaling/messages";
import { Phone } from "./phone.testing";
import { keptOf, keptIn } from "./kept";

const OFFER = { type: "offer", sdp: "o=- 7 2 IN IP4 0\r\n" } as const;
const ANSWER = { type: "answer", sdp: "o=- 8 2 IN IP4 0\r\n" } as const;
const ICE = [{ urls: ["stun:localhost"] }];

/** The same person on the same page, loaded anew. */
function loadedAnew(before: Phone, ms = 2_000): Phone {
  const phone = new Phone();
  phone.happens({ type: "disconnected" });
  const call = keptIn(keptOf([before.state], true, before.now, "alice"), before.now + ms)?.calls[0];
  if (call !== undefined) phone.happens({ type: "restored", call });
  return phone;
}

function serverKnows(phone: Phone, state: string): Phone {
  const calls = [{ callId: "c1", state, device: "b1", iceServers: ICE }];
  return phone.happens({ type: "acked", request: "call-resume", callId: "c1", ack: { ok: true, fields: { calls } } });
}

function opened(phone: Phone): object[] {
  return phone.did().filter(({ do: what }) => what === "open-link");
}

function retriesIn(phone: Phone): number | undefined {
  const timer = phone.did().findLast((one) => one.do === "start-timer" && one.timer === "retry");
  return timer?.do === "start-timer" ? timer.ms : undefined;
}

function bobInCall(): Phone {
  return new Phone()
    .hears("call-offer", { from: "alice", device: "a1" })
    .hears("call-description", { device: "a1", description: OFFER })
    .linkComesUp("a1")
    .accepts();
}

const captured = (phone: Phone): boolean => phone.did().some((command) => command.do === "capture");

describe("a page loaded anew in a call", () => {
  it("resumes it, and makes its connection anew as soon as the server knows it", () => {
    const alice = loadedAnew(Phone.inCall());
    expect(alice.state).toMatchObject({ at: "reconnecting", reload: "resuming", links: {} });
    alice.did();
    expect(alice.happens({ type: "connected" }).said()).toEqual(["call-resume"]);
    expect(opened(serverKnows(alice, "active"))).toEqual([
      { do: "open-link", device: "b1", offers: true, yields: false, iceServers: ICE, relayed: false },
    ]);
    alice.linkComesUp();
    expect(alice.state).toMatchObject({ at: "active", reload: "none" });
  });

  it("shares no screen any more, and says so", () => {
    const alice = loadedAnew(Phone.inCall().happens({ type: "media", sending: { screen: true } }));
    alice.happens({ type: "connected" }).did();
    serverKnows(alice, "active").hears("call-state", { state: "active" });
    expect(alice.did()).toContainEqual({
      do: "send",
      message: { event: "call-media", payload: { callId: "c1", audio: true, video: true, screen: false } },
    });
  });

  it("leaves camera and microphone closed while it holds the call", () => {
    const alice = loadedAnew(Phone.inCall().happens({ type: "hold", held: true }));
    expect(alice.state).toMatchObject({ at: "reconnecting", held: true });
    serverKnows(alice.happens({ type: "connected" }), "active");
    expect(captured(alice)).toBe(false);
  });

  it("opens camera and microphone once the server says that there is a call to come back to", () => {
    for (const before of [Phone.inCall(), new Phone().calls("bob").serverTakes()]) {
      const alice = loadedAnew(before).happens({ type: "connected" });
      expect(captured(alice)).toBe(false);
      serverKnows(alice, before.state.at === "calling" ? "ringing" : "active");
      expect(captured(alice)).toBe(true);
    }
    const late = loadedAnew(Phone.inCall()).happens({ type: "connected" });
    serverKnows(late, "ended");
    expect(captured(late)).toBe(false);
  });

  it("goes on counting from when the call began", () => {
    const before = Phone.inCall();
    const since = before.state.at === "active" ? before.state.activeSince : null;
    expect(loadedAnew(before).state).toMatchObject({ activeSince: since });
  });

  it("gives way as the callee, should both have been loaded anew", () => {
    const bob = loadedAnew(bobInCall()).happens({ type: "connected" });
    serverKnows(bob, "active");
    expect(opened(bob)).toMatchObject([{ offers: true, yields: true }]);
    bob.happens({ type: "link-replaced", device: "a1", description: OFFER });
    expect(opened(bob)).toMatchObject([{ device: "a1", offers: false }]);
  });

  it("tries again while nothing comes of it", () => {
    const alice = loadedAnew(Phone.inCall()).happens({ type: "connected" });
    serverKnows(alice, "active").did();
    expect(opened(alice.rings("retry"))).toHaveLength(1);
    alice.linkComesUp();
    expect(opened(alice.rings("retry"))).toEqual([]);
  });

  it("waits longer each time for who does not answer", () => {
    const alice = loadedAnew(Phone.inCall()).happens({ type: "connected" });
    serverKnows(alice, "active");
    const waits = [retriesIn(alice), retriesIn(alice.rings("retry")), retriesIn(alice.rings("retry"))];
    expect([...waits, retriesIn(alice.rings("retry"))]).toEqual([5_000, 8_000, 12_000, 12_000]);
  });

  it("keeps a connection that was answered, and looks for another path for it", () => {
    const alice = loadedAnew(Phone.inCall()).happens({ type: "connected" });
    serverKnows(alice, "active").hears("call-description", { device: "b1", description: ANSWER }).did();
    expect(alice.rings("retry").did()).toEqual([
      { do: "restart-ice", device: "b1" },
      { do: "start-timer", timer: "retry", ms: 8_000 },
    ]);
    alice.linkComesUp();
    expect(alice.did()).toContainEqual({ do: "stop-timer", timer: "retry" });
  });

  it("takes no offer that goes on with the connection of the page before for an answer", () => {
    const bob = loadedAnew(bobInCall()).happens({ type: "connected" });
    const late = { type: "offer", sdp: `${OFFER.sdp}a=kith-continues:8\r\n` } as const;
    serverKnows(bob, "active").hears("call-description", { device: "a1", description: late }).did();
    expect(opened(bob.rings("retry"))).toMatchObject([{ offers: true, yields: true }]);
  });

  it("begins anew the second time, whatever was answered: the two may have missed each other", () => {
    const bob = loadedAnew(bobInCall()).happens({ type: "connected" });
    serverKnows(bob, "active").did();
    const answered = (): Phone => bob.hears("call-description", { device: "a1", description: ANSWER });
    expect([1, 2, 3].map(() => opened(answered().rings("retry")).length)).toEqual([0, 1, 1]);
  });

  it("keeps the other side's connection, too, should it take that one", () => {
    const bob = loadedAnew(bobInCall()).happens({ type: "connected" });
    serverKnows(bob, "active").happens({ type: "link-replaced", device: "a1", description: OFFER }).did();
    expect(bob.rings("retry").did()).toContainEqual({ do: "restart-ice", device: "a1" });
  });

  it("hears that the call is over, if it is", () => {
    const alice = loadedAnew(Phone.inCall()).happens({ type: "connected" });
    serverKnows(alice, "ended");
    expect(alice.state.at).toBe("ended");
  });

  it("lets go of it when the server does not come back in time", () => {
    expect(loadedAnew(Phone.inCall()).rings("grace").state.at).toBe("ended");
  });

  it("waits for the other as long as the server does, should that be away", () => {
    const alice = loadedAnew(Phone.inCall()).happens({ type: "connected" });
    serverKnows(alice, "reconnecting").hears("call-state", { state: "reconnecting" }).did();
    expect(alice.state).toMatchObject({ farAway: true, renewable: true });
    expect(alice.rings("grace").said()).toEqual(["call-resume"]);
    expect(alice.state.at).toBe("reconnecting");
    serverKnows(alice, "active").hears("call-state", { state: "active" });
    expect(alice.rings("grace").state.at).toBe("ended");
  });

  it("long after is in no call", () => {
    expect(loadedAnew(Phone.inCall(), 301_000).state.at).toBe("idle");
  });
});

describe("a page loaded anew while it calls", () => {
  it("hears of the devices that ring, and warms their connections anew", () => {
    const before = new Phone().calls("bob").serverTakes().hears("call-ringing");
    const alice = loadedAnew(before).happens({ type: "connected" });
    expect(alice.did()).toContainEqual({
      do: "send",
      message: { event: "call-resume", payload: { calls: ["c1"], received: { c1: 0 } } },
    });
    serverKnows(alice, "ringing").hears("call-ringing");
    expect(opened(alice)).toMatchObject([{ device: "b1", offers: true, iceServers: ICE }]);
    expect(alice.hears("call-answer").state).toMatchObject({ at: "connecting", device: "b1" });
  });
});

describe("a page loaded anew whose answer the server does not know", () => {
  it("says it again, without the description of a connection that went with the page", () => {
    const before = new Phone().hears("call-offer", { offer: OFFER }).accepts();
    before.happens({ type: "described", device: "b1", description: ANSWER });
    const bob = loadedAnew(before).happens({ type: "connected" });
    bob.did();
    expect(serverKnows(bob, "ringing").did()).toContainEqual({
      do: "send",
      message: { event: "call-answer", payload: { callId: "c1" } },
    });
  });
});

describe("a page loaded anew while it calls, whose first offer was answered", () => {
  it("says its new offer again", () => {
    const alice = loadedAnew(new Phone().calls("bob", { offer: true }).serverTakes()).happens({ type: "connected" });
    serverKnows(alice, "ringing").hears("call-ringing").did();
    alice.hears("call-answer", { answer: { type: "answer", sdp: "of the offer before" } });
    expect(alice.did()).toContainEqual({ do: "restart-ice", device: "b1" });
  });

  it("is heard the second time", () => {
    const bob = new Phone().hears("call-offer", { from: "alice", device: "a1", offer: OFFER }).accepts();
    const offered = { type: "link-replaced", device: "a1", description: OFFER } as const;
    bob.did();
    expect(opened(bob.happens(offered))).toEqual([]);
    bob.now += 5_000;
    expect(opened(bob.happens(offered))).toMatchObject([{ device: "a1", offers: false }]);
  });
});

describe("the other side of a page loaded anew", () => {
  it("takes the connection it offers in the place of the one there was", () => {
    const alice = Phone.inCall().hears("peer-connection", { state: "reconnecting" });
    alice.hears("peer-connection", { state: "reconnected" }).did();
    alice.happens({ type: "link-replaced", device: "b1", description: OFFER });
    expect(alice.did().map(({ do: what }) => what)).toEqual(["open-link", "attach-media", "describe", "start-timer"]);
    expect(alice.linkComesUp().state.at).toBe("active");
  });

  it("takes none of someone who was never away", () => {
    const alice = Phone.inCall();
    alice.happens({ type: "link-replaced", device: "b1", description: OFFER });
    expect(alice.did()).toEqual([]);
  });

  it("takes it the second time, should it have answered just when the page was loaded anew", () => {
    const bob = bobInCall();
    const offered = { type: "link-replaced", device: "a1", description: OFFER } as const;
    expect(bob.state.at).toBe("active");
    bob.happens(offered).did();
    bob.now += 5_000;
    expect(opened(bob.happens(offered))).toMatchObject([{ device: "a1", offers: false }]);
  });

  it("takes none that came late, be it twice: of a connection that was warmed, and not taken", () => {
    const bob = bobInCall();
    const offered = { type: "link-replaced", device: "a1", description: OFFER } as const;
    bob.happens(offered);
    bob.now += 1_000;
    bob.happens(offered).did();
    expect(bob.state).toMatchObject({ at: "active", renewable: false });
    expect(opened(bob.happens(offered))).toEqual([]);
  });

  it("makes no offer to who is away", () => {
    const alice = Phone.inCall().hears("peer-connection", { state: "reconnecting" });
    alice.did();
    expect(alice.linkBreaks().did()).not.toContainEqual({ do: "restart-ice", device: "b1" });
  });
});

it("a message that comes twice is heard once", () => {
  const phone = new Phone().calls("bob").serverTakes();
  const message = {
    event: "call-ringing",
    callId: "c1",
    from: "bob",
    device: "b1",
    waiting: false,
  } satisfies ServerMessage;
  phone.did();
  phone.happens({ type: "heard", message, seq: 4 });
  expect(opened(phone)).toHaveLength(1);
  phone.happens({ type: "heard", message, seq: 4 });
  expect(phone.did()).toEqual([]);
  phone.happens({ type: "disconnected" }).happens({ type: "connected" });
  expect(phone.did()).toContainEqual({
    do: "send",
    message: { event: "call-resume", payload: { calls: ["c1"], received: { c1: 4 } } },
  });
});
