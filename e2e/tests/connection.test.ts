import { expect, test, testOverTls } from '../src/family.ts';
import type { Person } from '../src/person.ts';
import { StandaloneRelay } from '../src/relays.ts';
import { freePort } from '../src/server.ts';

/** There the settings are in reach of a circle. */
const DESKTOP = { width: 1280, height: 900 };
/** Longer than a relay is waited for that does not answer. */
const PATIENCE = { timeout: 30_000 };

async function testsTheConnection(person: Person): Promise<void> {
  await person.tap('settings-open');
  await person.tap('connection-test');
}

for (const kind of ['chromium', 'firefox'] as const) {
  testOverTls(`${kind} finds every way open to a server that is set up`, async ({ family, authority }) => {
    const alice = await family.arrives('alice', { kind, authority, viewport: DESKTOP });

    await testsTheConnection(alice);

    await expect(alice.page.getByTestId('connection-conclusion')).toHaveText('Calls work from here.', PATIENCE);
    for (const way of ['server', 'direct', 'relay-udp', 'relay-tcp', 'relay-tls']) {
      await expect(alice.page.getByTestId(`way-${way}-good`)).toBeVisible();
    }
    await expect(alice.page.getByTestId('way-relay-udp')).toContainText(/Carries calls, .* there and back/);
    await expect.poll(() => alice.page.evaluate(() => window.probe.openConnections())).toBe(0);
  });
}

const SECRET = 'hpDGX7w5JZ0cDmtEw2gKQ4vA';

const closed = test.extend<{ relay: StandaloneRelay }>({
  relay: async ({}, use) => {
    const relay = await StandaloneRelay.ours(SECRET);
    await use(relay);
    await relay.stop();
  },
  settings: async ({ relay }, use) => {
    const nobody = `turn:127.0.0.1:${await freePort()}?transport=udp`;
    await use({ KITH_TURN_URLS: `${nobody},${relay.url.replace('=udp', '=tcp')}`, KITH_TURN_SECRET: SECRET });
  },
});

closed('a relay whose UDP port is closed is told of, with what to do, and so is one that is open', async ({ family }) => {
  const alice = await family.arrives('alice', { viewport: DESKTOP });

  await testsTheConnection(alice);

  await expect(alice.page.getByTestId('way-relay-udp-bad')).toHaveText('No answer.', PATIENCE);
  await expect(alice.page.getByTestId('way-relay-udp')).toContainText(/Open UDP ports \d+ and 49152-65535/);
  await expect(alice.page.getByTestId('way-relay-tcp-good')).toBeVisible();
  await expect(alice.page.getByTestId('way-relay-tls-absent')).toBeVisible();
  await expect(alice.page.getByTestId('connection-conclusion')).toContainText('though not by every way', PATIENCE);
  await expect.poll(() => alice.page.evaluate(() => window.probe.openConnections())).toBe(0);
});

closed.describe('a relay that knows another secret', () => {
  closed.use({
    settings: async ({ relay }, use) => {
      await use({ KITH_TURN_URLS: relay.url, KITH_TURN_SECRET: `${SECRET}-of-another` });
    },
  });

  closed('refuses, which is said', async ({ family }) => {
    const alice = await family.arrives('alice', { viewport: DESKTOP });

    await testsTheConnection(alice);

    await expect(alice.page.getByTestId('way-relay-udp-bad')).toContainText('Refuses the credentials', PATIENCE);
    await expect(alice.page.getByTestId('way-relay-udp')).toContainText('KITH_TURN_SECRET');
  });
});
