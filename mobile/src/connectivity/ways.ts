/** The ways a call could go, each of which the test of the connection tries. */
import type { IceServer } from "../signaling/messages";

/** How a device reaches the relay. */
export type Transport = "udp" | "tcp" | "tls";

export interface Relay {
  readonly is: "relay";
  readonly by: Transport;
  /** Without the brackets of an IPv6 address. */
  readonly host: string;
  readonly port: number;
  /** This one URL, and its credentials. */
  readonly server: IceServer;
}

export type Way =
  /** The signaling: without it nothing rings. */
  | { readonly is: "server" }
  /** From device to device: this one learns its address as others see it. */
  | { readonly is: "direct"; readonly port: number; readonly servers: readonly IceServer[] }
  | Relay
  /** The server tells of no such relay. */
  | { readonly is: "missing"; readonly by: Transport };

const TRANSPORTS: readonly Transport[] = ["udp", "tcp", "tls"];
/** Nobody has more ways to a relay than these; each one tried is two allocations. */
const MAX_RELAYS = 8;

/** What can be tried with these servers, the way to this one first. */
export function waysOf(iceServers: readonly IceServer[]): readonly Way[] {
  const relays = iceServers.flatMap(relaysOf).slice(0, MAX_RELAYS);
  return [
    { is: "server" },
    directBy(iceServers),
    ...TRANSPORTS.flatMap((by): readonly Way[] => {
      const those = relays.filter((relay) => relay.by === by);
      return those.length > 0 ? those : [{ is: "missing", by }];
    }),
  ];
}

/** A relay answers STUN, too (RFC 8656, section 5), should there be nothing else that does. */
function directBy(iceServers: readonly IceServer[]): Way {
  const stun = iceServers.flatMap((server) => onlyUrls(server, (url) => readUrl(url)?.scheme === "stun"));
  const servers = stun.length > 0 ? stun : iceServers;
  return { is: "direct", servers, port: readUrl(stun[0]?.urls[0] ?? "")?.port ?? STUN_PORT };
}

function onlyUrls(server: IceServer, matches: (url: string) => boolean): readonly IceServer[] {
  const urls = server.urls.filter(matches);
  return urls.length === 0 ? [] : [{ ...server, urls }];
}

function relaysOf(server: IceServer): readonly Relay[] {
  return server.urls.flatMap((url): readonly Relay[] => {
    const read = readUrl(url);
    if (read === null || read.scheme === "stun" || read.scheme === "stuns") return [];
    const by = read.scheme === "turns" ? "tls" : read.transport === "tcp" ? "tcp" : "udp";
    return [{ is: "relay", by, host: read.host, port: read.port, server: { ...server, urls: [url] } }];
  });
}

const STUN_PORT = 3478;
const TLS_PORT = 5349;

/** RFC 7064, section 3.1, and RFC 7065, section 3.1. */
const URL = /^(stuns?|turns?):(?:\[([^\]]+)\]|([^:?]+))(?::(\d{1,5}))?(?:\?transport=(\w+))?$/i;

function readUrl(url: string): { scheme: string; host: string; port: number; transport: string } | null {
  const [whole, scheme = "", literal, name, port, transport = ""] = URL.exec(url) ?? [];
  if (whole === undefined) return null;
  return {
    scheme: scheme.toLowerCase(),
    host: literal ?? name ?? "",
    port: port === undefined ? (scheme.toLowerCase().endsWith("s") ? TLS_PORT : STUN_PORT) : Number(port),
    transport: transport.toLowerCase(),
  };
}
