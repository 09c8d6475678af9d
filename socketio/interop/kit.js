// The small language of these tests: a server to talk to, clients that come and go, and bounded waiting.
import { spawn } from "node:child_process";
import { existsSync, readFileSync, readdirSync } from "node:fs";
import { connect as connectTcp } from "node:net";
import { createInterface } from "node:readline";
import { test as nodeTest } from "node:test";
import { fileURLToPath } from "node:url";
import { io } from "socket.io-client";
import { WebSocket } from "ws";

const module = fileURLToPath(new URL("..", import.meta.url));
const PATIENCE = 20_000;
const opened = [];

/** A test that leaves nothing open. */
export function test(name, body) {
  nodeTest(name, { timeout: 6 * PATIENCE }, async () => {
    try {
      await body();
    } finally {
      opened.splice(0).forEach((close) => close());
    }
  });
}

/** What to do when the test is over. */
export function atEnd(close) {
  opened.push(close);
}

/** JAVA_HOME, or the first JDK 25 or newer that is installed, or whatever `java` is. */
function java() {
  if (process.env.JAVA_HOME) {
    return `${process.env.JAVA_HOME}/bin/java`;
  }
  const installed = existsSync("/usr/lib/jvm") ? readdirSync("/usr/lib/jvm") : [];
  const found = installed.find((name) => {
    const release = `/usr/lib/jvm/${name}/release`;
    return existsSync(release) && Number(readFileSync(release, "utf8").match(/JAVA_VERSION="(\d+)/)?.[1]) >= 25;
  });
  return found ? `/usr/lib/jvm/${found}/bin/java` : "java";
}

function classpath() {
  const file = `${module}target/test-classpath.txt`;
  if (!existsSync(file)) {
    throw new Error("not built: run ./mvnw -pl socketio test-compile first");
  }
  return [`${module}target/test-classes`, `${module}target/classes`, readFileSync(file, "utf8").trim()].join(":");
}

/** Starts a Java server for the tests of this file; it ends when its standard input does. */
export async function startServer(...settings) {
  const child = spawn(
    java(),
    [
      "--enable-native-access=ALL-UNNAMED",
      "-XX:TieredStopAtLevel=1",
      "-cp",
      classpath(),
      "kith.socketio.interop.InteropServer",
      `${module}interop`,
      ...settings,
    ],
    { stdio: ["pipe", "pipe", "inherit"] },
  );
  for await (const line of createInterface({ input: child.stdout })) {
    const match = line.match(/^port (\d+)$/);
    if (match) {
      child.unref();
      child.stdin.unref();
      child.stdout.unref();
      return new Server(Number(match[1]));
    }
  }
  throw new Error("the Java server did not start");
}

export class Server {
  constructor(port) {
    this.port = port;
    this.url = `http://127.0.0.1:${port}`;
    this.engine = `${this.url}/socket.io/?EIO=4`;
  }

  /** A stock client, closed when the test ends. */
  client(name, options = {}, namespace = "/") {
    const socket = io(this.url + namespace, { forceNew: true, query: { name }, ...options });
    atEnd(() => socket.disconnect());
    return socket;
  }

  async connected(name, options, namespace) {
    const socket = this.client(name, options, namespace);
    await heard(socket, "connect");
    return socket;
  }

  /** What happened in the server's handlers. */
  async log() {
    return (await (await fetch(`${this.url}/log`)).json()).log;
  }

  async clients() {
    return (await (await fetch(`${this.url}/log`)).json()).clients;
  }

  /** Waits until the log has a line. */
  async logged(line) {
    await until(async () => (await this.log()).includes(line), `log line: ${line}`);
  }

  // ---- raw Engine.IO, for clients that do not keep to the protocol

  async openPolling() {
    const response = await fetch(`${this.engine}&transport=polling`);
    return new Polling(this, JSON.parse((await response.text()).slice(1)).sid);
  }

  async openWebSocket(query = "") {
    const socket = new WebSocket(`${this.engine.replace("http", "ws")}&transport=websocket${query}`);
    const raw = new RawWebSocket(socket);
    atEnd(() => socket.terminate());
    await raw.opened;
    return raw;
  }

  /** Sends bytes over TCP; resolves to the first bytes that come back. */
  async tcp(request, more = []) {
    const socket = connectTcp(this.port, "127.0.0.1");
    atEnd(() => socket.destroy());
    let received = "";
    socket.on("error", () => {});
    socket.on("data", (data) => (received += data));
    let closed = false;
    socket.on("close", () => (closed = true));
    socket.write(request);
    more.forEach((part) => socket.write(part));
    await until(() => received.includes("\r\n\r\n") || closed, "an HTTP response");
    return { status: Number(received.split(" ")[1]), closed: () => closed };
  }
}

class Polling {
  constructor(server, sid) {
    this.sid = sid;
    this.url = `${server.engine}&transport=polling&sid=${sid}`;
  }

  post(body, init = {}) {
    return fetch(this.url, { method: "POST", body, ...init });
  }

  async poll() {
    const response = await fetch(this.url);
    return { status: response.status, text: await response.text() };
  }

  /** Polls until a packet other than a ping comes. */
  async packets() {
    for (;;) {
      const { status, text } = await this.poll();
      if (status !== 200) {
        return [`status ${status}`];
      }
      const packets = text.split("\x1e");
      if (packets.includes("2")) {
        await this.post("3");
      }
      const rest = packets.filter((packet) => packet !== "2");
      if (rest.length > 0) {
        return rest;
      }
    }
  }
}

class RawWebSocket {
  received = [];
  closeCode = undefined;

  constructor(socket) {
    this.socket = socket;
    this.opened = new Promise((resolve, reject) => {
      socket.once("open", resolve);
      socket.once("error", reject);
    });
    socket.on("error", () => {});
    socket.on("message", (data, binary) => {
      const message = binary ? data : data.toString();
      if (message === "2") {
        socket.send("3");
      } else {
        this.received.push(message);
      }
    });
    socket.on("close", (code) => (this.closeCode = code));
  }

  send(...messages) {
    messages.forEach((message) => this.socket.send(message));
  }

  async next(prefix) {
    await until(() => this.received.some((message) => String(message).startsWith(prefix)), `a message ${prefix}...`);
    return this.received.find((message) => String(message).startsWith(prefix));
  }

  async closed() {
    await until(() => this.closeCode !== undefined, "the WebSocket to close");
    return this.closeCode;
  }
}

/** The arguments of the next such event. */
export function heard(emitter, event) {
  return bounded(new Promise((resolve) => emitter.once(event, (...args) => resolve(args))), `event ${event}`);
}

export function bounded(promise, what) {
  let timer;
  const limit = new Promise((_, reject) => {
    timer = setTimeout(() => reject(new Error(`waited ${PATIENCE} ms for ${what}`)), PATIENCE);
  });
  return Promise.race([promise, limit]).finally(() => clearTimeout(timer));
}

export async function until(condition, what) {
  const end = Date.now() + PATIENCE;
  while (!(await condition())) {
    if (Date.now() > end) {
      throw new Error(`waited ${PATIENCE} ms for ${what}`);
    }
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

/** Collects the numbers a client hears. */
export function numbers(socket) {
  const heardNumbers = [];
  socket.on("number", (n) => heardNumbers.push(n));
  return heardNumbers;
}

export const upTo = (n) => Array.from({ length: n }, (_, i) => i);
