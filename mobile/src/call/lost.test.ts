import { describe, expect, it } from "vitest";
import { links, Phone, resumedAs } from "./phone.testing";

const OFFER = { type: "offer", sdp: "theirs" } as const;

describe("what was lost on the way", () => {
  const offerOf = (session: number) =>
    ({ type: "offer", sdp: `v=0\r\no=- ${session} 2 IN IP4 127.0.0.1\r\n` }) as const;

  it("is looked for by the caller when no media comes, until it does", () => {
    const alice = new Phone().calls("bob").serverTakes().hears("call-ringing").hears("call-answer");
    expect(alice.did()).toContainEqual({ do: "start-timer", timer: "retry", ms: 5_000 });
    // A way through a relay, by TCP and over a slow network, may need longer than the first time.
    for (const ms of [8_000, 12_000, 12_000]) {
      expect(alice.rings("retry").did()).toEqual([
        { do: "restart-ice", device: "b1" },
        { do: "start-timer", timer: "retry", ms },
      ]);
    }
    expect(alice.linkComesUp().did()).toContainEqual({ do: "stop-timer", timer: "retry" });
    expect(alice.rings("retry").did()).toEqual([]);
  });

  it("is not looked for by the callee too", () => {
    const bob = new Phone().hears("call-offer").accepts();
    expect(bob.did()).not.toContainEqual(expect.objectContaining({ do: "start-timer", timer: "retry" }));
  });

  it.each(["caller", "callee"])("as the connection while it rang, is mended by the %s from the answer on", (role) => {
    const phone =
      role === "caller"
        ? new Phone().calls("bob").serverTakes().hears("call-ringing")
        : new Phone().hears("call-offer");
    phone.linkComesUp().linkBreaks();
    expect(phone.did()).not.toContainEqual({ do: "restart-ice", device: "b1" });
    if (role === "caller") phone.hears("call-answer");
    else phone.accepts();
    expect(phone.did()).toContainEqual({ do: "restart-ice", device: "b1" });
  });

  it("of a step of the negotiation with a client that warms, is said again later: the call goes on", () => {
    const alice = new Phone().calls("bob").serverTakes().hears("call-ringing").hears("call-answer");
    expect(alice.happens({ type: "link-failed", device: "b1" }).state.at).toBe("connecting");
  });

  it("while it rang, is said again by a caller whose socket was away", () => {
    const alice = new Phone().calls("bob", { offer: true }).serverTakes().hears("call-ringing");
    alice.hears("call-ringing", { device: "b2" }).linkComesUp("b2");
    expect(resumedAs(alice, "ringing").did()).toEqual([{ do: "restart-ice", device: "b1" }]);
  });

  it("while the socket of who is called was away, is begun anew", () => {
    const bob = new Phone().hears("call-offer").hears("call-description", { description: OFFER });
    bob.did();
    const commands = bob.hears("call-offer", { iceServers: [{ urls: ["turn:new"] }], offer: OFFER }).did();
    expect(commands).toContainEqual({
      do: "send",
      message: { event: "call-ringing", payload: { callId: "c1" } },
    });
    expect(links(commands)).toEqual(["close-link b1", "open-link b1"]);
    expect(commands.some((command) => command.do === "ring")).toBe(false);
    expect(bob.state).toMatchObject({
      at: "incoming",
      warmed: false,
      offer: OFFER,
      iceServers: [{ urls: ["turn:new"] }],
    });
  });

  it("is begun anew by the caller with a device that rings again", () => {
    const alice = new Phone().calls("bob").serverTakes().hears("call-ringing").linkComesUp();
    alice.did();
    expect(links(alice.hears("call-ringing").did())).toEqual(["open-link b1"]);
    expect(alice.state).toMatchObject({ links: { b1: "warming" } });
  });

  it("makes room for the caller's new connection, whichever offer of the old one still came", () => {
    const bob = new Phone().hears("call-offer").hears("call-description", { description: offerOf(1) });
    bob.did();
    expect(links(bob.hears("call-description", { description: offerOf(1) }).did())).toEqual([]);
    const commands = bob.hears("call-description", { description: offerOf(2) }).did();
    expect(commands.map((command) => command.do)).toEqual(["open-link", "describe"]);
  });

  it.each(["offered", "ringing"])("as the answer, is said again to a server that knows the call as %s", (known) => {
    expect(resumedAs(new Phone().hears("call-offer").accepts(), known).said()).toEqual(["call-answer"]);
    expect(resumedAs(new Phone().hears("call-offer").accepts().linkComesUp(), known).said()).toEqual([
      "call-answer",
      "call-connected",
    ]);
  });

  it("as the answer, is followed by what was said after it", () => {
    const bob = new Phone().hears("call-offer").accepts("audio");
    expect(resumedAs(bob, "ringing").said()).toEqual(["call-answer", "call-media"]);
    expect(bob.hears("call-state", { state: "ringing" }).said()).toEqual([]);
  });

  it("as the answer to the offer that rode along, is said again with it", () => {
    const bob = new Phone().hears("call-offer", { offer: OFFER }).accepts();
    expect(resumedAs(bob, "ringing").said()).toEqual([]);
    const mine = { type: "answer", sdp: "mine" } as const;
    bob.happens({ type: "disconnected" }).happens({ type: "described", device: "b1", description: mine });
    expect(resumedAs(bob, "ringing").did()).toContainEqual({
      do: "send",
      message: { event: "call-answer", payload: { callId: "c1", answer: mine } },
    });
  });

  it("takes up fresh credentials of the relay before it looks for another path", () => {
    const [before, fresh] = ["before", "fresh"].map((username) => [{ urls: ["turn:relay"], username }]);
    const alice = new Phone().calls("bob").serverTakes({ iceServers: before }).hears("call-ringing");
    alice.hears("call-answer").linkComesUp();
    const told = resumedAs(alice, "active", fresh).did();
    expect(told.filter(({ do: what }) => what === "renew-servers" || what === "restart-ice")).toEqual([
      { do: "renew-servers", device: "b1", iceServers: fresh },
      { do: "restart-ice", device: "b1" },
    ]);
    expect(alice.state).toMatchObject({ iceServers: fresh });
  });

  it("keeps the credentials it has where the server brings none", () => {
    const before = [{ urls: ["turn:relay"], username: "before" }];
    const alice = new Phone().calls("bob").serverTakes({ iceServers: before }).hears("call-ringing");
    alice.hears("call-answer").linkComesUp();
    expect(resumedAs(alice, "active").did()).not.toContainEqual(expect.objectContaining({ do: "renew-servers" }));
    expect(alice.state).toMatchObject({ iceServers: before });
  });

  it("as the word that media flows, is said again, even while it is interrupted", () => {
    expect(resumedAs(Phone.inCall(), "connecting").said()).toEqual(["call-connected"]);
    expect(resumedAs(Phone.inCall().linkBreaks(), "connecting").said()).toEqual(["call-connected"]);
    expect(resumedAs(Phone.inCall(), "active").said()).toEqual([]);
  });
});
