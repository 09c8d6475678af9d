import { expect, it } from "vitest";
import { waysOf, type Way } from "./ways";

const CREDENTIALS = { username: "1790000000:alice", credential: "secret" };
const said = (ways: readonly Way[]): string[] =>
  ways.map((way) => {
    if (way.is === "relay") return `relay by ${way.by} at ${way.host} port ${way.port}`;
    return way.is === "missing" ? `no relay by ${way.by}` : way.is;
  });

it("tries the server, the direct way, and each relay URL in the order of their use", () => {
  const ways = waysOf([
    { urls: ["stun:192.0.2.1:3478"] },
    {
      urls: [
        "turns:calls.example.org:5349?transport=tcp",
        "turn:192.0.2.1:3478?transport=udp",
        "turn:192.0.2.1:3478?transport=tcp",
        "turns:calls.example.org:443?transport=tcp",
      ],
      ...CREDENTIALS,
    },
  ]);
  expect(said(ways)).toEqual([
    "server",
    "direct",
    "relay by udp at 192.0.2.1 port 3478",
    "relay by tcp at 192.0.2.1 port 3478",
    "relay by tls at calls.example.org port 5349",
    "relay by tls at calls.example.org port 443",
  ]);
  expect(ways[1]).toEqual({ is: "direct", port: 3478, servers: [{ urls: ["stun:192.0.2.1:3478"] }] });
  expect(ways[3]).toMatchObject({ server: { urls: ["turn:192.0.2.1:3478?transport=tcp"], ...CREDENTIALS } });
});

it("knows the ports and the transport of URLs that do not name them", () => {
  const ways = waysOf([{ urls: ["turn:relay.example", "turns:relay.example", "turn:[2001:db8::1]:3479"] }]);
  expect(said(ways).slice(2)).toEqual([
    "relay by udp at relay.example port 3478",
    "relay by udp at 2001:db8::1 port 3479",
    "no relay by tcp",
    "relay by tls at relay.example port 5349",
  ]);
});

it("asks a relay for its own address where there is no STUN server", () => {
  const server = { urls: ["turn:relay.example:3479"], ...CREDENTIALS };
  expect(waysOf([server])[1]).toEqual({ is: "direct", port: 3478, servers: [server] });
});

it("says which relays there are none of", () => {
  const none = ["server", "direct", "no relay by udp", "no relay by tcp", "no relay by tls"];
  expect(said(waysOf([]))).toEqual(none);
  expect(said(waysOf([{ urls: ["http://relay.example", "turn:", ""] }]))).toEqual(none);
});

it("tries no more than eight", () => {
  const urls = Array.from({ length: 50 }, (_, port) => `turn:relay.example:${port + 1}`);
  expect(said(waysOf([{ urls }])).filter((one) => one.startsWith("relay by"))).toHaveLength(8);
});
