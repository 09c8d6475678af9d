// A small world of made-up people for looking at screens: REST by routed requests, Socket.IO by a routed WebSocket.
// It lives in the test that opens the page; nothing of it is in the app's bundle.
import { createServer } from "node:http";
import { readFile } from "node:fs/promises";
import { dirname, extname, join, normalize } from "node:path";
import { fileURLToPath } from "node:url";

const dist = join(dirname(dirname(fileURLToPath(import.meta.url))), "dist", "web");
const TYPES = { ".html": "text/html", ".js": "text/javascript", ".ico": "image/x-icon", ".json": "application/json" };

/** Serves dist/web as a Kith server does: what is no file is the page. */
export async function serveApp() {
  const server = createServer(async (request, response) => {
    const path = normalize(new URL(request.url, "http://localhost").pathname);
    const file = path === "/" || extname(path) === "" ? "/index.html" : path;
    try {
      const body = await readFile(join(dist, file));
      response.writeHead(200, { "content-type": TYPES[extname(file)] ?? "application/octet-stream" }).end(body);
    } catch {
      response.writeHead(404).end();
    }
  });
  await new Promise((listening) => server.listen(0, "127.0.0.1", listening));
  return { url: `http://localhost:${server.address().port}`, close: () => server.close() };
}

const user = (username, displayName) => ({ id: `u-${username}`, username, displayName });
export const PEOPLE = {
  alice: user("alice", "Alice Moreau"),
  bob: user("bob", "Bob Lindqvist"),
  carol: user("carol", "Carol Nakamura"),
  dave: user("dave", "Dave Okonkwo"),
  long: user("maximiliana", "Maximiliana-Theodora von Hohenstein-Oberpfaffenhofen the Younger 🌻"),
};

const member = (person, role, status) => ({
  userId: person.id,
  username: person.username,
  displayName: person.displayName,
  role,
  status,
});

export function aliceWorld({ circles = true, members = true, calls = true } = {}) {
  const { alice, bob, carol, dave, long } = PEOPLE;
  const now = Date.now();
  const past = (n, peer, direction, reason, media, minutesAgo, durationMs) => ({
    callId: `call-${n}`,
    circleId: "c1",
    peer: { userId: peer.id, username: peer.username, displayName: peer.displayName },
    direction,
    media,
    reason,
    startedAt: now - minutesAgo * 60_000,
    endedAt: now - minutesAgo * 60_000 + durationMs,
    durationMs,
    missed: direction === "incoming" && reason === "no_answer",
    seen: reason !== "no_answer",
    ...(durationMs > 0 && { quality: durationMs > 100_000 ? "good" : "poor" }),
  });
  return {
    "GET /api/config": { registration: "open", version: "0.1.0" },
    "GET /api/circles": {
      circles: circles
        ? [
            { id: "c1", name: "Family", ownerId: alice.id, role: "owner", memberCount: 5 },
            { id: "c2", name: "Climbing club", ownerId: bob.id, role: "member", memberCount: 12 },
            {
              id: "c3",
              name: "The Thursday evening sourdough and fermentation appreciation society",
              ownerId: bob.id,
              role: "member",
              memberCount: 41,
            },
          ]
        : [],
    },
    "GET /api/circles/c1": {
      id: "c1",
      name: "Family",
      ownerId: alice.id,
      members: [
        member(alice, "owner", "online"),
        ...(members
          ? [
              member(bob, "member", "online"),
              member(carol, "member", "in-call"),
              member(dave, "member", "offline"),
              member(long, "member", "online"),
            ]
          : []),
      ],
    },
    "POST /api/circles/c1/invites": {
      code: "7kQm2xVbT9",
      url: "https://kith.example/i/7kQm2xVbT9",
      expiresAt: now + 7 * 86_400_000,
    },
    "GET /api/invites/7kQm2xVbT9": {
      circle: { name: "Family" },
      invitedBy: "Alice Moreau",
      expiresAt: now + 86_400_000,
    },
    "GET /api/calls": {
      calls: calls
        ? [
            past(1, bob, "outgoing", "completed", "video", 12, 754_000),
            past(2, carol, "incoming", "no_answer", "video", 95, 0),
            past(3, long, "outgoing", "declined", "video", 300, 0),
            past(4, dave, "incoming", "completed", "audio", 1500, 3_723_000),
            past(5, bob, "incoming", "connection_lost", "video", 4000, 61_000),
            past(6, carol, "outgoing", "busy", "video", 9000, 0),
          ]
        : [],
      nextBefore: null,
      unseenMissed: calls ? 1 : 0,
    },
  };
}

/** Lets `page` live in that world, signed in as `me` (or as nobody). Answers a way to speak as the server. */
export async function enter(page, me, answers, { socket = true } = {}) {
  if (me !== null) {
    const session = { token: "t", refreshToken: "r", expiresAt: Date.now() + 3_600_000, user: me };
    await page.addInitScript((kept) => {
      if (sessionStorage.getItem("kith.entered") === null) {
        sessionStorage.setItem("kith.entered", "1");
        localStorage.setItem("kith.session", kept);
      }
    }, JSON.stringify(session));
  }
  await page.route("**/api/**", async (route) => {
    const request = route.request();
    const answer = answers[`${request.method()} ${new URL(request.url()).pathname}`];
    if (answer === undefined) {
      const problem = { type: "about:blank", title: "Not Found", status: 404, detail: "There is nothing here." };
      return route.fulfill({ status: 404, contentType: "application/problem+json", body: JSON.stringify(problem) });
    }
    const { $status = 200, ...body } = answer;
    return route.fulfill({ status: $status, contentType: "application/json", body: JSON.stringify(body) });
  });
  const heard = [];
  let say = () => undefined;
  await page.routeWebSocket(/\/socket\.io\//, (ws) => {
    if (!socket) {
      ws.close();
      return;
    }
    ws.send('0{"sid":"s","upgrades":[],"pingInterval":25000,"pingTimeout":20000,"maxPayload":1000000}');
    say = (event, payload) => ws.send(`42${JSON.stringify([event, payload])}`);
    ws.onMessage((text) => {
      if (text === "3") return;
      if (text.startsWith("40")) ws.send('40{"sid":"s"}');
      const packet = /^42(\d*)(\[.*\])$/s.exec(text);
      if (packet === null) return;
      const [event, payload] = JSON.parse(packet[2]);
      heard.push({ event, payload });
      if (packet[1] !== "") {
        ws.send(
          `43${packet[1]}${JSON.stringify([{ ok: true, callId: payload.callId, state: "offered", iceServers: [] }])}`,
        );
      }
    });
  });
  return { heard, say: (event, payload) => say(event, payload) };
}
