import { describe, expect, it } from "vitest";
import type { CallCommand, Timer } from "./callState";
import { Phone, resumedAs } from "./phone.testing";

const HOUR = 3_600_000;
/** As the server's relay has it: who comes with older ones is refused, be it only to go on. */
const LIFETIME = 12 * HOUR;

const given = (at: number): readonly object[] => [
  { urls: ["turn:192.0.2.1:3478"], username: `${(at + LIFETIME) / 1000}:alice`, credential: "secret" },
];

/** A phone in a relayed call: its timers fire, the server answers, and the relay looks at credentials. */
class Relayed {
  readonly alice = new Phone();
  /** When the credentials of the allocations that carry the call were given. */
  allocated = this.alice.now;
  restarts = 0;
  private configured = this.alice.now;
  private readonly timers = new Map<Timer, number>();

  constructor(private readonly role: "caller" | "callee") {
    if (role === "caller") {
      this.alice
        .calls("bob")
        .serverTakes({ iceServers: given(this.alice.now) })
        .hears("call-ringing");
      this.alice.hears("call-answer").linkComesUp();
    } else {
      this.alice.hears("call-offer", { from: "bob", iceServers: given(this.alice.now) as never }).accepts();
      this.alice.linkComesUp();
    }
    this.carryOut();
  }

  /** Lives on for so long; answers how old credentials ever were that carried the call. */
  lives(ms: number): number {
    const until = this.alice.now + ms;
    let oldest = 0;
    for (;;) {
      const [timer, at] = [...this.timers].sort(([, one], [, other]) => one - other)[0] ?? [null, Infinity];
      const next = Math.min(at, until);
      oldest = Math.max(oldest, next - this.allocated);
      this.alice.now = next;
      if (timer === null || at > until) return oldest;
      this.timers.delete(timer);
      this.alice.rings(timer);
      this.carryOut();
    }
  }

  private carryOut(): void {
    for (const command of this.alice.did()) this.does(command);
  }

  private does(command: CallCommand): void {
    if (command.do === "start-timer") this.timers.set(command.timer, this.alice.now + command.ms);
    if (command.do === "stop-timer") this.timers.delete(command.timer);
    if (command.do === "renew-servers") this.configured = this.alice.now;
    if (command.do === "restart-ice") {
      this.restarts += 1;
      this.allocated = this.configured;
    }
    if (command.do !== "send" || command.message.event !== "call-resume") return;
    const calls = [{ callId: "c1", state: "active", iceServers: given(this.alice.now) }];
    this.alice.acks("call-resume", { ok: true, fields: { ok: true, calls } });
    this.carryOut();
  }

  toString(): string {
    return this.role;
  }
}

describe("a relayed call of thirteen hours", () => {
  it.each(["caller", "callee"] as const)("goes on for the %s: nothing carries it whose credentials run out", (role) => {
    const call = new Relayed(role);
    expect(call.lives(13 * HOUR)).toBeLessThan(LIFETIME / 2 + HOUR);
    expect(call.alice.state).toMatchObject({ at: "active" });
    expect(call.restarts).toBe(2);
  });

  it("has the two do so one after the other", () => {
    const restartsBy = (role: "caller" | "callee"): number => {
      const call = new Relayed(role);
      call.lives(6 * HOUR + 30_000);
      return call.restarts;
    };
    expect([restartsBy("caller"), restartsBy("callee")]).toEqual([1, 0]);
  });
});

describe("a connection that is lost", () => {
  const restartsAndRequests = (phone: Phone): string[] =>
    phone.did().flatMap((command) => {
      if (command.do === "restart-ice" || command.do === "renew-servers") return [command.do];
      return command.do === "send" ? [command.message.event] : [];
    });

  it("is looked for at once by credentials that are not old", () => {
    const alice = Phone.inCall();
    alice.now += 6 * HOUR - 1;
    expect(restartsAndRequests(alice.linkBreaks())).toEqual(["restart-ice"]);
  });

  it("is looked for by fresh ones where those at hand are half as old as they can get", () => {
    const alice = Phone.inCall();
    alice.now += 6 * HOUR;
    expect(restartsAndRequests(alice.linkBreaks())).toEqual(["call-resume"]);
    const calls = [{ callId: "c1", state: "active", iceServers: given(alice.now) }];
    alice.acks("call-resume", { ok: true, fields: { ok: true, calls } });
    expect(restartsAndRequests(alice)).toEqual(["renew-servers", "restart-ice"]);
  });

  it("is looked for at once where the server is out of reach, too", () => {
    const alice = Phone.inCall().happens({ type: "disconnected" });
    alice.now += 6 * HOUR;
    expect(restartsAndRequests(alice.linkBreaks())).toEqual(["restart-ice"]);
  });
});

it("asks nobody while the server is out of reach, and again once it is back", () => {
  const alice = Phone.inCall().happens({ type: "disconnected" }).rings("servers");
  expect(alice.said()).toEqual([]);
  expect(alice.happens({ type: "connected" }).said()).toEqual(["call-resume"]);
});

it("counts from the time the server gave the last ones", () => {
  const alice = Phone.inCall();
  alice.now += 5 * HOUR;
  const did = resumedAs(alice, "active", given(alice.now)).did();
  expect(did).toContainEqual({ do: "start-timer", timer: "servers", ms: 6 * HOUR });
});

describe("a server that brings no fresh ones", () => {
  it("leaves them as old as they are, and is asked again before long", () => {
    const alice = new Phone()
      .calls("bob")
      .serverTakes({ iceServers: given(0) })
      .hears("call-ringing");
    alice.hears("call-answer").linkComesUp();
    alice.now += 6 * HOUR;
    expect(resumedAs(alice, "active").did()).toContainEqual({ do: "start-timer", timer: "servers", ms: 600_000 });
    expect(alice.linkBreaks().said()).toEqual(["call-resume"]);
  });

  it("has none: those do not get old", () => {
    const alice = Phone.inCall();
    alice.now += 6 * HOUR;
    expect(resumedAs(alice, "active").did()).toContainEqual({ do: "start-timer", timer: "servers", ms: 6 * HOUR });
  });
});

it("has nothing to ask once the call is over", () => {
  const alice = Phone.inCall().happens({ type: "hang-up" });
  expect(alice.did()).toContainEqual({ do: "stop-timer", timer: "servers" });
  expect(alice.rings("servers").said()).toEqual([]);
});
