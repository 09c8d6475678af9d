import type { Caller } from '../src/caller.ts';
import { type Arrives, expect, tell, tellOf, test } from '../src/lab.ts';
import type { Living } from '../src/net.ts';

const WATCHED_SECONDS = 8;

function both(living: Living): { homes: Record<string, Living> } {
  return { homes: { alice: living, bob: living } };
}

/** Alice calls Bob, he takes it, and they look at each other for a while. */
async function talk(arrives: Arrives, how: { query?: string } = {}) {
  const alice = await arrives('alice', how);
  const bob = await arrives('bob', how);
  const setUpMs = await alice.talksTo(bob);
  tell(`sight and sound both ways ${setUpMs.toFixed(0)} ms after the tap on Accept`);
  const [atAlice, atBob] = await watch(alice, bob);
  return { alice, bob, atAlice, atBob };
}

async function watch(alice: Caller, bob: Caller, seconds = WATCHED_SECONDS) {
  const [atAlice, atBob] = await Promise.all([alice.watches(seconds), bob.watches(seconds)]);
  tellOf({ alice: atAlice, bob: atBob });
  return [atAlice, atBob] as const;
}

test.describe('cone and cone', () => {
  test.use(both({ wifi: { nat: 'cone' } }));

  test('talk directly', async ({ arrives }) => {
    const { atAlice, atBob } = await talk(arrives);

    for (const { route, framesPerSecond } of [atAlice, atBob]) {
      expect(route).toMatch(/^(srflx|prflx)\/(srflx|prflx)$/);
      expect(framesPerSecond).toBeGreaterThan(5);
    }
  });

  test('talk through the relay when told to', async ({ arrives }) => {
    const { atAlice, atBob } = await talk(arrives, { query: '?relay=1' });

    for (const { route, framesPerSecond } of [atAlice, atBob]) {
      expect(route).toBe('relay/relay over udp');
      expect(framesPerSecond).toBeGreaterThan(5);
    }
  });
});

test.describe('symmetric and symmetric', () => {
  test.use(both({ wifi: { nat: 'symmetric' } }));

  test('talk through the relay', async ({ arrives }) => {
    const { atAlice, atBob } = await talk(arrives);

    // One side's end of the path may be the relay and the other's what the relay sees.
    for (const { route } of [atAlice, atBob]) expect(route).toMatch(/relay/);
  });
});

test.describe('UDP blocked on one side', () => {
  test.use({ homes: { alice: { wifi: { nat: 'cone', udp: 'blocked' } }, bob: { wifi: { nat: 'cone' } } } });

  test('talk through the relay, over TCP on that side', async ({ arrives }) => {
    const { atAlice, atBob } = await talk(arrives);

    expect(atAlice.route).toMatch(/^relay\/.* over tcp$/);
    expect(atBob.framesPerSecond).toBeGreaterThan(5);
  });
});

test.describe('100 ms apart', () => {
  test.use(both({ wifi: { nat: 'cone', link: { delayMs: 25 } } }));

  test('talk, and measure it', async ({ arrives }) => {
    const { atAlice } = await talk(arrives);

    expect(atAlice.rttMs).toBeGreaterThanOrEqual(99);
    expect(atAlice.longestFreezeMs).toBeLessThan(2000);
  });
});

test.describe('5 % loss', () => {
  // Half on each side of the middle, so that either direction loses one in twenty.
  test.use(both({ wifi: { nat: 'cone', link: { delayMs: 10, loss: 0.025 } } }));

  test('talk on: picture and sound do not stop', async ({ arrives }) => {
    const { atAlice, atBob } = await talk(arrives);

    for (const { longestFreezeMs, longestSilenceMs } of [atAlice, atBob]) {
      expect(longestFreezeMs).toBeLessThan(3000);
      expect(longestSilenceMs).toBeLessThan(1500);
    }
  });
});

test.describe('400 kbit/s', () => {
  test.use({
    homes: {
      alice: { wifi: { nat: 'cone', link: { delayMs: 10, rateKbits: 400, queueMs: 300 } } },
      bob: { wifi: { nat: 'cone', link: { delayMs: 10 } } },
    },
  });

  test('talk on within it', async ({ arrives }) => {
    const alice = await arrives('alice');
    const bob = await arrives('bob');
    await alice.talksTo(bob);
    // The sender finds out what the line carries within some seconds.
    await alice.watches(10);

    const [atAlice, atBob] = await watch(alice, bob, 12);

    for (const { receivedKbits, framesPerSecond, longestSilenceMs } of [atAlice, atBob]) {
      expect(receivedKbits).toBeLessThan(410);
      expect(framesPerSecond).toBeGreaterThan(3);
      expect(longestSilenceMs).toBeLessThan(2000);
    }
  });
});
