import { type Family, expect, test } from '../src/family.ts';
import type { Line } from '../src/line.ts';
import { type Person, historyOf } from '../src/person.ts';

async function inACall(family: Family, line: Line): Promise<[Person, Person]> {
  const [alice, bob] = await Promise.all([family.arrives('alice'), family.arrives('bob', { url: line.url })]);
  await alice.talksTo(bob);
  return [alice, bob];
}

async function missesTheOther(person: Person): Promise<void> {
  await person.reads(/reconnecting/i);
  await expect.poll(() => person.page.evaluate(() => window.probe.interruptions())).toBeGreaterThan(0);
}

async function isBackInTheCall(family: Family, alice: Person, bob: Person): Promise<void> {
  await Promise.all([alice.seesAndHears(), bob.seesAndHears()]);
  for (const { page } of [alice, bob]) await expect(page.getByText(/reconnecting/i)).toHaveCount(0);
  await alice.hangsUp();
  await Promise.all([alice.isBackInCircle(), bob.isBackInCircle()]);
  await Promise.all([alice.hasLetGoOfEverything(), bob.hasLetGoOfEverything()]);
  for (const person of [alice, bob]) {
    expect((await historyOf(family.api(person), 1))[0]).toMatchObject({ reason: 'completed' });
  }
}

test('a phone that slept wakes up in the call', async ({ family, line }) => {
  const [alice, bob] = await inACall(family, line);

  await bob.fallsAsleep();
  await missesTheOther(alice);
  await bob.wakesUp();

  await isBackInTheCall(family, alice, bob);
});

test('a phone that slept and lost the server meanwhile wakes up in the call', async ({ family, line }) => {
  const [alice, bob] = await inACall(family, line);

  await bob.fallsAsleep();
  line.cut();
  await missesTheOther(alice);
  await bob.wakesUp();

  await isBackInTheCall(family, alice, bob);
});

test('a phone whose connection to the server died in its sleep without a word makes another', async ({ family, line }) => {
  const [alice, bob] = await inACall(family, line);

  await bob.fallsAsleep();
  line.fallsSilent();
  await missesTheOther(alice);
  await bob.wakesUp();
  await bob.togglesMute();

  await expect(alice.page.getByTestId('far-muted')).toBeVisible();
  await bob.togglesMute();
  await isBackInTheCall(family, alice, bob);
});

test.describe('beyond the grace', () => {
  test.use({ settings: { KITH_GRACE_SECONDS: '5' } });

  test('the call of a phone that sleeps on is over, and it learns so when it wakes', async ({ family, line }) => {
    const [alice, bob] = await inACall(family, line);

    await bob.fallsAsleep();
    line.cut();
    await alice.reads(/connection was lost/i);
    await alice.hasLetGoOfEverything();
    await bob.wakesUp();

    await bob.reads(/connection was lost/i);
    await bob.hasLetGoOfEverything();
    for (const person of [alice, bob]) {
      await person.tap('call-ended-close');
      await person.isBackInCircle();
      expect((await historyOf(family.api(person), 1))[0]).toMatchObject({ reason: 'connection_lost' });
    }
  });
});
