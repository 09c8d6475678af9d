import { Coturn } from '../src/coturn.ts';
import { expect, tell, test } from '../src/lab.ts';
import type { Living } from '../src/net.ts';
import { PlainPage, type Route } from '../src/plainPage.ts';

// The same nets with nothing of Kith's on them: where these pass and the calls do not, the fault is Kith's.

const pages = test.extend<{ coturn: Coturn; meets: (by: RegExp) => Promise<Route> }>({
  coturn: async ({ net: _ }, use) => {
    const coturn = await Coturn.open();
    await use(coturn);
    await coturn.close();
  },
  meets: async ({ net, coturn }, use) => {
    const alice = await PlainPage.at(net.home('alice'), coturn.iceServers);
    const bob = await PlainPage.at(net.home('bob'), coturn.iceServers);
    await use(async (by) => {
      expect(await alice.connects(bob)).toBe(true);
      let route!: Route;
      // On a busy machine the relay may answer first: ICE goes over to a better pair once that answers, too.
      await expect
        .poll(async () => {
          route = await alice.route();
          return pathOf(route);
        })
        .toMatch(by);
      tell(`${pathOf(route)}, RTT ${route.rttMs.toFixed(1)} ms`);
      return route;
    });
    await Promise.all([alice.close(), bob.close()]);
  },
});

function pathOf({ local, remote, relayProtocol }: Route): string {
  return `${local}/${remote}${relayProtocol ? ` over ${relayProtocol}` : ''}`;
}

function both(living: Living): { homes: Record<string, Living> } {
  return { homes: { alice: living, bob: living } };
}

pages.describe('behind cones', () => {
  pages.use(both({ wifi: { nat: 'cone' } }));

  pages('browsers connect directly', async ({ meets }) => {
    await meets(/^(srflx|prflx)\/(srflx|prflx)$/);
  });
});

pages.describe('behind symmetric NATs', () => {
  pages.use(both({ wifi: { nat: 'symmetric' } }));

  pages('browsers need the relay', async ({ meets }) => {
    await meets(/relay/);
  });
});

pages.describe('where one side has no UDP', () => {
  pages.use({ homes: { alice: { wifi: { nat: 'cone', udp: 'blocked' } }, bob: { wifi: { nat: 'cone' } } } });

  pages('that browser takes the relay over TCP', async ({ meets }) => {
    await meets(/^relay\/.* over tcp$/);
  });
});

pages.describe('100 ms apart', () => {
  pages.use(both({ wifi: { nat: 'cone', link: { delayMs: 25 } } }));

  pages('browsers measure it', async ({ meets }) => {
    const { rttMs } = await meets(/^(srflx|prflx)\/(srflx|prflx)$/);
    expect(rttMs).toBeGreaterThanOrEqual(99);
    expect(rttMs).toBeLessThan(130);
  });
});
