import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { atEnd, startServer, test, until } from "./kit.js";

const server = await startServer();
const program = fileURLToPath(new URL("./client-process.js", import.meta.url));

/** A client in a process of its own, connected. */
async function processOf(name, transport) {
  const child = spawn("node", [program, server.url, name, transport], { stdio: ["ignore", "pipe", "inherit"] });
  atEnd(() => child.kill("SIGKILL"));
  for await (const line of createInterface({ input: child.stdout })) {
    assert.equal(line, "connected");
    return child;
  }
}

test("a killed client on WebSocket is gone at once", async () => {
  (await processOf("killed ws", "websocket")).kill("SIGKILL");
  await server.logged("killed ws left: transport close");
});

test("a killed client on polling is gone at once, or at the next ping if it was between two polls", async () => {
  (await processOf("killed polling", "polling")).kill("SIGKILL");
  const ends = ["transport error", "ping timeout"].map((reason) => `killed polling left: ${reason}`);
  await until(async () => (await server.log()).some((line) => ends.includes(line)), "the client to be gone");
});

test("a stopped client on WebSocket is gone after the ping timeout", async () => {
  (await processOf("stopped ws", "websocket")).kill("SIGSTOP");
  await server.logged("stopped ws left: ping timeout");
});

test("a stopped client on polling is gone after the ping timeout", async () => {
  (await processOf("stopped polling", "polling")).kill("SIGSTOP");
  await server.logged("stopped polling left: ping timeout");
});

test("a client that answers pings stays", async () => {
  for (const transport of ["websocket", "polling"]) {
    const alice = await server.connected(`steady ${transport}`, { transports: [transport] });
    let pings = 0;
    alice.io.on("ping", () => pings++);
    await new Promise((resolve) => {
      alice.io.on("ping", () => pings >= 3 && resolve());
    });
    assert.ok(alice.connected);
  }
});
