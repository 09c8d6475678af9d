import type { BrowserOptions } from '../../../e2e/src/browser.ts';
import type { Family } from '../../../e2e/src/family.ts';
import type { Client } from './client.ts';
import { installStopwatch } from './stopwatch.ts';

/** Kith's own app, as two people use it. */
export async function kith(
  family: Family,
  query: string,
  { hers, his }: { hers: BrowserOptions; his: BrowserOptions },
): Promise<Client> {
  const alice = await family.arrives('alice', { ...hers, query, scripts: [installStopwatch] });
  const bob = await family.arrives('bob', { ...his, query, scripts: [installStopwatch] });
  return {
    alice: alice.page,
    bob: bob.page,
    calls: () => alice.calls(bob),
    accepts: () => bob.accepts(),
    async hangsUp() {
      await alice.hangsUp();
      await Promise.all([alice.isBackInCircle(), bob.isBackInCircle()]);
    },
    async close() {
      await Promise.all([alice.leaves(), bob.leaves()]);
    },
  };
}
