import { describe, expect, it } from "vitest";
import type { Timer } from "./callState";
import { Phone } from "./phone.testing";

const calling = (): Phone => new Phone().calls("bob").serverTakes().hears("call-ringing");
const ringing = (): Phone => new Phone().hears("call-offer");
const connecting = (): Phone => ringing().accepts();
const theyAreAway = (): Phone => Phone.inCall().hears("peer-connection", { state: "reconnecting" }).linkBreaks();

const away = (phone: Phone): Phone => phone.happens({ type: "disconnected" });

describe("a limit of the server's that this device does not know", () => {
  it.each([
    ["while it calls", calling, "ring", 50_000],
    ["while it rings", ringing, "ring", 50_000],
    ["while it connects", connecting, "connect", 25_000],
    ["while the other side is away", theyAreAway, "grace", 30_000],
  ] as const)("rules %s: the server is asked how the call stands, and nothing ends", (_when, begun, timer, ms) => {
    const phone = begun();
    const { at } = phone.state;
    phone.did();
    expect(phone.rings(timer).did()).toEqual([
      { do: "send", message: { event: "call-resume", payload: { calls: ["c1"], received: { c1: 0 } } } },
      { do: "start-timer", timer, ms },
    ]);
    expect(phone.state.at).toBe(at);
  });

  it("ends a call of whose end nothing was heard", () => {
    const alice = calling().rings("ring");
    alice.acks("call-resume", { ok: true, fields: { calls: [{ callId: "c1", state: "ended", reason: "no_answer" }] } });
    expect(alice.state).toMatchObject({ at: "ended", outcome: { reason: "no_answer" } });
  });

  it.each([
    [ringing, "ring", "no_answer"],
    [connecting, "connect", "connect_failed"],
    [theyAreAway, "grace", "connection_lost"],
  ] as readonly (readonly [() => Phone, Timer, string])[])(
    "is not waited for by a device that is offline (%s, %s: %s)",
    (begun, timer, reason) => {
      expect(away(begun()).rings(timer).state).toMatchObject({ at: "ended", outcome: { kind: "reason", reason } });
    },
  );

  it("ends a call that a device made and could not tell of, and says that it was offline", () => {
    expect(away(calling()).rings("ring").state).toMatchObject({ at: "ended", outcome: { kind: "offline" } });
  });

  it("is none where media alone is lost: this device gives it up by itself", () => {
    const alice = Phone.inCall().linkBreaks().rings("grace");
    expect(alice.state).toMatchObject({ at: "ended", outcome: { reason: "connection_lost" } });
    expect(alice.said()).toContain("end-call");
  });
});
