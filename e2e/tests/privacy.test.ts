import { expect, test } from '../src/family.ts';
import type { Family } from '../src/family.ts';
import type { Person } from '../src/person.ts';

const DESKTOP = { width: 1280, height: 800 };

/** The types of the candidates a browser was told of the other side, over all its connections. */
async function learned(person: Person): Promise<string[]> {
  const rows = await person.page.evaluate(() => window.probe.stats());
  return rows
    .filter((row) => row['type'] === 'remote-candidate')
    .map((row) => String(row['candidateType']))
    .sort();
}

async function wishes(family: Family, person: Person, relay: 'direct' | 'until-answered' | 'always'): Promise<void> {
  await person.tap('settings-open');
  await person.tap(`relay-${relay}`);
  await expect(person.page.getByTestId(`relay-${relay}`)).toHaveAttribute('aria-checked', 'true');
  await expect.poll(() => family.api(person).relay()).toBe(relay);
}

async function bothArrive(family: Family): Promise<[Person, Person]> {
  return [await family.arrives('alice'), await family.arrives('bob', { viewport: DESKTOP })];
}

async function isWarm(person: Person): Promise<void> {
  await expect.poll(async () => (await person.media()).connected, { message: 'warm while it rings' }).toBe(1);
}

test('whoever wishes it always is reached through the relay only, and never found', async ({ family }) => {
  const [alice, bob] = await bothArrive(family);
  await wishes(family, bob, 'always');

  await alice.calls(bob);
  await bob.isRungBy(alice);
  await Promise.all([isWarm(alice), isWarm(bob)]);
  await bob.accepts();
  await Promise.all([alice.seesAndHears(), bob.seesAndHears()]);

  for (const person of [alice, bob]) {
    expect(await person.route()).toMatchObject([{ local: 'relay' }]);
    await expect.poll(async () => [...new Set(await learned(person))]).toEqual(['relay']);
  }
});

test('until the answer media goes through the relay, and then directly, without an interruption', async ({ family }) => {
  const [alice, bob] = await bothArrive(family);
  await wishes(family, bob, 'until-answered');

  await alice.calls(bob);
  await bob.isRungBy(alice);
  await Promise.all([isWarm(alice), isWarm(bob)]);
  for (const person of [alice, bob]) {
    expect(await person.route()).toMatchObject([{ local: 'relay' }]);
    await expect.poll(async () => [...new Set(await learned(person))]).toEqual(['relay']);
  }

  await bob.accepts();
  await Promise.all([alice.seesAndHears(), bob.seesAndHears()]);
  for (const person of [alice, bob]) {
    await expect
      .poll(() => person.route().then((pairs) => pairs.flatMap(({ local, remote }) => [local, remote])), {
        message: `${person.name} is connected directly`,
      })
      .not.toContain('relay');
  }
  await Promise.all([alice.seesAndHears(), bob.seesAndHears()]);
  for (const person of [alice, bob]) {
    expect(await person.page.evaluate(() => window.probe.interruptions())).toBe(0);
  }
});
