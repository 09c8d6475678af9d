import { type Family, expect, test as kith } from '../src/family.ts';
import { type Person, historyOf } from '../src/person.ts';
import { PlainClient } from '../src/plainClient.ts';

/** Alice has the app, bob a client that knows the five bare messages only. */
const test = kith.extend<{ alice: Person; bob: PlainClient }>({
  alice: async ({ family }, use) => {
    await use(await family.arrives('alice'));
  },
  bob: async ({ family }, use) => {
    const bob = await PlainClient.arrives(family.server.url, family.session('bob'), family.session('alice'));
    await use(bob);
    await bob.person.leaves();
  },
});

async function seeAndHear(alice: Person, bob: PlainClient): Promise<void> {
  await alice.isInCall();
  await Promise.all([alice.seesAndHears(), bob.person.seesAndHears(), bob.showsPictures()]);
}

async function endsOnceAndWell(family: Family, alice: Person, bob: PlainClient): Promise<void> {
  await Promise.all([alice.isBackInCircle(), alice.hasLetGoOfEverything(), bob.isBack()]);
  for (const name of ['alice', 'bob']) {
    expect((await historyOf(family.api(name), 1))[0]).toMatchObject({ reason: 'completed' });
  }
}

test('a plain client calls the app, and picture and sound go both ways', async ({ family, alice, bob }) => {
  await bob.calls();
  await alice.isRungBy(bob.person);
  await alice.accepts();

  await seeAndHear(alice, bob);
  await bob.hangsUp();
  await endsOnceAndWell(family, alice, bob);
});

test('the app calls a plain client, and picture and sound go both ways', async ({ family, alice, bob }) => {
  await alice.calls(bob.person);
  await bob.accepts();

  await seeAndHear(alice, bob);
  await alice.hangsUp();
  await endsOnceAndWell(family, alice, bob);
});
