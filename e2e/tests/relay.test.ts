import { expect, test, testOverTls } from '../src/family.ts';
import { talk } from '../src/person.ts';
import { StandaloneRelay } from '../src/relays.ts';

const RELAYED = '?relay=1';

for (const { relayProtocol, iceServers } of [
  { relayProtocol: 'udp', iceServers: /^turn:.*transport=udp/ },
  { relayProtocol: 'tcp', iceServers: /^turn:.*transport=tcp/ },
  { relayProtocol: 'tls', iceServers: /^turns:/ },
]) {
  testOverTls(`Chromium and Firefox talk through the relay over ${relayProtocol}`, async ({ family, authority }) => {
    const relayed = { query: RELAYED, iceServers, authority };
    const alice = await family.arrives('alice', relayed);
    const bob = await family.arrives('bob', { ...relayed, kind: 'firefox' });

    await talk(alice, bob);
    await Promise.all([alice.seesAndHears(), bob.seesAndHears()]);

    // Each is relayed. What it takes the other for is `prflx` where a check came ahead of the candidate (RFC 8445, section 7.3.1.3).
    for (const each of [alice, bob]) {
      expect(await each.route()).toMatchObject([{ local: 'relay', relayProtocol }]);
    }
  });
}

const SECRET = 'hpDGX7w5JZ0cDmtEw2gKQ4vA';

const beside = test.extend<{ relays: { ours: StandaloneRelay; coturn: StandaloneRelay } }>({
  relays: async ({}, use) => {
    const [ours, coturn] = await Promise.all([StandaloneRelay.ours(SECRET), StandaloneRelay.coturn(SECRET)]);
    await use({ ours, coturn });
    await Promise.all([ours.stop(), coturn.stop()]);
  },
  settings: async ({ relays }, use) => {
    await use({ KITH_TURN_URLS: `${relays.ours.url},${relays.coturn.url}`, KITH_TURN_SECRET: SECRET });
  },
});

beside('one end of a call is relayed by Kith, the other by coturn', async ({ family, relays }) => {
  const alice = await family.arrives('alice', { query: RELAYED, iceServers: relays.ours.itself });
  const bob = await family.arrives('bob', { query: RELAYED, iceServers: relays.coturn.itself });

  await talk(alice, bob);

  await Promise.all([alice.seesAndHears(), bob.seesAndHears()]);
  for (const each of [alice, bob]) {
    expect(await each.route()).toMatchObject([{ local: 'relay', relayProtocol: 'udp' }]);
  }
});
