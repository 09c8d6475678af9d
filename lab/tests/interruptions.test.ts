import { historyOf } from '../../e2e/src/person.ts';
import type { Caller } from '../src/caller.ts';
import { type Arrives, expect, tell, tellOf, test } from '../src/lab.ts';
import type { Family } from '../../e2e/src/family.ts';
import type { Living } from '../src/net.ts';

const NEAR: Living = {
  wifi: { nat: 'cone', link: { delayMs: 10 } },
  mobile: { nat: 'cone', link: { delayMs: 30 } },
};

test.use({ homes: { alice: NEAR, bob: NEAR } });

async function inACall(arrives: Arrives, how: { query?: string } = {}): Promise<[Caller, Caller]> {
  const alice = await arrives('alice', how);
  const bob = await arrives('bob', how);
  await alice.talksTo(bob);
  await alice.watches(2);
  return [alice, bob];
}

/** Both see and hear again; milliseconds until they do. */
async function backAgain(alice: Caller, bob: Caller): Promise<number> {
  const start = performance.now();
  await Promise.all([alice.perceives(), bob.perceives()]);
  return performance.now() - start;
}

/** Something takes their path from them; milliseconds until both see and hear again, by another one. */
async function findAnotherPath(alice: Caller, bob: Caller, after: () => Promise<void>): Promise<number> {
  const [hers, his] = [await alice.path(), await bob.path()];
  const start = performance.now();
  await after();
  await Promise.all([alice.perceivesOffThe(hers), bob.perceivesOffThe(his)]);
  return performance.now() - start;
}

async function endsOnceAndWell(family: Family, alice: Caller, bob: Caller): Promise<void> {
  await alice.person.hangsUp();
  await Promise.all([alice.person.isBackInCircle(), bob.person.isBackInCircle()]);
  for (const name of ['alice', 'bob']) {
    const calls = await historyOf(family.api(name), 1);
    expect(calls[0]).toMatchObject({ reason: 'completed' });
  }
}

test('an outage of 9 seconds: both are told, and the call goes on', async ({ arrives, family }) => {
  const [alice, bob] = await inACall(arrives);
  const [aliceSince, bobSince] = [await alice.clock(), await bob.clock()];

  await alice.home.wifi.link.becomes({ down: true });
  await Promise.all([alice.person.reads(/reconnecting/i), bob.person.reads(/reconnecting/i)]);
  await untilSince(alice, aliceSince, 9000);
  await alice.home.wifi.link.becomes({ down: false });

  tell(`back ${(await backAgain(alice, bob)).toFixed(0)} ms after the line was`);
  await alice.watches(3);
  tellOf({ alice: await alice.impressionSince(aliceSince), bob: await bob.impressionSince(bobSince) });
  await expect(alice.person.page.getByText(/reconnecting/i)).toHaveCount(0);
  await endsOnceAndWell(family, alice, bob);
});

test('out of the house and back: media follows, without a tap', async ({ arrives, family }) => {
  const [alice, bob] = await inACall(arrives);

  const out = await findAnotherPath(alice, bob, () => alice.home.leavesWifi());
  tell(`over mobile ${out.toFixed(0)} ms after leaving Wi-Fi`);
  tellOf({ alice: await alice.watches(4) });

  const back = await findAnotherPath(alice, bob, () => alice.home.comesBackToWifi());
  tell(`over Wi-Fi ${back.toFixed(0)} ms after coming back`);
  tellOf({ alice: await alice.watches(4) });
  await endsOnceAndWell(family, alice, bob);
});

test('the router gets another address, of which nobody is told: media follows all the same', async ({ arrives, family }) => {
  const [alice, bob] = await inACall(arrives);

  const back = await findAnotherPath(alice, bob, () => alice.home.wifi.getsAnotherAddress());
  tell(`back ${back.toFixed(0)} ms after the address was another`);
  tellOf({ alice: await alice.watches(4) });
  await endsOnceAndWell(family, alice, bob);
});

test('the server is killed and comes back: media does not stop, and the call is recorded once', async ({
  arrives,
  family,
  server,
}) => {
  const [alice, bob] = await inACall(arrives);
  const [aliceSince, bobSince] = [await alice.clock(), await bob.clock()];

  await server.kill();
  await server.launch();
  await alice.watches(8);

  const [atAlice, atBob] = [await alice.impressionSince(aliceSince), await bob.impressionSince(bobSince)];
  tellOf({ alice: atAlice, bob: atBob });
  for (const { longestFreezeMs, longestSilenceMs } of [atAlice, atBob]) {
    expect(longestFreezeMs).toBeLessThan(2000);
    expect(longestSilenceMs).toBeLessThan(1000);
  }
  // What one side does reaches the other again: the call is the server's again, too.
  await bob.person.togglesMute();
  await alice.person.reads(/muted/i);
  await endsOnceAndWell(family, alice, bob);
});

test('the server, and its relay, are killed and come back: a relayed call comes back too', async ({
  arrives,
  family,
  server,
}) => {
  const [alice, bob] = await inACall(arrives, { query: '?relay=1' });

  await server.kill();
  const back = await findAnotherPath(alice, bob, () => server.launch());
  tell(`back ${back.toFixed(0)} ms after the server was launched`);
  await endsOnceAndWell(family, alice, bob);
});

async function untilSince(caller: Caller, start: number, ms: number): Promise<void> {
  await expect.poll(async () => (await caller.clock()) - start, { intervals: [50] }).toBeGreaterThanOrEqual(ms);
}
