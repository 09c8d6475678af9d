/** What the test of the connection says of what it found, in plain words. */
import type { Relay, Transport, Way } from "./ways";

/** Why a way is no way. */
export type Fault =
  /** Nothing came back in time, or what is there speaks another language. */
  | "no-answer"
  /** It is there and wants no such credentials. */
  | "refused"
  /** It is there and has no room. */
  | "full"
  /** It is there, gave an address, and what was sent there did not arrive. */
  | "carries-nothing"
  /** This browser cannot use such an address. */
  | "unusable"
  /** The server answers, and yet the line by which calls ring is down. */
  | "no-line";

export type Finding = { readonly is: "good"; readonly ms: number } | { readonly is: "bad"; readonly fault: Fault };

/** A way, and what was found; `null` while it is being tried. */
export interface Tried {
  readonly way: Way;
  readonly finding: Finding | null;
}

export interface Verdict {
  /** No two of a test share one. */
  readonly id: string;
  readonly title: string;
  /** `absent` is neither good nor bad: there is no such way here. */
  readonly is: "trying" | "good" | "bad" | "absent";
  readonly words: string;
  /** What would help, for who runs the server; `null` where nothing has to. */
  readonly remedy: string | null;
}

const OVER: Readonly<Record<Transport, string>> = { udp: "UDP", tcp: "TCP", tls: "TLS" };

export function verdictsOf(tried: readonly Tried[]): readonly Verdict[] {
  return tried.map((one, at) => ({ id: idOf(tried, at), title: titleOf(tried, one.way), ...judge(one, tried) }));
}

/** All of it in a sentence; `null` until everything is tried. */
export function conclusionOf(tried: readonly Tried[]): string | null {
  if (tried.some(({ way, finding }) => finding === null && way.is !== "missing")) return null;
  const verdicts = verdictsOf(tried);
  const good = (...kinds: readonly Way["is"][]): boolean =>
    tried.some(({ way }, at) => kinds.includes(way.is) && verdicts[at]?.is === "good");
  if (!good("server")) return "Calls do not work here now.";
  if (!good("direct", "relay")) return "Calls will find no way, except to devices in the same network.";
  if (verdicts.every(({ is }) => is !== "bad")) return "Calls work from here.";
  if (!good("relay")) return "Calls work from here, but not to every network: there the relay would be needed.";
  return "Calls work from here, though not by every way. Other networks may need those that are closed.";
}

/**
 * Why a relay did not do: whether it gave an address at all, and the last error it told, as the browser reports it
 * (STUN error codes: RFC 8656, section 19, and RFC 8489, section 14.8; 701 is the browser's own, for no answer).
 */
export function faultOf({ relayed, code }: { readonly relayed: boolean; readonly code: number | null }): Fault {
  if (relayed) return "carries-nothing";
  switch (code) {
    case 400:
    case 401:
    case 403:
    case 438:
    case 441:
      return "refused";
    case 486:
    case 508:
      return "full";
    default:
      return "no-answer";
  }
}

type Judgement = Pick<Verdict, "is" | "words" | "remedy">;

function judge({ way, finding }: Tried, all: readonly Tried[]): Judgement {
  if (way.is === "missing") return absent(way.by);
  if (finding === null) return { is: "trying", words: "Trying …", remedy: null };
  switch (way.is) {
    case "server":
      return finding.is === "good" ? good(`Answers in ${span(finding.ms)}.`) : ofServer(finding.fault);
    case "direct":
      return ofDirect(finding, way.port, all);
    case "relay":
      return finding.is === "good"
        ? good(`Carries calls, ${span(finding.ms)} there and back.`)
        : ofRelay(way, finding.fault);
  }
}

function ofServer(fault: Fault): Judgement {
  return fault === "no-line"
    ? bad(
        "Answers, but the line by which calls ring is down.",
        "A proxy in front of the server must pass on /socket.io/, best with WebSockets.",
      )
    : bad(
        "No answer: nothing rings here, and nobody can be called.",
        "See whether the server runs, and can be reached.",
      );
}

function ofDirect(finding: Finding, port: number, all: readonly Tried[]): Judgement {
  if (finding.is === "good") return good(`Your address as others see it was found in ${span(finding.ms)}.`);
  // Who asks from where the server is sees nothing new: the answer came to the address it is about.
  if (all.some(({ way, finding: of }) => way.is === "relay" && way.by === "udp" && of?.is === "good")) {
    return good("Nothing between you and the server changes your address.");
  }
  return bad(
    "Your address as others see it was not found: calls need the relay.",
    `Open UDP port ${port} to the server.`,
  );
}

function ofRelay(relay: Relay, fault: Fault): Judgement {
  switch (fault) {
    case "no-answer":
      return bad("No answer.", openingFor(relay));
    case "refused":
      return bad(
        "Refuses the credentials it is given.",
        "KITH_TURN_SECRET must be the relay's own secret, and the clocks of server and relay must agree.",
      );
    case "full":
      return bad(
        "Takes no more calls.",
        "It may be about to stop; else raise KITH_TURN_ALLOCATIONS, KITH_TURN_ALLOCATIONS_PER_USER or KITH_TURN_RELAY_PORTS.",
      );
    case "carries-nothing":
      return bad(
        "Answers, but carries nothing.",
        "Open the UDP ports of KITH_TURN_RELAY_PORTS (49152-65535) to the server, or name its public address in KITH_TURN_EXTERNAL_IP.",
      );
    case "unusable":
    case "no-line":
      return bad("This device cannot use it.", `Look at the address of the relay: ${relay.server.urls.join()}`);
  }
}

function openingFor({ by, host, port }: Relay): string {
  switch (by) {
    case "udp":
      return `Open UDP ports ${port} and 49152-65535 to ${host}, or name the public address of the server in KITH_TURN_EXTERNAL_IP.`;
    case "tcp":
      return `Open TCP port ${port} to ${host}, or name the public address of the server in KITH_TURN_EXTERNAL_IP.`;
    case "tls":
      return `Open TCP port ${port} to ${host}, and see that the certificate in KITH_TLS_CERT is for that name.`;
  }
}

function absent(by: Transport): Judgement {
  const words = "This server tells of none.";
  const remedy = "Networks that let out nothing but web pages need it: KITH_TLS_CERT and KITH_TLS_KEY.";
  return { is: "absent", words, remedy: by === "tls" ? remedy : null };
}

function good(words: string): Judgement {
  return { is: "good", words, remedy: null };
}

function bad(words: string, remedy: string): Judgement {
  return { is: "bad", words, remedy };
}

function idOf(tried: readonly Tried[], at: number): string {
  const name = nameOf(tried[at]?.way);
  const before = tried.slice(0, at).filter(({ way }) => nameOf(way) === name).length;
  return before === 0 ? name : `${name}-${before + 1}`;
}

function nameOf(way: Way | undefined): string {
  return way === undefined ? "" : "by" in way ? `relay-${way.by}` : way.is;
}

function titleOf(tried: readonly Tried[], way: Way): string {
  if (way.is === "server") return "Server";
  if (way.is === "direct") return "Direct";
  const title = `Relay over ${OVER[way.by]}`;
  const several = tried.filter(({ way: other }) => nameOf(other) === nameOf(way)).length > 1;
  return way.is === "relay" && several ? `${title} (${way.host}, port ${way.port})` : title;
}

function span(ms: number): string {
  return ms < 1 ? "less than 1 ms" : `${Math.round(ms)} ms`;
}
