import assert from "node:assert/strict";
import { after } from "node:test";
import { chromium } from "playwright-core";
import { startServer, test } from "./kit.js";

const server = await startServer();
const other = await startServer();
const browser = await chromium.launch({
  executablePath: process.env.KITH_CHROMIUM ?? "/usr/bin/chromium",
  args: ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update"],
});
after(() => browser.close());

/** Runs a function in a page that the server itself gave out; what it can use is in browser.html. */
async function inPage(body, argument) {
  const page = await browser.newPage();
  try {
    await page.goto(`${server.url}/files/browser.html`);
    return await page.evaluate(body, argument);
  } finally {
    await page.close();
  }
}

for (const transports of [["websocket"], ["polling"]]) {
  test(`Chromium: values and binary come back over ${transports[0]}`, async () => {
    const result = await inPage(async (transports) => {
      const alice = await connected("alice", { transports });
      const value = { text: "ünï\u{1f600}", list: [1, [null, true], 2.5] };
      const echoed = await alice.emitWithAck("echo", value);
      const binary = await alice.emitWithAck("echo", new Uint8Array([0, 1, 255]));
      return {
        over: transport(alice),
        same: JSON.stringify(echoed) === JSON.stringify(value),
        bytes: [...new Uint8Array(binary)],
      };
    }, transports);
    assert.deepEqual(result, { over: transports[0], same: true, bytes: [0, 1, 255] });
  });
}

test("Chromium: messages during the upgrade are neither lost, doubled nor reordered", async () => {
  const rounds = await inPage(async () => {
    const results = [];
    for (let round = 0; round < 25; round++) {
      const alice = await connected("alice");
      const counted = [];
      const echoed = [];
      const all = new Promise((resolve) => {
        const note = (list) => (n) => {
          list.push(n);
          if (counted.length >= 150 && echoed.length >= 150) resolve();
        };
        alice.on("number", note(counted));
        alice.on("back", note(echoed));
      });
      alice.emit("stream", 150);
      for (const n of upTo(150)) {
        alice.emit("back", n);
        if (n % 10 === 0) await new Promise((resolve) => setTimeout(resolve, 0));
      }
      await all;
      await upgraded(alice);
      results.push({ counted, echoed });
      alice.disconnect();
    }
    return results;
  });
  const inOrder = Array.from({ length: 150 }, (_, i) => i);
  assert.equal(rounds.length, 25);
  rounds.forEach(({ counted, echoed }) => {
    assert.deepEqual(counted, inOrder);
    assert.deepEqual(echoed, inOrder);
  });
});

test("Chromium: a refusal is told with message and data", async () => {
  const error = await inPage(async () => {
    const mallory = client("mallory", { auth: { token: "guess" } }, "/members");
    const [refusal] = await heard(mallory, "connect_error");
    return { message: refusal.message, data: refusal.data, connected: mallory.connected };
  });
  assert.deepEqual(error, { message: "not a member", data: { code: "token_invalid", retry: false }, connected: false });
});

test("Chromium: the server asks and is answered, or gives up", async () => {
  const answers = await inPage(async () => {
    const alice = await connected("alice");
    alice.once("question", (question, answer) => answer("well"));
    const answered = await alice.emitWithAck("ask", 5000);
    const gaveUp = await alice.emitWithAck("ask", 50);
    return [answered, gaveUp];
  });
  assert.deepEqual(answers[0], ["well"]);
  assert.equal(answers[1].length, 1);
});

test("Chromium: the server puts a client out, which does not come back by itself", async () => {
  const reason = await inPage(async () => {
    const alice = await connected("alice");
    alice.emit("leave", true);
    return (await heard(alice, "disconnect"))[0];
  });
  assert.equal(reason, "io server disconnect");
});

test("Chromium: a client whose connection breaks comes back", async () => {
  const ids = await inPage(async () => {
    const alice = await connected("alice", { reconnectionDelay: 10, reconnectionDelayMax: 20 });
    await upgraded(alice);
    const first = alice.id;
    alice.io.engine.transport.ws.close();
    await heard(alice, "disconnect");
    await heard(alice, "connect");
    return [first, alice.id];
  });
  assert.notEqual(ids[0], ids[1]);
});

test("Chromium: a page that is closed is gone at once", async () => {
  await inPage(() => connected("briefly").then(upgraded));
  await server.logged("briefly left: transport close");
});

for (const transports of [["websocket"], ["polling"]]) {
  test(`Chromium: a page of another origin is not let in over ${transports[0]}`, async () => {
    const message = await inPage(
      async ({ url, transports }) => {
        const mallory = client("mallory", { transports, reconnection: false }, url);
        return Promise.race([
          heard(mallory, "connect_error").then(([error]) => error.message),
          heard(mallory, "connect").then(() => "connected"),
        ]);
      },
      { url: other.url, transports },
    );
    assert.match(message, /(xhr poll|websocket) error/);
    assert.deepEqual(await other.log(), []);
  });
}
