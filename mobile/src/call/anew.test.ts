import { describe, expect, it } from "vitest";
import type { CallEvent } from "./callState";
import { Phone } from "./phone.testing";

const offerOf = (session: number) => ({ type: "offer", sdp: `o=- ${session} 2 IN IP4 0\r\n` }) as const;

/** How many connections it opens. */
function opens(phone: Phone): number {
  return phone.did().filter(({ do: what }) => what === "open-link").length;
}

function often(times: number, one: (n: number) => void): void {
  for (let n = 0; n < times; n += 1) one(n);
}

describe("the other side, however often it begins anew, has this device make a few connections a minute", () => {
  const calling = (): Phone => new Phone().calls("bob").serverTakes().hears("call-ringing");
  const ringing = (): Phone =>
    new Phone().hears("call-offer").hears("call-description", { description: offerOf(1_000) });
  const inCall = (): Phone => Phone.inCall().hears("peer-connection", { state: "reconnected" });
  const replaced = (n: number): CallEvent => ({ type: "link-replaced", device: "b1", description: offerOf(n) });

  it.each([
    // Where it rang, one was made for that.
    ["rings", 15, calling, (phone: Phone) => phone.hears("call-ringing")],
    ["calls", 16, ringing, (phone: Phone, n: number) => phone.hears("call-description", { description: offerOf(n) })],
    ["is in the call", 15, inCall, (phone: Phone, n: number) => phone.happens(replaced(n))],
  ] as const)("while it %s", (_where, most, begun, beginsAnew) => {
    const phone = begun();
    phone.did();
    often(100, (n) => beginsAnew(phone, n));
    expect(opens(phone)).toBe(most);
    phone.now += 59_000;
    beginsAnew(phone, 101);
    expect(opens(phone)).toBe(0);
    phone.now += 1_000;
    beginsAnew(phone, 102);
    expect(opens(phone)).toBe(1);
  });

  it("and is called all the same by one that rang too often", () => {
    const alice = calling();
    often(20, () => alice.hears("call-ringing"));
    expect(alice.state).toMatchObject({ links: {} });
    alice.did();
    expect(alice.hears("call-answer").state).toMatchObject({ at: "connecting", links: { b1: "warming" } });
    expect(opens(alice)).toBe(1);
  });

  it("and begins nothing anew by saying the same again", () => {
    const bob = ringing();
    often(50, () => bob.hears("call-description", { description: offerOf(1_000) }));
    bob.did();
    bob.hears("call-description", { description: offerOf(1) });
    expect(opens(bob)).toBe(1);
  });
});
