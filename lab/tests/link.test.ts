import { expect, tell, test } from '../src/lab.ts';
import { percentile } from '../src/percentile.ts';
import { Reflector, UdpPeer } from '../src/udp.ts';

test.use({ homes: { alice: { wifi: { nat: 'cone' } } } });

const peers = test.extend<{ alice: UdpPeer; reflector: Reflector }>({
  alice: async ({ net }, use) => {
    const alice = await UdpPeer.on(net.home('alice').host);
    await use(alice);
    await alice.close();
  },
  // The net before the reflector: it brings the server's address.
  reflector: async ({ net: _ }, use) => {
    const reflector = await Reflector.open();
    await use(reflector);
    reflector.close();
  },
});

peers('a perfect link adds next to nothing', async ({ alice, reflector }) => {
  const { rtts, sent } = await alice.pings(reflector.endpoint, { count: 100, everyMs: 5 });

  tell(`RTT p50 ${percentile(rtts, 0.5).toFixed(2)} ms`);
  expect(rtts).toHaveLength(sent);
  expect(percentile(rtts, 0.5)).toBeLessThan(5);
});

peers('delay is added both ways', async ({ net, alice, reflector }) => {
  await net.home('alice').wifi.link.becomes({ delayMs: 50 });

  const { rtts } = await alice.pings(reflector.endpoint, { count: 100, everyMs: 5 });

  tell(`RTT p50 ${percentile(rtts, 0.5).toFixed(2)} ms, least ${Math.min(...rtts).toFixed(2)} ms for 100 ms`);
  expect(Math.min(...rtts)).toBeGreaterThanOrEqual(99.9);
  expect(percentile(rtts, 0.5)).toBeLessThan(110);
});

peers('jitter spreads the delay and keeps the order', async ({ net, alice, reflector }) => {
  await net.home('alice').wifi.link.up({ delayMs: 40, jitterMs: 30 });

  const { rtts, order } = await alice.pings(reflector.endpoint, { count: 150, everyMs: 50 });

  const spread = percentile(rtts, 0.95) - percentile(rtts, 0.05);
  tell(`RTT p5 ${percentile(rtts, 0.05).toFixed(1)}, p95 ${percentile(rtts, 0.95).toFixed(1)} ms for 40 ± 30 ms`);
  expect(spread).toBeGreaterThan(35);
  expect(spread).toBeLessThan(70);
  expect(order).toEqual(order.toSorted((a, b) => a - b));
});

peers('loss takes its share, and the same packets each time', async ({ net, alice, reflector }) => {
  await net.home('alice').wifi.link.up({ loss: 0.05 });

  const { rtts, sent } = await alice.pings(reflector.endpoint, { count: 2000, everyMs: 1 });

  const { up, down } = await net.home('alice').wifi.link.counts();
  const lost = up.lost / sent;
  tell(`lost ${(lost * 100).toFixed(2)} % of ${sent} for 5 %`);
  expect(lost).toBeGreaterThan(0.035);
  expect(lost).toBeLessThan(0.065);
  expect(up.passed + up.lost).toBe(sent);
  expect(down.lost).toBe(0);
  // On a busy machine a socket that nobody reads from loses some more.
  expect(rtts.length).toBeLessThanOrEqual(up.passed);
  // The seed and the number of packets decide it: a change here is a change of the generator.
  expect(up.lost).toBe(108);
});

peers(
  'a rate limit passes what it says, queues as long as it says, and drops the rest',
  async ({ net, alice, reflector }) => {
    await net.home('alice').wifi.link.up({ rateKbits: 400, queueMs: 200 });

    // 1000 bytes each 10 ms are 800 kbit/s, and 28 bytes of headers make them 822.
    const { rtts, sent, lastMs } = await alice.pings(reflector.endpoint, { count: 300, everyMs: 10, bytes: 1000 });

    const { up } = await net.home('alice').wifi.link.counts();
    const bits = 1028 * 8;
    const kbits = (up.passed * bits) / lastMs;
    tell(`passed ${kbits.toFixed(0)} kbit/s of 400, queue at most ${up.longestMs.toFixed(0)} ms, dropped ${up.overflowed}`);
    tell(`RTT at most ${Math.max(...rtts).toFixed(0)} ms`);
    expect(up.passed + up.overflowed).toBe(sent);
    // A busy machine sends late and hears late: it may make this less, and never more.
    expect(kbits).toBeLessThanOrEqual(400);
    expect(kbits).toBeGreaterThan(320);
    // Something was dropped, so the queue was full; and who found room in it waits until those before, and itself, are sent.
    expect(up.overflowed).toBeGreaterThan(0);
    expect(up.longestMs).toBeGreaterThan(200);
    expect(up.longestMs).toBeLessThanOrEqual(200 + bits / 400 + 0.01);
    expect(Math.max(...rtts)).toBeGreaterThan(200);
  },
);

peers('an outage lasts until it ends', async ({ net, alice, reflector }) => {
  const { link } = net.home('alice').wifi;

  await link.becomes({ down: true });
  const during = await alice.pings(reflector.endpoint, { count: 20, waitMs: 100 });
  await link.becomes({ down: false });
  const after = await alice.pings(reflector.endpoint, { count: 20 });

  expect(during.rtts).toHaveLength(0);
  expect((await link.counts()).up.cut).toBe(20);
  expect(after.rtts).toHaveLength(20);
});

peers('what is no setting is refused, and changes nothing', async ({ net, alice, reflector }) => {
  const { link } = net.home('alice').wifi;

  await expect(link.up({ loss: 2 })).rejects.toThrow(/loss/);
  await expect(link.up({ delayMs: -1 })).rejects.toThrow(/delay/);

  expect((await alice.pings(reflector.endpoint)).rtts).toHaveLength(20);
});
