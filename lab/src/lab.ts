import { test as base } from '../../e2e/src/family.ts';
import { Server } from '../../e2e/src/server.ts';
import { Caller, type Impression, tellingOf } from './caller.ts';
import type { Host } from './host.ts';
import { type Living, Net, SERVER } from './net.ts';

export { expect } from '../../e2e/src/family.ts';

export type Arrives = (name: string, how?: { query?: string }) => Promise<Caller>;

/** A test on a net of its own, of homes as the file or the group of tests says, with Kith's server on it if it asks for it. */
export const test = base.extend<{ homes: Record<string, Living>; net: Net; arrives: Arrives }>({
  homes: [{}, { option: true }],
  net: async ({ homes }, use) => {
    const net = await Net.of(homes);
    await use(net);
    await net.remove();
  },
  server: async ({ settings, net: _ }, use) => {
    const server = await startServer(settings);
    await use(server);
    await server.stop();
  },
  /** Someone opens the app at home, and is signed in. */
  arrives: async ({ net, server, family }, use) => {
    await use(async (name, how = {}) => {
      const home = net.home(name);
      const person = await family.arrives(name, { ...how, chromium: await chromiumAt(home.host, server.url) });
      return Caller.at(home, person);
    });
  },
});

/** Kith on the server's host; in the clear, for its own certificate is one no browser takes unasked. */
export function startServer(settings: Record<string, string> = {}): Promise<Server> {
  return Server.start({ KITH_HOST: '0.0.0.0', KITH_TLS: 'off', KITH_TURN_EXTERNAL_IP: SERVER, ...settings }, SERVER);
}

/** Chromium on that host. Without TLS, a page has camera and microphone only where the browser is told to trust it. */
export async function chromiumAt(host: Host, ...origins: string[]): Promise<{ executable: string; flags: string[] }> {
  return {
    executable: await host.launcher(process.env['KITH_CHROMIUM'] ?? '/usr/bin/chromium'),
    flags: [`--unsafely-treat-insecure-origin-as-secure=${origins.join(',')}`],
  };
}

/** Prints what a test measured, above its name in the report. */
export function tell(what: string): void {
  console.log(`        ${what}`);
}

/** Prints what these people saw and heard. */
export function tellOf(impressions: Record<string, Impression>): void {
  for (const [name, impression] of Object.entries(impressions)) tell(`${name}: ${tellingOf(impression)}`);
}
