import { type Page } from '@playwright/test';
import { expect, test } from '../src/family.ts';

/** So long it takes two tabs that go by one name to send each other away a few times. */
const FIGHT_MS = 5_000;

async function connections(copy: Page): Promise<number> {
  return copy.evaluate(() => Object.keys(window.__kith?.connections() ?? {}).length);
}

test('the copy of a tab leaves the call where it is', async ({ family }) => {
  const alice = await family.arrives('alice');
  const bob = await family.arrives('bob');
  await alice.talksTo(bob);
  const away = bob.page.getByTestId('far-reconnecting').waitFor({ timeout: FIGHT_MS });
  const stays = expect(away).rejects.toThrow(/timeout/i);

  const copy = await alice.duplicatesTab();

  await expect(copy.getByTestId('circle-screen')).toBeVisible();
  await stays;
  expect(await connections(copy)).toBe(0);
  await Promise.all([alice.seesAndHears(), bob.seesAndHears()]);
  await copy.close();
  await alice.hangsUp();
  await Promise.all([alice.isBackInCircle(), bob.isBackInCircle()]);
});

test('both copies of a tab ring, and either takes the call', async ({ family }) => {
  const alice = await family.arrives('alice');
  const bob = await family.arrives('bob');
  const copy = await bob.duplicatesTab();
  await expect(copy.getByTestId('circle-screen')).toBeVisible();

  await alice.calls(bob);
  await bob.isRungBy(alice);
  await expect(copy.getByTestId('incoming-call')).toBeVisible();
  await copy.getByTestId('incoming-accept').click();

  await alice.seesAndHears();
  await expect(bob.page.getByTestId('incoming-call')).toHaveCount(0);
  await alice.hangsUp();
  await alice.isBackInCircle();
});
