// Takes a picture of every screen, on a phone and a desktop, light and dark: node dev/screenshots.mjs OUT [only]
// Needs dist/web (npm run export:web) and a Chromium at $KITH_CHROMIUM (default /usr/bin/chromium).
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { chromium } from "playwright-core";
import { aliceWorld, enter, PEOPLE, serveApp } from "./world.mjs";

const out = process.argv[2] ?? "dist/screens";
const only = process.argv[3] ?? "";
mkdirSync(out, { recursive: true });
const app = await serveApp();
const browser = await chromium.launch({
  executablePath: process.env.KITH_CHROMIUM ?? "/usr/bin/chromium",
  args: [
    "--no-sandbox",
    "--disable-gpu",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--use-fake-ui-for-media-stream",
    "--use-fake-device-for-media-stream",
  ],
});

const SIZES = { phone: { width: 390, height: 844 }, desktop: { width: 1280, height: 800 } };
const rings = (world, person = PEOPLE.bob, media = "video") =>
  world.say("call-offer", {
    callId: "x1",
    from: person.id,
    device: "b1",
    name: person.displayName,
    circleId: "c1",
    media,
    expiresInMs: 45_000,
    iceServers: [],
  });

const screens = [
  ["sign-in", { me: null, path: "/" }],
  [
    "sign-in-error",
    {
      me: null,
      path: "/",
      world: {
        "POST /api/auth/login": { $status: 401, title: "Unauthorized", detail: "Username or password is wrong." },
      },
      act: async (page) => {
        await page.getByTestId("sign-in-username").fill("alice");
        await page.getByTestId("sign-in-password").fill("wrong password");
        await page.getByTestId("sign-in-submit").click();
        await page.getByTestId("sign-in-error").waitFor();
      },
    },
  ],
  [
    "sign-up",
    {
      me: null,
      path: "/",
      world: {
        "POST /api/auth/register": {
          $status: 400,
          title: "Bad Request",
          detail: "Some fields are not right.",
          errors: [
            { field: "username", message: "This name is taken." },
            { field: "password", message: "At least 8 characters." },
          ],
        },
      },
      act: async (page) => {
        await page.getByTestId("go-to-sign-up").click();
        await page.getByTestId("sign-up-username").fill("alice");
        await page.getByTestId("sign-up-password").fill("short");
        await page.getByTestId("sign-up-submit").click();
        await page.getByTestId("sign-up-username-error").waitFor();
      },
    },
  ],
  ["invited", { me: null, path: "/i/7kQm2xVbT9", wait: "invite-preview" }],
  ["invite-accept", { path: "/i/7kQm2xVbT9", wait: "invite-accept" }],
  ["invite-bad", { path: "/i/nothing", wait: "invite-error" }],
  ["circles", { path: "/", wait: "circle-Family" }],
  ["circles-empty", { path: "/", world: aliceWorld({ circles: false }), wait: "circles-empty" }],
  [
    "circles-error",
    {
      path: "/",
      world: {
        "GET /api/circles": {
          $status: 503,
          title: "Unavailable",
          detail: "The server is starting. Try again in a moment.",
        },
      },
      wait: "circles-error",
    },
  ],
  ["circle-create", { path: "/", wait: "circle-Family", act: (page) => page.getByTestId("circle-create").click() }],
  ["circle", { path: "/c/c1", wait: "member-bob" }],
  ["circle-empty", { path: "/c/c1", world: aliceWorld({ members: false }), wait: "circle-empty" }],
  ["circle-gone", { path: "/c/none", wait: "circle-error" }],
  [
    "invite",
    {
      path: "/c/c1",
      wait: "member-bob",
      act: async (page) => {
        await page.getByTestId("circle-invite").click();
        await page.getByTestId("invite-url").waitFor();
      },
    },
  ],
  ["leave", { path: "/c/c1", wait: "member-bob", act: (page) => page.getByTestId("circle-leave").click() }],
  ["history", { path: "/history", wait: "history-call-1" }],
  ["history-empty", { path: "/history", world: aliceWorld({ calls: false }), wait: "history-empty" }],
  ["settings", { path: "/settings", wait: "settings-account" }],
  [
    "settings-connection",
    {
      path: "/settings",
      wait: "settings-account",
      world: {
        "GET /api/ice-servers": {
          iceServers: [
            { urls: ["stun:127.0.0.1:9", "turn:127.0.0.1:9", "turns:127.0.0.1:9"], username: "a", credential: "b" },
          ],
        },
      },
      act: async (page) => {
        await page.getByTestId("connection-test").click();
        await page.getByTestId("way-relay-udp-bad").waitFor();
        await page.getByTestId("connection-conclusion").scrollIntoViewIfNeeded();
      },
    },
  ],
  ["reconnecting", { path: "/c/c1", socket: false, wait: "reconnect-banner" }],
  [
    "incoming",
    {
      path: "/c/c1",
      wait: "member-bob",
      act: async (page, world) => {
        rings(world);
        await page.getByTestId("incoming-accept").waitFor();
      },
    },
  ],
  [
    "incoming-long",
    {
      path: "/c/c1",
      wait: "member-bob",
      act: async (page, world) => {
        rings(world, PEOPLE.long, "audio");
        await page.getByTestId("incoming-accept").waitFor();
      },
    },
  ],
  [
    "calling",
    {
      path: "/c/c1",
      wait: "member-bob",
      act: async (page) => {
        await page.getByTestId("call-bob").click();
        await page.getByTestId("local-video").waitFor();
      },
    },
  ],
  [
    "no-answer",
    {
      path: "/c/c1",
      wait: "member-bob",
      act: async (page, world) => {
        await page.getByTestId("call-bob").click();
        await page.getByTestId("calling-cancel").waitFor();
        const { payload } = await heard(world, "call-offer");
        world.say("end-call", { callId: payload.callId, reason: "no_answer" });
        await page.getByTestId("call-ended").waitFor();
      },
    },
  ],
  [
    "connecting",
    {
      path: "/c/c1",
      wait: "member-bob",
      act: async (page, world) => {
        rings(world);
        await page.getByTestId("incoming-accept").click();
        await page.getByTestId("local-video").waitFor();
      },
    },
  ],
];

async function heard(world, event) {
  for (let tries = 0; tries < 200; tries += 1) {
    const found = world.heard.find((message) => message.event === event);
    if (found !== undefined) return found;
    await new Promise((later) => setTimeout(later, 25));
  }
  throw new Error(`${event} was not sent`);
}

for (const [name, screen] of screens) {
  if (!name.includes(only)) continue;
  for (const [size, viewport] of Object.entries(SIZES)) {
    for (const colorScheme of ["light", "dark"]) {
      const context = await browser.newContext({
        viewport,
        colorScheme,
        reducedMotion: "reduce",
        deviceScaleFactor: 1,
        permissions: ["camera", "microphone"],
      });
      const page = await context.newPage();
      page.on("pageerror", (error) => console.error(name, String(error)));
      const world = await enter(
        page,
        screen.me === null ? null : PEOPLE.alice,
        { ...aliceWorld(), ...screen.world },
        { socket: screen.socket },
      );
      await page.goto(app.url + screen.path);
      if (screen.wait !== undefined) await page.getByTestId(screen.wait).first().waitFor({ timeout: 10_000 });
      await screen.act?.(page, world);
      await page.evaluate(() => document.fonts.ready);
      await page.screenshot({ path: join(out, `${name}-${size}-${colorScheme}.png`) });
      await context.close();
    }
  }
}
await browser.close();
app.close();
