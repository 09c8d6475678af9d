import { expect } from '@playwright/test';
import { join } from 'node:path';
import type { Person } from './person.ts';

const SCREENS = join(import.meta.dirname, '../results/screens');

const PHONE = { width: 390, height: 844 };
const DESKTOP = { width: 1280, height: 800 };

/** A phone in daylight, which is how people arrive, comes first. */
const LOOKS = [
  { name: 'phone-light', viewport: PHONE, colorScheme: 'light' },
  { name: 'phone-dark', viewport: PHONE, colorScheme: 'dark' },
  { name: 'desktop-dark', viewport: DESKTOP, colorScheme: 'dark' },
  { name: 'desktop-light', viewport: DESKTOP, colorScheme: 'light' },
] as const;

type Look = (typeof LOOKS)[number];

/** Pictures of what is on the screen in every look, in none of which it may be wider than the screen; then it is a phone again. */
export async function pictures(person: Person, screen: string): Promise<void> {
  for (const look of LOOKS) {
    await putOn(person, look);
    expect(await pixelsBeyond(person), `pixels beyond the right edge: ${look.name}, ${screen}`).toBeLessThanOrEqual(0);
    await person.page.screenshot({ path: join(SCREENS, look.name, `${screen}.png`) });
  }
  await putOn(person, LOOKS[0]);
}

/** Two pictures are drawn before it counts: the first may be of before the change. */
async function putOn({ page }: Person, { viewport, colorScheme }: Look): Promise<void> {
  await page.setViewportSize(viewport);
  await page.emulateMedia({ colorScheme });
  await page.evaluate(() => new Promise((drawn) => requestAnimationFrame(() => requestAnimationFrame(drawn))));
}

function pixelsBeyond({ page }: Person): Promise<number> {
  return page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
}
