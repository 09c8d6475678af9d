import assert from "node:assert/strict";
import { heard, startServer, test, until } from "./kit.js";

test("a server that shuts down tells its clients, and lets nobody in any more", async () => {
  const server = await startServer();
  const clients = await Promise.all(
    ["websocket", "polling"].map((transport) =>
      server.connected(transport, { transports: [transport], reconnectionDelay: 10, reconnectionDelayMax: 20 }),
    ),
  );
  const farewells = clients.map((client) => heard(client, "disconnect"));
  const refusals = clients.map((client) => heard(client.io, "reconnect_error"));
  clients[0].emit("shut down");
  for (const farewell of farewells) {
    assert.equal((await farewell)[0], "transport close");
  }
  await Promise.all(refusals);
  await server.logged("websocket left: server shutting down");
  await server.logged("polling left: server shutting down");
  await until(async () => (await server.clients()) === 0, "the last client to go");
  assert.equal((await fetch(`${server.engine}&transport=polling`)).status, 503);
});
