import type { Page } from '../../../e2e/src/browser.ts';
import type { Times } from './stopwatch.ts';

/** One client between two people: how it calls, rings, is accepted, and hangs up, by taps on its page. */
export interface Client {
  readonly alice: Page;
  readonly bob: Page;
  calls(): Promise<void>;
  accepts(): Promise<void>;
  hangsUp(): Promise<void>;
  close(): Promise<void>;
}

export interface Measured {
  ringMs: number;
  firstFrameMs: number;
  firstAudioMs: number;
}

/** How long someone lets it ring. In this time a client may prepare what it likes. */
const RINGS_MS = 1000;
const GIVES_UP_MS = 20_000;

/** One call from the tap on Call until the caller sees and hears; null if no picture or sound came. */
export async function measure(client: Client): Promise<Measured | null> {
  await Promise.all([client.alice, client.bob].map((page) => page.evaluate(() => window.stopwatch.restart())));
  await client.calls();
  if (!(await until(client.bob, 'rangAt'))) return null;
  await client.bob.evaluate((ms) => new Promise((answers) => setTimeout(answers, ms)), RINGS_MS);
  await client.accepts();
  const came = (await until(client.alice, 'firstFrameAt')) && (await until(client.alice, 'firstAudioAt'));
  const [hers, his] = await Promise.all(
    [client.alice, client.bob].map((page) => page.evaluate(() => window.stopwatch.times())),
  );
  if (!came || !hers || !his) return null;
  return {
    ringMs: his.rangAt! - hers.calledAt!,
    firstFrameMs: hers.firstFrameAt! - his.acceptedAt!,
    firstAudioMs: hers.firstAudioAt! - his.acceptedAt!,
  };
}

async function until(page: Page, what: keyof Times): Promise<boolean> {
  return page.evaluate(
    async ([field, ms]) => {
      const deadline = performance.now() + ms;
      while (window.stopwatch.times()[field] === null && performance.now() < deadline) {
        await new Promise((again) => setTimeout(again, 20));
      }
      return window.stopwatch.times()[field] !== null;
    },
    [what, GIVES_UP_MS] as const,
  );
}
