import type { Caller } from '../src/caller.ts';
import { type Arrives, expect, tell, tellOf, test } from '../src/lab.ts';
import type { Living } from '../src/net.ts';

const NEAR: Living = { wifi: { nat: 'cone', link: { delayMs: 10 } } };

test.use({ homes: { alice: NEAR, bob: NEAR } });

test('60 kbit/s: the picture pauses, the voice goes on, and the picture comes back with the line', async ({ arrives }) => {
  test.setTimeout(240_000);
  const [alice, bob] = await inACall(arrives);

  const { link } = alice.home.wifi;
  const thin = performance.now();
  await link.up({ rateKbits: 60, queueMs: 400 });
  await isPaused(alice, bob);
  tell(`paused ${since(thin)} after the line got thin`);

  // What had queued up is through, and now there is only the voice.
  await bob.watches(6);
  const atBob = await bob.watches(20);
  tellOf({ bob: atBob });
  expect(atBob.longestSilenceMs).toBeLessThan(2000);
  expect(atBob.receivedKbits).toBeLessThan(61);
  await expect(bob.person.page.getByTestId('far-video-paused')).toBeVisible();
  await bob.person.hears();

  const wide = performance.now();
  await link.up({ rateKbits: 0 });
  for (const { person } of [alice, bob]) {
    await expect(person.page.getByText(/paused: poor network/i)).toHaveCount(0, { timeout: 90_000 });
  }
  tell(`back ${since(wide)} after the line was`);
  await Promise.all([alice.perceives(), bob.perceives()]);
  await alice.watches(10);
  await expect(alice.person.page.getByText(/paused: poor network/i)).toHaveCount(0);
});

async function inACall(arrives: Arrives): Promise<[Caller, Caller]> {
  const alice = await arrives('alice');
  const bob = await arrives('bob');
  await alice.talksTo(bob);
  await alice.watches(5);
  return [alice, bob];
}

async function isPaused(alice: Caller, bob: Caller): Promise<void> {
  await expect(alice.person.page.getByText(/your video is paused: poor network/i)).toBeVisible({ timeout: 60_000 });
  await expect(bob.person.page.getByText(/video paused: poor network/i)).toBeVisible();
}

function since(start: number): string {
  return `${((performance.now() - start) / 1000).toFixed(1)} s`;
}
