// Proves of dist/web: one page, no native WebRTC module, nothing loaded from elsewhere, and small enough.
import { readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";

const MAX_GZIP_KB = 180;
/** Names that only react-native-webrtc's native module has. */
const NATIVE = ["WebRTCModule", "peerConnectionInit", "mediaStreamTrackSwitchCamera", "RTCVideoView"];
/** Addresses that are names of standards or of documentation in messages, never fetched. */
const NAMES = [
  "www.w3.org",
  "reactjs.org",
  "react.dev",
  "fb.me",
  "localhost",
  "socket.io",
  "bit.ly",
  "github.com",
  "docs.expo.dev",
  "reactnative.dev",
];

const dist = join(dirname(dirname(fileURLToPath(import.meta.url))), "dist", "web");
const files = readdirSync(dist, { recursive: true, encoding: "utf8" });
const page = readFileSync(join(dist, "index.html"), "utf8");
const scripts = files.filter((name) => name.endsWith(".js"));
const faults = [];

if (scripts.length === 0) faults.push("there is no script");
let gzip = 0;
for (const name of scripts) {
  const text = readFileSync(join(dist, name), "utf8");
  gzip += gzipSync(text, { level: 9 }).length;
  for (const word of NATIVE) if (text.includes(word)) faults.push(`${name} holds ${word}, of the native WebRTC module`);
  for (const [, host] of text.matchAll(/https?:\/\/([a-z0-9.-]+\.[a-z]{2,}|localhost)/gi)) {
    if (!NAMES.includes(host)) faults.push(`${name} names the host ${host}`);
  }
}
for (const [, url] of page.matchAll(/(?:src|href)="([^"]+)"/g)) {
  if (!url.startsWith("/") && !url.startsWith("data:")) faults.push(`index.html loads ${url}`);
}
const kb = gzip / 1024;
if (kb > MAX_GZIP_KB) faults.push(`the scripts are ${kb.toFixed(0)} KB gzipped, more than ${MAX_GZIP_KB}`);

if (faults.length > 0) {
  console.error(`dist/web is not as it must be:\n  ${faults.join("\n  ")}`);
  process.exit(1);
}
console.log(
  `dist/web: ${scripts.length} script(s), ${kb.toFixed(1)} KB gzipped, no native WebRTC module, nothing from elsewhere`,
);
