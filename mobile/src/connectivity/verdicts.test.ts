import { describe, expect, it } from "vitest";
import { conclusionOf, faultOf, verdictsOf, type Fault, type Finding, type Tried, type Verdict } from "./verdicts";
import { waysOf, type Way } from "./ways";

const GOOD: Finding = { is: "good", ms: 12.4 };
const bad = (fault: Fault): Finding => ({ is: "bad", fault });
const URLS = ["turn:192.0.2.1:3478?transport=udp", "turn:192.0.2.1:3478?transport=tcp", "turns:calls.example:5349"];

/** A test of those ways, each found to be as told by its name; good, where nothing is told. */
function tried(told: Readonly<Record<string, Finding | null>> = {}, urls: readonly string[] = URLS): Tried[] {
  const ways = waysOf([{ urls: ["stun:192.0.2.1:3478"] }, { urls }]);
  const name = (way: Way): string => ("by" in way ? way.by : way.is);
  return ways.map((way) => ({ way, finding: name(way) in told ? (told[name(way)] ?? null) : GOOD }));
}

function verdict(id: string, all: readonly Tried[]): Verdict | undefined {
  return verdictsOf(all).find((one) => one.id === id);
}

it("has a line for each way, with how long it takes", () => {
  expect(verdictsOf(tried()).map(({ title, is, words, remedy }) => [title, is, words, remedy])).toEqual([
    ["Server", "good", "Answers in 12 ms.", null],
    ["Direct", "good", "Your address as others see it was found in 12 ms.", null],
    ["Relay over UDP", "good", "Carries calls, 12 ms there and back.", null],
    ["Relay over TCP", "good", "Carries calls, 12 ms there and back.", null],
    ["Relay over TLS", "good", "Carries calls, 12 ms there and back.", null],
  ]);
  expect(verdict("relay-udp", tried({ udp: { is: "good", ms: 0.3 } }))?.words).toContain("less than 1 ms");
});

it("says of what is being tried that it is", () => {
  expect(verdict("relay-tcp", tried({ tcp: null }))).toMatchObject({ is: "trying", words: "Trying …", remedy: null });
});

it("tells relays of one kind apart by where they are", () => {
  const two = tried({}, ["turns:calls.example:5349", "turns:calls.example:443"]);
  expect(verdict("relay-tls", two)?.title).toBe("Relay over TLS (calls.example, port 5349)");
  expect(verdict("relay-tls-2", two)?.title).toBe("Relay over TLS (calls.example, port 443)");
});

describe("what is wrong, and what to do", () => {
  it.each([
    ["udp", "no-answer", "No answer.", "Open UDP ports 3478 and 49152-65535 to 192.0.2.1, or name the public address"],
    ["tcp", "no-answer", "No answer.", "Open TCP port 3478 to 192.0.2.1"],
    ["tls", "no-answer", "No answer.", "Open TCP port 5349 to calls.example, and see that the certificate"],
    ["udp", "refused", "Refuses the credentials it is given.", "KITH_TURN_SECRET"],
    ["udp", "full", "Takes no more calls.", "KITH_TURN_ALLOCATIONS"],
    ["udp", "carries-nothing", "Answers, but carries nothing.", "KITH_TURN_RELAY_PORTS (49152-65535)"],
    ["tls", "unusable", "This device cannot use it.", "turns:calls.example:5349"],
  ] as const)("with a relay by %s: %s", (by, fault, words, remedy) => {
    const said = verdict(`relay-${by}`, tried({ [by]: bad(fault) }));
    expect(said).toMatchObject({ is: "bad", words });
    expect(said?.remedy).toContain(remedy);
  });

  it("with the server", () => {
    expect(verdict("server", tried({ server: bad("no-answer") }))?.words).toContain("nobody can be called");
    expect(verdict("server", tried({ server: bad("no-line") }))?.remedy).toContain("/socket.io/");
  });

  it("with the direct way", () => {
    const closed = tried({ direct: bad("no-answer"), udp: bad("no-answer") });
    expect(verdict("direct", closed)).toMatchObject({ is: "bad", remedy: "Open UDP port 3478 to the server." });
  });

  it("with a relay there is none of: nothing, but TLS would help some", () => {
    const plain = tried({}, URLS.slice(0, 2));
    expect(verdict("relay-tls", plain)).toMatchObject({ is: "absent", words: "This server tells of none." });
    expect(verdict("relay-tls", plain)?.remedy).toContain("KITH_TLS_CERT");
    expect(verdict("relay-tcp", tried({}, []))).toMatchObject({ is: "absent", remedy: null });
  });
});

it("takes an address that is seen as it is for a good one where UDP reaches the relay", () => {
  expect(verdict("direct", tried({ direct: bad("no-answer") }))).toMatchObject({
    is: "good",
    words: "Nothing between you and the server changes your address.",
  });
});

it.each([
  [false, null, "no-answer"],
  [false, 701, "no-answer"],
  [false, 401, "refused"],
  [false, 486, "full"],
  [false, 508, "full"],
  [true, null, "carries-nothing"],
  [true, 701, "carries-nothing"],
] as const)("a relay that gave an address: %s, and the error %s: %s", (relayed, code, fault) => {
  expect(faultOf({ relayed, code })).toBe(fault);
});

describe("all in a sentence", () => {
  const none = { udp: bad("no-answer"), tcp: bad("no-answer"), tls: bad("no-answer") };

  it.each([
    [{}, "Calls work from here."],
    [{ udp: bad("no-answer") }, "Calls work from here, though not by every way."],
    [none, "Calls work from here, but not to every network"],
    [{ ...none, direct: bad("no-answer") }, "Calls will find no way"],
    [{ server: bad("no-line") }, "Calls do not work here now."],
  ] as const)("%o", (told, sentence) => {
    expect(conclusionOf(tried(told))).toContain(sentence);
  });

  it("does not mind what the server has none of", () => {
    expect(conclusionOf(tried({ tls: null }, URLS.slice(0, 2)))).toBe("Calls work from here.");
  });

  it("waits until everything is tried", () => {
    expect(conclusionOf(tried({ tcp: null }))).toBeNull();
  });
});
