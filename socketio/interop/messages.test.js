import assert from "node:assert/strict";
import { heard, startServer, test } from "./kit.js";

const server = await startServer();

const values = [
  ["null", [null]],
  ["null among others", [1, null, "x"]],
  ["no argument", []],
  ["nested", [{ a: [{ b: { c: [null, true, -1.5, "ü\u2028\u{1f600}"] } }], "": 0 }]],
  ["numbers", [0, -1, 1.5, 2 ** 53, 1e21, 1e-7]],
  ["a string of every kind", ['"\\/\b\f\n\r\t\u0000\u001e,[]{}']],
];

for (const transport of ["websocket", "polling"]) {
  const options = { transports: [transport] };

  for (const [name, args] of values) {
    test(`${transport}: ${name} comes back as it was sent`, async () => {
      const alice = await server.connected("alice", options);
      assert.deepEqual(
        await new Promise((resolve) => alice.emit("echo", ...args, (...answer) => resolve(answer))),
        args,
      );
      const back = heard(alice, "back");
      alice.emit("back", ...args);
      assert.deepEqual(await back, args);
    });
  }

  test(`${transport}: binary comes back as it was sent, wherever it stands`, async () => {
    const alice = await server.connected("alice", options);
    const sent = [{ data: Buffer.from([0, 30, 255]), more: [Buffer.alloc(0)] }, Buffer.alloc(70_000, 7)];
    const back = heard(alice, "back");
    alice.emit("back", ...sent);
    assert.deepEqual(await back, sent);
    assert.deepEqual(await new Promise((resolve) => alice.emit("echo", ...sent, (...answer) => resolve(answer))), sent);
  });

  test(`${transport}: the server asks and is answered`, async () => {
    const alice = await server.connected("alice", options);
    alice.on("question", (text, answer) => answer("fine", { asked: text }));
    const answer = await new Promise((resolve) => alice.emit("ask", 5_000, resolve));
    assert.deepEqual(answer, ["fine", { asked: "how are you?" }]);
  });

  test(`${transport}: the server asks and gives up waiting`, async () => {
    const alice = await server.connected("alice", options);
    alice.on("question", () => {});
    const answer = await new Promise((resolve) => alice.emit("ask", 100, resolve));
    assert.deepEqual(answer, ["no acknowledgement: TIMEOUT"]);
  });
}

test("a client gives up waiting for an acknowledgement that nobody gives", async () => {
  const alice = await server.connected("alice");
  await assert.rejects(alice.timeout(100).emitWithAck("nobody handles this"), /timed out/);
});

test("a message to a room reaches its members, and the sender can be left out", async () => {
  const [alice, bob, carol] = await Promise.all(["alice", "bob", "carol"].map((name) => server.connected(name)));
  await Promise.all([alice, bob].map((socket) => socket.emitWithAck("join", "friends")));
  const told = [];
  [alice, bob, carol].forEach((socket, i) => socket.on("told", (what) => told.push([i, what])));
  const aliceHeard = heard(alice, "told");
  const bobHeard = heard(bob, "told");
  alice.emit("tell", "friends", "hello");
  await Promise.all([aliceHeard, bobHeard]);
  const bobHeardAgain = heard(bob, "told");
  alice.emit("tell others", "friends", "again");
  await bobHeardAgain;
  await Promise.all([alice, bob, carol].map((socket) => socket.emitWithAck("echo", 1)));
  assert.deepEqual(told.sort(), [
    [0, "hello"],
    [1, "again"],
    [1, "hello"],
  ]);
});

test("a socket's id is a room of its own", async () => {
  const [alice, bob] = await Promise.all(["alice", "bob"].map((name) => server.connected(name)));
  const bobHeard = heard(bob, "told");
  alice.emit("tell", bob.id, "psst");
  assert.deepEqual(await bobHeard, ["psst"]);
});
