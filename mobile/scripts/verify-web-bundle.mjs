// Proves of dist/web: one page, no native WebRTC module, nothing loaded from elsewhere, and small enough.
import { readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";

/** What every page loads, and that with what is loaded once it is wanted. */
const MAX_GZIP_KB = { first: 180, all: 200 };
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
const bytes = { first: 0, all: 0 };
for (const name of scripts) {
  const text = readFileSync(join(dist, name), "utf8");
  const gzip = gzipSync(text, { level: 9 }).length;
  bytes.all += gzip;
  if (page.includes(`/${name.replaceAll("\\", "/")}"`)) bytes.first += gzip;
  for (const word of NATIVE) if (text.includes(word)) faults.push(`${name} holds ${word}, of the native WebRTC module`);
  for (const [, host] of text.matchAll(/https?:\/\/([a-z0-9.-]+\.[a-z]{2,}|localhost)/gi)) {
    if (!NAMES.includes(host)) faults.push(`${name} names the host ${host}`);
  }
}
for (const [, url] of page.matchAll(/(?:src|href)="([^"]+)"/g)) {
  if (!url.startsWith("/") && !url.startsWith("data:")) faults.push(`index.html loads ${url}`);
}
if (bytes.first === 0) faults.push("index.html loads no script");
for (const [which, max] of Object.entries(MAX_GZIP_KB)) {
  const kb = bytes[which] / 1024;
  if (kb > max) faults.push(`the scripts (${which}) are ${kb.toFixed(1)} KB gzipped, more than ${max}`);
}

if (faults.length > 0) {
  console.error(`dist/web is not as it must be:\n  ${faults.join("\n  ")}`);
  process.exit(1);
}
console.log(
  `dist/web: ${scripts.length} script(s), ${(bytes.first / 1024).toFixed(1)} KB gzipped at first and ${(bytes.all / 1024).toFixed(1)} in all, no native WebRTC module, nothing from elsewhere`,
);
