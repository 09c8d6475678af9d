import { type Client, measure } from './client.ts';
import type { Row } from './table.ts';

/** A page that does not do what it is told in this time, be it to call, to answer or to hang up, is given up. */
const STUCK_MS = 60_000;

/** One client's turn: some calls, one after the other, in browsers of its own; in new ones after one that got stuck. */
export async function turn(row: Row, open: () => Promise<Client>, calls: number): Promise<void> {
  let client: Client | null = null;
  for (let i = 0; i < calls; i++) {
    try {
      client ??= await warmed(open);
      const measured = await inTime(measure(client));
      if (measured) row.calls.push(measured);
      else row.failed++;
      await inTime(client.hangsUp());
    } catch (error) {
      row.stuck++;
      console.error(`${nameOf(row)}: stuck: ${error instanceof Error ? error.message : error}`);
      await client?.close();
      client = null;
    }
  }
  await client?.close();
  console.error(`${nameOf(row)}: ${row.calls.length} calls, ${row.failed} failed, ${row.stuck} stuck`);
}

function nameOf({ network, route, client }: Row): string {
  return [network, route, client].join(', ');
}

/** The first call of a page compiles what the others find compiled. */
async function warmed(open: () => Promise<Client>): Promise<Client> {
  const client = await open();
  try {
    await inTime(measure(client));
    await inTime(client.hangsUp());
    return client;
  } catch (error) {
    await client.close();
    throw error;
  }
}

async function inTime<T>(what: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, fail) => {
    timer = setTimeout(() => fail(new Error(`took longer than ${STUCK_MS / 1000} s`)), STUCK_MS);
  });
  try {
    return await Promise.race([what, late]);
  } finally {
    clearTimeout(timer);
  }
}
