import assert from "node:assert/strict";
import { startServer, test, until } from "./kit.js";

const server = await startServer();
const TWO_MEGABYTES = 2_000_000;

async function connectedRaw(name) {
  const raw = await server.openWebSocket(`&name=${name}`);
  raw.send("40");
  await raw.next("40");
  return raw;
}

test("a WebSocket message of 2 MB is refused with 1009", async () => {
  const mallory = await connectedRaw("big");
  mallory.send(`42["${"x".repeat(TWO_MEGABYTES)}"]`);
  assert.equal(await mallory.closed(), 1009);
});

test("a WebSocket message of 2 MB in fragments is refused with 1009", async () => {
  const mallory = await connectedRaw("fragments");
  const part = "x".repeat(100_000);
  mallory.socket.send(`42["`, { fin: false });
  for (let sent = 0; sent < TWO_MEGABYTES; sent += part.length) {
    mallory.socket.send(part, { fin: false });
  }
  assert.equal(await mallory.closed(), 1009);
});

test("a body of 2 MB is refused with 413", async () => {
  const mallory = await server.openPolling();
  const response = await mallory.post("x".repeat(TWO_MEGABYTES));
  assert.equal(response.status, 413);
  assert.equal((await mallory.poll()).status, 400);
});

test("a chunked body of 2 MB is refused with 413", async () => {
  const mallory = await server.openPolling();
  const chunks = async function* () {
    for (let sent = 0; sent < TWO_MEGABYTES; sent += 100_000) {
      yield "x".repeat(100_000);
    }
  };
  const response = await mallory.post(chunks(), { duplex: "half" });
  assert.equal(response.status, 413);
});

test("a Content-Length of 900 MB is refused before it is believed", async () => {
  const mallory = await server.openPolling();
  const path = mallory.url.slice(server.url.length);
  const response = await server.tcp(
    `POST ${path} HTTP/1.1\r\nHost: 127.0.0.1:${server.port}\r\nContent-Length: 900000000\r\n\r\n40`,
  );
  assert.equal(response.status, 413);
  await until(response.closed, "the connection to close");
});

const garbage = {
  "an unknown engine packet": "x",
  "an empty frame": "",
  "a ping from the client": "2",
  "an open packet": "0{}",
  "an unknown packet type": "4x",
  "an event that is no array": "42{}",
  "an event without a name": "42[]",
  "an event named by an object": "42[{}]",
  "a reserved event": '42["disconnect"]',
  "an unfinished event": '42["a"',
  "two values": '42["a"]["b"]',
  "an ack without an id": "43[]",
  "an ack that is no array": "431{}",
  "a CONNECT_ERROR": "44{}",
  "a DISCONNECT with a payload": '41{"a":1}',
  "attachments without a count": '45["a"]',
  "a negative number of attachments": '45-1-["a"]',
  "more attachments than allowed": '459999999999-["a"]',
  "an id of many digits": '4299999999999999999999["a"]',
  "JSON nested too deep": `42["a",${"[".repeat(500)}${"]".repeat(500)}]`,
  "a namespace without end": `42/${"n".repeat(100_000)}`,
};

for (const [what, message] of Object.entries(garbage)) {
  test(`${what} closes that client and no other`, async () => {
    const [mallory, alice] = await Promise.all([connectedRaw("mallory"), connectedRaw("alice")]);
    mallory.send(message);
    await mallory.closed();
    alice.send('421["echo","fine"]');
    assert.equal(await alice.next("431"), '431["fine"]');
  });

  test(`${what} over polling closes that client`, async () => {
    const mallory = await server.openPolling();
    await mallory.post("40");
    await mallory.packets();
    await mallory.post(message);
    await until(async () => (await mallory.poll()).status === 400, "the session to end");
  });
}

test("a stray attachment closes the client", async () => {
  const mallory = await connectedRaw("stray");
  mallory.send(Buffer.from([1]));
  await mallory.closed();
});

test("text where an attachment is due closes the client", async () => {
  const mallory = await connectedRaw("text");
  mallory.send('451-["a",{"_placeholder":true,"num":0}]', '42["b"]');
  await mallory.closed();
});

test("a placeholder that stands for nothing closes the client", async () => {
  const mallory = await connectedRaw("nothing");
  mallory.send('451-["a",{"_placeholder":true,"num":7}]', Buffer.from([1]));
  await mallory.closed();
});

test("an attachment that is referred to twice closes the client", async () => {
  const mallory = await connectedRaw("twice");
  mallory.send('451-["back",{"_placeholder":true,"num":0},{"_placeholder":true,"num":0}]', Buffer.from([1]));
  await mallory.closed();
});

test("a stray DISCONNECT leaves no connection open but dead", async () => {
  const mallory = await server.openWebSocket();
  mallory.send("41");
  await mallory.closed();
});

test("a session cannot be taken over by the public id of its socket", async () => {
  const alice = await server.connected("alice", { transports: ["polling"] });
  const response = await fetch(`${server.engine}&transport=polling&sid=${alice.id}`);
  assert.equal(response.status, 400);
  const mallory = await server.openWebSocket(`&sid=${alice.id}`).catch(() => "refused");
  assert.equal(mallory, "refused");
  assert.notEqual(alice.io.engine.id, alice.id);
  assert.equal(await alice.emitWithAck("echo", "mine"), "mine");
});

test("a session cannot be fixed by a cookie", async () => {
  const victim = await server.openPolling();
  const response = await fetch(`${server.engine}&transport=polling`, { headers: { Cookie: `io=${victim.sid}` } });
  const sid = JSON.parse((await response.text()).slice(1)).sid;
  assert.notEqual(sid, victim.sid);
  assert.equal(response.headers.get("set-cookie"), null);
});

test("a page of another origin is refused, a page of this one is not", async () => {
  const from = (origin) => fetch(`${server.engine}&transport=polling`, { headers: { Origin: origin } });
  assert.equal((await from("https://evil.example")).status, 403);
  const own = await from(server.url);
  assert.equal(own.status, 200);
  assert.equal(own.headers.get("access-control-allow-origin"), server.url);
});

test("the server holds no client when all are gone", async () => {
  await until(async () => (await server.clients()) <= 2, "the clients to go");
});
