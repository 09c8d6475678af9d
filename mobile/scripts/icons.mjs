// Draws assets/*.png from the mark, by the Chromium at $KITH_CHROMIUM (default /usr/bin/chromium): node scripts/icons.mjs
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { chromium } from "playwright-core";

const assets = join(dirname(dirname(fileURLToPath(import.meta.url))), "assets");
const mark = (size, radius, scale, ground) => {
  const across = size * 0.38 * scale;
  const left = size / 2 - size * 0.3 * scale;
  const ring = (x) =>
    `<circle cx="${x + across / 2}" cy="${size / 2}" r="${across / 2 - size * 0.035 * scale}" fill="none" stroke="#fff" stroke-width="${size * 0.07 * scale}"/>`;
  return `<body style="margin:0;background:transparent"><svg xmlns="http://www.w3.org/2000/svg" width="${size}" height="${size}" style="display:block">
    <rect width="${size}" height="${size}" rx="${radius}" fill="${ground}"/>${ring(left)}${ring(left + size * 0.22 * scale)}</svg>`;
};
const pictures = [
  ["icon.png", 1024, 0, 1, "#1F5EFF"],
  ["adaptive-icon.png", 1024, 0, 0.62, "none"],
  ["favicon.png", 64, 19, 1, "#1F5EFF"],
];

const browser = await chromium.launch({
  executablePath: process.env.KITH_CHROMIUM ?? "/usr/bin/chromium",
  args: ["--no-sandbox", "--disable-gpu"],
});
for (const [name, size, radius, scale, ground] of pictures) {
  const page = await browser.newPage({ viewport: { width: size, height: size } });
  await page.setContent(mark(size, radius, scale, ground));
  await page.screenshot({ path: join(assets, name), omitBackground: true });
  await page.close();
}
await browser.close();
