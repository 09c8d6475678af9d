// Exports the app's bundles: node scripts/export.mjs web [ios] [android]  ->  dist/web, dist/ios, dist/android
import { spawnSync } from "node:child_process";
import { rmSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const home = dirname(dirname(fileURLToPath(import.meta.url)));
const known = ["web", "ios", "android"];
const platforms = process.argv.slice(2);
if (platforms.length === 0 || platforms.some((platform) => !known.includes(platform))) {
  console.error(`usage: node scripts/export.mjs ${known.map((platform) => `[${platform}]`).join(" ")}`);
  process.exit(2);
}

for (const platform of platforms) {
  const out = join("dist", platform);
  rmSync(join(home, out), { recursive: true, force: true });
  const { status } = spawnSync(
    process.execPath,
    [join("node_modules", "expo", "bin", "cli"), "export", "--platform", platform, "--output-dir", out],
    { cwd: home, stdio: "inherit", env: { ...process.env, EXPO_OFFLINE: "1", EXPO_NO_TELEMETRY: "1", CI: "1" } },
  );
  if (status !== 0) process.exit(status ?? 1);
  if (platform === "web") await import("./verify-web-bundle.mjs");
}
