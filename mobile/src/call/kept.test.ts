import { describe, expect, it } from "vitest";
import { IDLE, type CallState } from "./callState";
import { gistOf, keptOf, keptIn } from "./kept";
import { Phone } from "./phone.testing";

const NOW = 1_000_000;

/** What a page kept in that call, with something changed in it. */
function keptWith(change: (call: Record<string, unknown>) => void, state: CallState = Phone.inCall().state): string {
  const kept = JSON.parse(keptOf([state], true, NOW, "alice") ?? "") as { calls: Record<string, unknown>[] };
  for (const call of kept.calls) change(call);
  return JSON.stringify(kept);
}

describe("what was kept of a call", () => {
  it.each([
    ["nothing", null],
    ["no JSON", "{"],
    ["another kind of thing", "7"],
    ["nothing of a call", JSON.stringify({ keptAt: NOW, calls: [null] })],
    ["no list", JSON.stringify({ keptAt: NOW, calls: {} })],
    ["the shape of another version", JSON.stringify({ keptAt: NOW, call: { at: "active", callId: "c1" } })],
    ["a call without a peer", keptWith((call) => delete call.peer)],
    ["a call that sends who knows what", keptWith((call) => (call.sending = { audio: "yes" }))],
    ["a call without the other device", keptWith((call) => (call.device = 7))],
    ["a call in a state there is not", keptWith((call) => (call.at = "flying"))],
  ])("is nothing if it is %s", (_what, kept) => {
    expect(keptIn(kept, NOW)).toBeNull();
  });

  it("is nothing if it is from long ago, or from a clock that was wrong", () => {
    const kept = keptOf([Phone.inCall().state], true, NOW, "alice");
    expect(keptIn(kept, NOW + 301_000)).toBeNull();
    expect(keptIn(kept, NOW - 301_000)).toBeNull();
    expect(keptIn(kept, NOW + 299_000)?.calls).toHaveLength(1);
  });

  it("is each call that can be come back to, the one in front first", () => {
    const front = Phone.inCall().state;
    const held = { ...Phone.inCall().happens({ type: "hold", held: true }).state, callId: "c2" } as CallState;
    const calls = keptIn(keptOf([front, held], false, NOW, "alice"), NOW)?.calls ?? [];
    expect(calls.map(({ callId }) => callId)).toEqual(["c1", "c2"]);
    expect(calls[1]).toMatchObject({ at: "reconnecting", held: true });
  });

  it("is told to the other side anew where nobody knows what it was told", () => {
    const call = keptIn(
      keptWith((one) => (one.told = null)),
      NOW,
    )?.calls[0];
    expect(call).toMatchObject({ sending: { audio: true, video: true }, told: null });
  });

  it("is heard from the beginning where nobody knows what of it was", () => {
    const call = keptIn(
      keptWith((one) => (one.received = null)),
      NOW,
    )?.calls[0];
    expect(call).toMatchObject({ received: 0 });
  });

  it("tells whether the page said that it goes", () => {
    const { state } = Phone.inCall();
    expect(keptIn(keptOf([state], true, NOW, "alice"), NOW)?.left).toBe(true);
    expect(keptIn(keptOf([state], false, NOW, "alice"), NOW)?.left).toBe(false);
  });

  it("is nothing of calls that ring here, or are over", () => {
    const ringing = new Phone().hears("call-offer", { from: "alice", device: "a1" }).state;
    const over = Phone.inCall().happens({ type: "hang-up" }).acks("end-call").state;
    expect(keptOf([ringing, over], false, NOW, "alice")).toBeNull();
    expect(keptOf([IDLE], false, NOW, "alice")).toBeNull();
  });

  it("is small enough for a keychain", () => {
    const sdp = "a=candidate:1 1 udp 2122260223 192.0.2.1 54321 typ host\r\n".repeat(50);
    const bob = new Phone().hears("call-offer", { offer: { type: "offer", sdp } }).accepts();
    const { state } = bob.happens({ type: "described", device: "b1", description: { type: "answer", sdp } });
    expect(state).toMatchObject({ at: "connecting", owesAnswer: false });
    const many = new Phone().happens({ type: "disconnected" });
    const id = "c0000000-0000-4000-8000-000000000001";
    for (let n = 0; n < 9; n += 1) many.hears("call-offer", {}, id + n).happens({ type: "decline", busy: true });
    expect(many.state.unsent).toHaveLength(8);
    const both = [{ ...state, unsent: many.state.unsent }, state];
    expect(keptOf(both, false, NOW, "alice")?.length).toBeLessThan(2_048);
  });
});

describe("what was kept of goodbyes", () => {
  const offline = (phone: Phone): Phone => phone.happens({ type: "disconnected" });
  const leaves = (): Phone => offline(Phone.inCall()).happens({ type: "hang-up" });
  const declines = (): Phone => offline(new Phone().hears("call-offer", {}, "c2")).happens({ type: "decline" });

  it("is those that the server may not have heard, of both calls", () => {
    const kept = keptIn(keptOf([leaves().state, declines().state], true, NOW, "alice"), NOW);
    expect(kept).toMatchObject({
      calls: [],
      unsent: [
        { event: "end-call", payload: { callId: "c1" } },
        { event: "call-decline", payload: { callId: "c2" } },
      ],
    });
  });

  it("is what was said, with its reason", () => {
    const lost = offline(Phone.inCall().linkBreaks()).rings("grace").state;
    const busy = offline(new Phone().hears("call-offer", {}, "c2")).happens({ type: "decline", busy: true }).state;
    expect(keptIn(keptOf([lost, busy], true, NOW, "alice"), NOW)?.unsent).toEqual([...lost.unsent, ...busy.unsent]);
  });

  it("is no other message, and nothing of it if one has not its shape", () => {
    for (const unsent of [[{ event: "call-offer", payload: { callId: "c1" } }], [{ event: "end-call" }], [7], 7]) {
      expect(keptIn(JSON.stringify({ keptAt: NOW, left: true, calls: [], unsent }), NOW)).toBeNull();
    }
  });
});

it("a page loaded anew says the goodbyes that the one before could not, and does not ring for what was refused", () => {
  const before = new Phone().hears("call-offer").happens({ type: "disconnected" }).happens({ type: "decline" });
  const goodbyes = keptIn(keptOf([before.state], true, NOW, "alice"), NOW)?.unsent ?? [];
  const bob = new Phone().happens({ type: "disconnected" }).happens({ type: "left-unsaid", goodbyes });
  expect(bob.said()).toEqual([]);
  expect(bob.happens({ type: "connected" }).said()).toEqual(["call-decline"]);
  expect(bob.hears("call-offer").state.at).toBe("idle");
  expect(bob.acks("call-decline").state.unsent).toEqual([]);
});

it("what is worth keeping at once changes with what a person does, not with every message", () => {
  const phone = Phone.inCall();
  const before = gistOf([phone.state]);
  phone.happens({ type: "heard", message: { event: "call-decline", callId: "other" }, seq: 9 });
  phone.hears("ice-candidate", { device: "b1", candidates: [{ candidate: "candidate:1" }] });
  expect(gistOf([phone.state])).toBe(before);
  phone.happens({ type: "media", sending: { audio: false } });
  expect(gistOf([phone.state])).not.toBe(before);
});
