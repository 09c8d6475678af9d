import { describe, expect, it } from "vitest";
import type { CallState } from "./callState";
import { Phone } from "./phone.testing";

const LAPTOP = { outcome: "answered", deviceName: "Firefox on Linux" } as const;

describe("a goodbye", () => {
  const REFUSED = { ok: false, error: { code: "not_found", message: "no such call" } } as const;
  const NOT_NOW = { ok: false, error: { code: "unavailable", message: "try again" } } as const;
  const again = (phone: Phone): string[] =>
    phone.happens({ type: "disconnected" }).happens({ type: "connected" }).said();

  it.each([
    ["end-call", () => Phone.inCall().happens({ type: "hang-up" })],
    ["call-decline", () => new Phone().hears("call-offer").happens({ type: "decline" })],
  ] as const)("by %s is said again at every connection until the server acknowledges it", (event, leaves) => {
    const phone = leaves();
    expect(phone.said()).toContain(event);
    expect(again(phone)).toEqual([event]);
    expect(again(phone)).toEqual([event]);
    expect(again(phone.acks(event))).toEqual([]);
  });

  it("that the server has no use for is not said again", () => {
    const alice = Phone.inCall().happens({ type: "hang-up" }).acks("end-call", REFUSED);
    alice.did();
    expect(again(alice)).toEqual([]);
  });

  it.each([
    ["no word comes", null],
    ["the server cannot do it now", NOT_NOW],
  ])("is said again after a moment where %s, and the connection stands", (_why, ack) => {
    const alice = Phone.inCall().happens({ type: "hang-up" }).happens({ type: "dismiss" });
    alice.did();
    expect(alice.acks("end-call", ack).did()).toEqual([{ do: "start-timer", timer: "goodbye", ms: 2_000 }]);
    expect(alice.rings("goodbye").said()).toEqual(["end-call"]);
    expect(alice.acks("end-call").rings("goodbye").said()).toEqual([]);
  });

  it.each([
    ["rings", "incoming", (phone: Phone) => phone],
    ["was taken", "connecting", (phone: Phone) => phone.accepts()],
  ] as const)("ends the call, too, that what was left became, where that %s here by then", (_how, at, goesOn) => {
    const bob = new Phone().calls("alice").happens({ type: "hang-up" }).hears("call-offer", { from: "alice" }, "c0");
    expect(goesOn(bob).state).toMatchObject({ at, callId: "c0" });
    bob.did();
    const fields = { ok: true, callId: "c0", state: "ended", reason: "completed" };
    const did = bob.acks("end-call", { ok: true, fields }).did();
    expect(bob.state).toMatchObject({ at: "ended", callId: "c0", unsent: [], outcome: { reason: "completed" } });
    expect(did).toContainEqual({ do: "stop-ringing" });
    expect(did.some(({ do: what }) => what === "send")).toBe(false);
  });

  it("ends no other call", () => {
    const bob = new Phone().calls("alice").happens({ type: "hang-up" }).hears("call-offer", { from: "alice" }, "c0");
    const fields = { ok: true, callId: "c1", state: "ended", reason: "cancelled" };
    expect(bob.acks("end-call", { ok: true, fields }).state).toMatchObject({ at: "incoming", callId: "c0" });
  });

  it("waits for the next connection where this one is gone", () => {
    const alice = Phone.inCall().happens({ type: "hang-up" }).happens({ type: "disconnected" });
    alice.did();
    expect(alice.acks("end-call", null).did()).toEqual([]);
    expect(alice.rings("goodbye").did()).toEqual([]);
  });

  it("is one of a few that are kept", () => {
    const alice = new Phone().happens({ type: "disconnected" });
    for (let n = 0; n < 100; n += 1) alice.hears("call-offer", {}, `c${n}`).happens({ type: "decline" });
    alice.did();
    expect(alice.happens({ type: "connected" }).said()).toHaveLength(8);
  });
});

describe("an end", () => {
  it("keeps the call that another device took", () => {
    const bob = new Phone().hears("call-offer").accepts().serverRefuses("call-answer", "conflict");
    expect(bob.state).toMatchObject({ at: "ended", outcome: { kind: "refused" } });
    bob.hears("call-elsewhere", { elsewhere: LAPTOP });
    expect(bob.state).toMatchObject({ at: "ended", outcome: { kind: "elsewhere", ...LAPTOP } });
  });

  it("of a caller whom they decline says whether they are busy", () => {
    const alice = new Phone().calls("bob").serverTakes().hears("call-ringing").hears("call-decline");
    expect(alice.state).toMatchObject({ at: "ended", outcome: { reason: "declined" } });
    expect(alice.hears("end-call", { reason: "busy" }).state).toMatchObject({ outcome: { reason: "busy" } });
    const bob = new Phone().hears("call-offer").happens({ type: "decline" });
    expect(bob.hears("end-call", { reason: "busy" }).state).toMatchObject({ outcome: { reason: "declined" } });
  });

  it("that a device slept through is told as what another device did", () => {
    const asleep = (entry: object): CallState =>
      new Phone()
        .hears("call-offer")
        .acks("call-resume", { ok: true, fields: { calls: [{ callId: "c1", state: "ended", ...entry }] } }).state;
    expect(asleep({ ...LAPTOP, device: "b2" })).toMatchObject({ outcome: { kind: "elsewhere", ...LAPTOP } });
    expect(asleep({ ...LAPTOP, reason: "completed" })).toMatchObject({ outcome: { kind: "elsewhere", ...LAPTOP } });
    expect(asleep({ reason: "declined" })).toMatchObject({
      outcome: { kind: "elsewhere", outcome: "declined", deviceName: null },
    });
    expect(asleep({ reason: "cancelled" })).toMatchObject({ outcome: { kind: "reason", reason: "cancelled" } });
    expect(asleep({})).toMatchObject({ outcome: { kind: "reason", reason: "connection_lost" } });
  });

  it("is the server's word when it refuses the call", () => {
    const alice = new Phone().calls("bob").serverRefuses("call-offer", "forbidden");
    expect(alice.state).toMatchObject({ at: "ended", outcome: { kind: "refused", error: { code: "forbidden" } } });
  });

  it("comes by itself when the server is out of reach", () => {
    const alice = new Phone().happens({ type: "disconnected" }).calls("bob");
    expect(alice.said()).toEqual([]);
    expect(alice.rings("ring").state).toMatchObject({ at: "ended", outcome: { kind: "offline" } });
  });

  it.each(["hang-up", "decline"] as const)("by a %s offline is not undone by the server, which rings anew", (how) => {
    const bob = new Phone().hears("call-offer").happens({ type: "disconnected" });
    bob.happens({ type: how }).happens({ type: "connected" });
    bob.did();
    expect(bob.hears("call-offer").did()).toEqual([]);
    expect(bob.happens({ type: "dismiss" }).hears("call-offer").did()).toEqual([]);
    expect(bob.state.at).toBe("idle");
    expect(bob.hears("call-offer", {}, "c2").state).toMatchObject({ at: "incoming", callId: "c2" });
  });

  it("leaves room for the next call at once", () => {
    const bob = Phone.inCall().hears("end-call", { reason: "completed" }).hears("call-offer", {}, "c2");
    expect(bob.state).toMatchObject({ at: "incoming", callId: "c2" });
  });
});
