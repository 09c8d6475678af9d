import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { BrowserOptions } from '../../e2e/src/browser.ts';
import { Family, test } from '../../e2e/src/family.ts';
import { Host } from '../../lab/src/host.ts';
import { chromiumAt, startServer } from '../../lab/src/lab.ts';
import { type Living, Net, SERVER } from '../../lab/src/net.ts';
import type { Client } from './src/client.ts';
import { kith } from './src/kith.ts';
import { type Row, tableOf } from './src/table.ts';
import { type Tutorial, Tutorials } from './src/tutorials.ts';
import { turn } from './src/turn.ts';

const CALLS = Number(process.env['KITH_BENCH_CALLS'] ?? 30);
const ONLY = new RegExp(process.env['KITH_BENCH_ONLY'] ?? '', 'i');
/** Each client has its turn this many times, so that a busy minute of the machine's hurts all of them. */
const TURNS = 3;
const RESULT = join(import.meta.dirname, 'results/setup.md');

const FAR: Living = { wifi: { nat: 'cone', link: { delayMs: 25 } } };
const NETWORKS: Record<string, Record<string, Living>> = {
  loopback: {},
  '100 ms RTT, NAT': { alice: FAR, bob: FAR },
};
const ROUTES: Record<string, { query: string; policy: RTCIceTransportPolicy }> = {
  direct: { query: '', policy: 'all' },
  relay: { query: '?relay=1', policy: 'relay' },
};

/** Two people on a network, and what they find there. */
interface Place {
  family: Family;
  tutorials: Tutorials;
  hers: BrowserOptions;
  his: BrowserOptions;
}

/** How a client comes to be open on both sides, for calls over a route. */
type Opens = (place: Place, route: { query: string; policy: RTCIceTransportPolicy }) => Promise<Client>;

const CLIENTS: Record<string, Opens> = {
  Kith: (place, { query }) => kith(place.family, query, false, place),
  'Kith, not warmed': (place, { query }) => kith(place.family, query, true, place),
  PeerJS: tutorial('peerjs'),
  'simple-peer': tutorial('simple-peer'),
  'usual tutorial': tutorial('tutorial'),
};

function tutorial(client: Tutorial): Opens {
  return async (place, { policy }) => {
    const { iceServers } = await place.family.api('alice').iceServers();
    return place.tutorials.between(client, { iceServers, iceTransportPolicy: policy }, place);
  };
}

async function onNetwork(homes: Record<string, Living>, run: (place: Place) => Promise<void>): Promise<void> {
  const net = await Net.of(homes);
  const server = await startServer();
  const tutorials = await Tutorials.open(SERVER);
  const browserOf = async (name: string) => {
    const host = name in homes ? net.home(name).host : Host.here;
    return { chromium: await chromiumAt(host, server.url, tutorials.origin) };
  };
  try {
    const family = await Family.of(server, ['alice', 'bob']);
    await run({ family, tutorials, hers: await browserOf('alice'), his: await browserOf('bob') });
  } finally {
    await tutorials.close();
    await server.stop();
    await net.remove();
  }
}

test('from Accept to the first picture and sound', async () => {
  const rows: Row[] = [];
  for (const [network, homes] of Object.entries(NETWORKS)) {
    const here: [Row, () => Promise<Client>][] = [];
    await onNetwork(homes, async (place) => {
      for (const [route, how] of Object.entries(ROUTES)) {
        for (const [client, opens] of Object.entries(CLIENTS)) {
          if (!ONLY.test(`${network} ${route} ${client}`)) continue;
          here.push([{ network, route, client, calls: [], failed: 0, stuck: 0 }, () => opens(place, how)]);
        }
      }
      rows.push(...here.map(([row]) => row));
      for (let i = 0; i < TURNS; i++) {
        for (const [row, open] of here) {
          await turn(row, open, Math.ceil(CALLS / TURNS));
          // A long run that is cut short leaves what it had.
          await writeFile(RESULT, tableOf(rows) + '\n');
        }
      }
    });
  }
  console.log(`\nMilliseconds from the tap on Accept (ring: from the tap on Call).\n\n${tableOf(rows)}\n`);
});
