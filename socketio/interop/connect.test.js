import assert from "node:assert/strict";
import { heard, startServer, test, until } from "./kit.js";

const server = await startServer();

test("auth that is accepted makes a socket", async () => {
  const alice = await server.connected("alice", { auth: { token: "secret" } }, "/members");
  assert.equal(await alice.emitWithAck("echo", "in"), "in");
});

test("auth that is refused tells message and data, and makes no socket", async () => {
  const mallory = server.client("mallory", { auth: { token: "guess" } }, "/members");
  const [error] = await heard(mallory, "connect_error");
  assert.equal(error.message, "not a member");
  assert.deepEqual(error.data, { code: "token_invalid", retry: false });
  assert.equal(mallory.connected, false);
  assert.ok(!(await server.log()).includes("mallory connected"));
});

test("no auth at all is refused too", async () => {
  const nobody = server.client("nemo", {}, "/members");
  const [error] = await heard(nobody, "connect_error");
  assert.equal(error.data.code, "token_invalid");
});

test("an unknown namespace is refused", async () => {
  const alice = server.client("alice", {}, "/nowhere");
  const [error] = await heard(alice, "connect_error");
  assert.equal(error.message, "Invalid namespace");
});

test("a refused client hears of the refusal only, never of a connection", async () => {
  const eve = await server.openWebSocket("&name=eve");
  eve.send('40/members,{"token":"guess"}');
  await eve.next("44/members,");
  assert.equal(eve.received.filter((m) => m.startsWith("40")).length, 0);
});

test("one connection carries several namespaces", async () => {
  const alice = await server.connected("alice", {});
  const other = alice.io.socket("/other");
  await heard(other, "connect");
  assert.equal(await other.emitWithAck("echo", "other"), "other");
  other.disconnect();
  assert.equal(await alice.emitWithAck("echo", "still here"), "still here");
});

test("a second CONNECT to the same namespace changes nothing", async () => {
  const alice = await server.openWebSocket("&name=twice");
  alice.send("40", "40");
  await alice.next("40");
  alice.send('421["echo",1]');
  await alice.next("431");
  assert.equal(alice.received.filter((message) => message.startsWith("40")).length, 1);
  assert.equal((await server.log()).filter((line) => line === "twice connected").length, 1);
});

test("an event before CONNECT reaches no handler and ends the connection", async () => {
  const mallory = await server.openWebSocket("&name=early");
  mallory.send('42["sneaky"]');
  await mallory.closed();
  assert.ok(!(await server.log()).some((line) => line.startsWith("early")));
});

test("an event while the check still runs reaches no handler", async () => {
  const mallory = await server.openWebSocket("&name=hasty");
  mallory.send('40/members,{"token":"secret"}', '42/members,["sneaky"]');
  await mallory.closed();
  assert.ok(!(await server.log()).some((line) => line.startsWith("hasty")));
});

test("an event after a refused CONNECT reaches no handler and ends the connection", async () => {
  const mallory = await server.openWebSocket("&name=refused");
  mallory.send('40/members,{"token":"guess"}');
  await mallory.next("44/members,");
  mallory.send('42/members,["sneaky"]');
  await mallory.closed();
  assert.ok(!(await server.log()).some((line) => line.startsWith("refused")));
});

test("a client that never asks for a namespace is closed", async () => {
  const idle = await server.openWebSocket();
  await idle.closed();
});

test("a client that leaves its only namespace is closed when it stays away", async () => {
  const idle = await server.openWebSocket();
  idle.send("40");
  await idle.next("40");
  idle.send("41");
  await idle.closed();
});

test("the server puts a client out of a namespace", async () => {
  const alice = await server.connected("putout");
  const left = heard(alice, "disconnect");
  alice.emit("leave", false);
  assert.equal((await left)[0], "io server disconnect");
  await server.logged("putout left: server namespace disconnect");
});

test("the server closes a client's connection", async () => {
  const alice = await server.connected("closed");
  const left = heard(alice, "disconnect");
  alice.emit("leave", true);
  assert.equal((await left)[0], "io server disconnect");
  await until(() => !alice.io.engine || alice.io.engine.readyState === "closed", "the connection to close");
});

test("a client that leaves is reported as having left", async () => {
  const alice = await server.connected("polite");
  alice.disconnect();
  await server.logged("polite left: client namespace disconnect");
});
