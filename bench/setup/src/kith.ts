import type { BrowserOptions } from '../../../e2e/src/browser.ts';
import type { Family } from '../../../e2e/src/family.ts';
import type { Client } from './client.ts';
import { installStopwatch } from './stopwatch.ts';

/** Kith's own app, as two people use it; `cold`, the connection is not warmed while it rings. */
export async function kith(
  family: Family,
  query: string,
  cold: boolean,
  { hers, his }: { hers: BrowserOptions; his: BrowserOptions },
): Promise<Client> {
  const alice = await family.arrives('alice', { ...hers, query, scripts: [installStopwatch] });
  const scripts = cold ? [installStopwatch, withholdRinging] : [installStopwatch];
  const bob = await family.arrives('bob', { ...his, query, scripts });
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

/** Runs in the callee's page: the caller never hears of the device that rings, so there is nothing to warm. */
function withholdRinging(): void {
  const send = WebSocket.prototype.send;
  WebSocket.prototype.send = function (data) {
    if (typeof data !== 'string' || !data.includes('"call-ringing"')) send.call(this, data);
  };
}
