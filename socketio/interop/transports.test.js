import assert from "node:assert/strict";
import { heard, numbers, startServer, test, until, upTo } from "./kit.js";

const server = await startServer();
const transport = (socket) => socket.io.engine.transport.name;

test("a client upgrades from polling to WebSocket", async () => {
  const alice = await server.connected("alice");
  await until(() => transport(alice) === "websocket", "the upgrade");
  assert.equal(await alice.emitWithAck("echo", "after"), "after");
});

test("a client uses WebSocket only", async () => {
  const alice = await server.connected("alice", { transports: ["websocket"] });
  assert.equal(transport(alice), "websocket");
  assert.equal(await alice.emitWithAck("echo", 1), 1);
});

test("a client uses polling only", async () => {
  const alice = await server.connected("alice", { transports: ["polling"] });
  assert.equal(transport(alice), "polling");
  assert.equal(await alice.emitWithAck("echo", 1), 1);
});

test("a client starts on WebSocket and falls back to polling", async () => {
  const alice = await server.connected("alice", { transports: ["websocket", "polling"] });
  assert.equal(await alice.emitWithAck("echo", 1), 1);
});

test("300 messages over polling arrive in order, both ways", async () => {
  const alice = await server.connected("alice", { transports: ["polling"] });
  const echoed = [];
  alice.on("back", (n) => echoed.push(n));
  const counted = numbers(alice);
  upTo(300).forEach((n) => alice.emit("back", n));
  alice.emit("count", 300);
  await until(() => echoed.length >= 300 && counted.length >= 300, "300 messages each way");
  assert.deepEqual(echoed, upTo(300));
  assert.deepEqual(counted, upTo(300));
});

test("messages during the upgrade are neither lost, doubled nor reordered", async () => {
  for (let round = 0; round < 25; round++) {
    const alice = await server.connected("alice");
    const counted = numbers(alice);
    const echoed = [];
    alice.on("back", (n) => echoed.push(n));
    alice.emit("stream", 150);
    for (const n of upTo(150)) {
      alice.emit("back", n);
      if (n % 10 === 0) {
        await new Promise((resolve) => setTimeout(resolve, 1));
      }
    }
    await until(() => counted.length >= 150 && echoed.length >= 150, "150 messages each way");
    assert.deepEqual(counted, upTo(150), `round ${round}`);
    assert.deepEqual(echoed, upTo(150), `round ${round}`);
    alice.disconnect();
  }
});

test("a client whose connection breaks reconnects as a new socket", async () => {
  const alice = await server.connected("alice", { reconnectionDelay: 10, reconnectionDelayMax: 20 });
  const first = alice.id;
  const left = heard(alice, "disconnect");
  alice.io.engine.close();
  assert.equal((await left)[0], "forced close");
  alice.connect();
  await until(() => alice.connected, "the reconnect");
  assert.notEqual(alice.id, first);
});

test("polling survives a request body sent in chunks", async () => {
  const alice = await server.openPolling();
  const chunks = async function* () {
    yield "4";
    yield "0";
  };
  const response = await alice.post(chunks(), { duplex: "half" });
  assert.equal(response.status, 200);
  assert.match((await alice.packets())[0], /^40\{"sid":/);
});

test("a large poll answer is compressed for those who accept it", async () => {
  const alice = await server.openPolling();
  await alice.post("40");
  await alice.packets();
  await alice.post(`42["back","${"x".repeat(5000)}"]`);
  const response = await fetch(alice.url, { headers: { "Accept-Encoding": "gzip" } });
  assert.equal(response.headers.get("content-encoding"), "gzip");
  assert.match(await response.text(), /42\["back","x{5000}"\]/);
});
