import { describe, expect, it } from "vitest";
import type { CallCommand } from "./callState";
import { Phone } from "./phone.testing";

const ANSWER = { type: "answer", sdp: "theirs" } as const;

describe("keeping addresses private", () => {
  const about = (commands: readonly CallCommand[]): string[] =>
    commands.flatMap((command) => {
      if (command.do === "open-link" || command.do === "claim-link")
        return [`${command.do}, relayed ${command.relayed}`];
      return command.do === "allow-direct" || command.do === "restart-ice" ? [command.do] : [];
    });

  it.each([
    ["direct", false],
    ["until-answered", true],
    ["always", true],
  ] as const)("warms connections %s, through the relay: %s", (relay, relayed) => {
    const alice = new Phone().calls("bob").serverTakes({ relay }).hears("call-ringing");
    expect(about(alice.did())).toEqual([`open-link, relayed ${relayed}`]);
    const bob = new Phone().hears("call-offer", { relay });
    expect(about(bob.did())).toEqual([`open-link, relayed ${relayed}`]);
  });

  it("leaves the relay after the answer, the caller first", () => {
    const alice = new Phone().calls("bob").serverTakes({ relay: "until-answered" }).hears("call-ringing").linkComesUp();
    alice.did();
    expect(about(alice.hears("call-answer").did())).toEqual(["allow-direct", "restart-ice"]);
    const bob = new Phone().hears("call-offer", { relay: "until-answered" }).linkComesUp();
    bob.did();
    expect(about(bob.accepts().did())).toEqual(["allow-direct"]);
  });

  it("leaves the relay once a connection that was not warm is up", () => {
    const alice = new Phone().calls("bob").serverTakes({ relay: "until-answered" }).hears("call-ringing");
    alice.did();
    expect(about(alice.hears("call-answer").did())).toEqual(["allow-direct"]);
    expect(about(alice.linkComesUp().did())).toEqual(["restart-ice"]);
    expect(about(alice.linkBreaks().linkComesUp().did())).toEqual(["restart-ice"]);
  });

  it("never leaves it where somebody wishes so", () => {
    const alice = new Phone().calls("bob").serverTakes({ relay: "always" }).hears("call-ringing").linkComesUp();
    alice.did();
    expect(about(alice.hears("call-answer").did())).toEqual([]);
    const cold = new Phone().calls("bob").serverTakes({ relay: "always" });
    cold.did();
    expect(about(cold.hears("call-answer").did())).toEqual(["open-link, relayed true"]);
    const bare = new Phone().calls("bob", { offer: true }).serverTakes({ relay: "always" });
    bare.did();
    expect(about(bare.hears("call-answer", { answer: ANSWER }).did())).toEqual(["claim-link, relayed true"]);
  });

  it("is direct at once with a device that never rang", () => {
    const alice = new Phone().calls("bob").serverTakes({ relay: "until-answered" });
    alice.did();
    expect(about(alice.hears("call-answer").did())).toEqual(["open-link, relayed false"]);
  });
});
