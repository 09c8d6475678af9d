import { type Family, expect, test } from '../src/family.ts';
import type { Line } from '../src/line.ts';
import { type Person, historyOf } from '../src/person.ts';

async function inACall(family: Family, by: { alice?: Line; bob?: Line } = {}): Promise<[Person, Person]> {
  const alice = await family.arrives('alice', by.alice && { url: by.alice.url });
  const bob = await family.arrives('bob', by.bob && { url: by.bob.url });
  await alice.calls(bob);
  await bob.isRungBy(alice);
  await bob.accepts();
  await Promise.all([alice.seesAndHears(), bob.seesAndHears()]);
  return [alice, bob];
}

async function endsOnceAndWell(family: Family, alice: Person, bob: Person): Promise<void> {
  await alice.hangsUp();
  await Promise.all([alice.isBackInCircle(), bob.isBackInCircle()]);
  await Promise.all([alice.hasLetGoOfEverything(), bob.hasLetGoOfEverything()]);
  for (const person of [alice, bob]) {
    expect((await historyOf(family.api(person), 1))[0]).toMatchObject({ reason: 'completed' });
  }
}

test('the callee reloads the page and is back in the call', async ({ family }) => {
  const [alice, bob] = await inACall(family);

  await Promise.all([bob.page.reload(), alice.glimpses(/reconnecting/i)]);

  await Promise.all([alice.seesAndHears(), bob.seesAndHears()]);
  await expect(alice.page.getByTestId('far-reconnecting')).toHaveCount(0);
  await bob.togglesMute();
  await expect(alice.page.getByTestId('far-muted')).toBeVisible();
  await endsOnceAndWell(family, alice, bob);
});

test('the caller reloads the page and is back in the call', async ({ family }) => {
  const [alice, bob] = await inACall(family);

  await Promise.all([alice.page.reload(), bob.glimpses(/reconnecting/i)]);

  await Promise.all([alice.seesAndHears(), bob.seesAndHears()]);
  await expect(bob.page.getByTestId('far-reconnecting')).toHaveCount(0);
  await endsOnceAndWell(family, alice, bob);
});

test('both reload at once, and are back in the call', async ({ family }) => {
  const [alice, bob] = await inACall(family);

  await Promise.all([alice.page.reload(), bob.page.reload()]);

  await Promise.all([alice.seesAndHears(), bob.seesAndHears()]);
  await endsOnceAndWell(family, alice, bob);
});

test('the callee reloads the page as the caller loses the server, and both are back in the call', async ({
  family,
  line,
}) => {
  const [alice, bob] = await inACall(family, { alice: line });

  line.cut();
  await bob.page.reload();

  await Promise.all([alice.seesAndHears(), bob.seesAndHears()]);
  await endsOnceAndWell(family, alice, bob);
});

test('the caller reloads the page as the callee loses the server, and both are back in the call', async ({
  family,
  line,
}) => {
  const [alice, bob] = await inACall(family, { bob: line });

  line.cut();
  await alice.page.reload();

  await Promise.all([alice.seesAndHears(), bob.seesAndHears()]);
  await endsOnceAndWell(family, alice, bob);
});

test('the caller reloads while it rings, and is answered', async ({ family }) => {
  const alice = await family.arrives('alice');
  const bob = await family.arrives('bob');
  await alice.calls(bob);
  await bob.isRungBy(alice);

  await alice.page.reload();
  await expect(alice.page.getByTestId('calling-cancel')).toBeVisible();
  await bob.accepts();

  await Promise.all([alice.seesAndHears(), bob.seesAndHears()]);
  await endsOnceAndWell(family, alice, bob);
});

test('the callee reloads while it rings, and it rings on', async ({ family }) => {
  const alice = await family.arrives('alice');
  const bob = await family.arrives('bob');
  await alice.calls(bob);
  await bob.isRungBy(alice);

  await bob.page.reload();
  await bob.isRungBy(alice);
  await bob.accepts();

  await Promise.all([alice.seesAndHears(), bob.seesAndHears()]);
  await endsOnceAndWell(family, alice, bob);
});

test('a page that crashes is back in the call once it is loaded anew', async ({ family }) => {
  const [alice, bob] = await inACall(family);

  await Promise.all([alice.crashesAndReloads(), bob.glimpses(/reconnecting/i)]);

  await expect(bob.page.getByTestId('far-reconnecting')).toHaveCount(0);
  await bob.seesAndHears();
  await bob.hangsUp();
  await bob.isBackInCircle();
  expect((await historyOf(family.api(bob), 1))[0]).toMatchObject({ reason: 'completed' });
});

test('who closes the page has hung up', async ({ family }) => {
  const [alice, bob] = await inACall(family);

  await bob.page.goto('about:blank');

  await alice.isBackInCircle();
  await alice.hasLetGoOfEverything();
  expect((await historyOf(family.api(alice), 1))[0]).toMatchObject({ reason: 'completed' });
});

test('the server is killed and comes back: media does not stop, and the call is recorded once', async ({
  family,
  server,
}) => {
  const [alice, bob] = await inACall(family);

  await server.kill();
  await alice.seesAndHears();
  await server.launch();
  await alice.seesAndHears();

  // What one side does reaches the other again: the call is the server's again, too.
  await bob.togglesMute();
  await expect(alice.page.getByTestId('far-muted')).toBeVisible({ timeout: 30_000 });
  await endsOnceAndWell(family, alice, bob);
});

test.describe('with time to start a server', () => {
  test.use({ settings: { KITH_RING_SECONDS: '120' } });

  test('the server is killed while it rings and comes back: it rings on, and is answered', async ({ family, server }) => {
    const alice = await family.arrives('alice');
    const bob = await family.arrives('bob');
    await alice.calls(bob);
    await bob.isRungBy(alice);

    await server.kill();
    await alice.reads(/waiting for the server/i);
    await server.launch();
    await alice.reads(/ringing…/i);
    await bob.isRungBy(alice);
    await bob.accepts();

    await Promise.all([alice.seesAndHears(), bob.seesAndHears()]);
    await endsOnceAndWell(family, alice, bob);
  });
});
