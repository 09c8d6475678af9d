import assert from "node:assert/strict";
import { heard, startServer, test, until } from "./kit.js";

const server = await startServer("recovery");

for (const transport of ["websocket", "polling"]) {
  test(`${transport}: a client whose connection breaks comes back with its rooms and what it missed`, async () => {
    const name = `alice ${transport}`;
    const alice = await server.connected(name, { reconnection: false, transports: [transport] });
    const bob = await server.connected("bob");
    await alice.emitWithAck("join", "friends");
    const told = [];
    alice.on("told", (what) => told.push(what));
    bob.emit("tell", "friends", "before");
    await until(() => told.length === 1, "the first message");
    const { id } = alice;
    alice.io.engine.close();
    await server.logged(`${name} left: transport close`);
    bob.emit("tell", "friends", "missed");
    bob.emit("tell", "strangers", "not meant");
    alice.connect();
    await until(() => alice.connected, "the reconnect");
    bob.emit("tell", "friends", "after");
    await until(() => told.length === 3, "the messages missed and the next");
    assert.deepEqual(told, ["before", "missed", "after"]);
    assert.equal(alice.id, id);
    assert.equal(alice.recovered, true);
  });
}

test("a client that left starts anew", async () => {
  const alice = await server.connected("alice");
  const { id } = alice;
  alice.disconnect();
  const back = heard(alice, "connect");
  alice.connect();
  await back;
  assert.notEqual(alice.id, id);
  assert.equal(alice.recovered, false);
});
