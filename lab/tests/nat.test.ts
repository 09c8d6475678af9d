import { expect, tell, test } from '../src/lab.ts';
import { Lines } from '../src/lines.ts';
import type { Living } from '../src/net.ts';
import { type Endpoint, Reflector, UdpPeer } from '../src/udp.ts';

const CONE: Living = { wifi: { nat: 'cone' }, mobile: { nat: 'symmetric' } };
const SYMMETRIC: Living = { wifi: { nat: 'symmetric' } };
const BLOCKED: Living = { wifi: { nat: 'cone', udp: 'blocked' } };

/** Says each line to the server, and a moment later whether its connection still seems to stand. */
const TALKER = `
  const socket = require('net').connect(process.argv[1], '203.0.113.10', () => console.log('ready'));
  socket.on('error', () => {});
  require('readline').createInterface({ input: process.stdin }).on('line', (line) => {
    socket.write(line);
    setTimeout(() => console.log(socket.readyState), 500);
  });
  process.stdin.on('end', () => process.exit());
`;

const peers = test.extend<{ alice: UdpPeer; bob: UdpPeer; reflector: Reflector }>({
  alice: async ({ net }, use) => {
    const alice = await UdpPeer.on(net.home('alice').host);
    await use(alice);
    await alice.close();
  },
  bob: async ({ net }, use) => {
    const bob = await UdpPeer.on(net.home('bob').host);
    await use(bob);
    await bob.close();
  },
  reflector: async ({ net: _ }, use) => {
    const reflector = await Reflector.open();
    await use(reflector);
    reflector.close();
  },
});

/** Does each hear the other, who know each other's address from a reflector, as ICE would try? */
async function punch(alice: UdpPeer, bob: UdpPeer, reflector: Reflector): Promise<[Endpoint | null, Endpoint | null]> {
  const [hers, his] = [await alice.reflexive(reflector), await bob.reflexive(reflector)];
  // Bob's first comes too early, to a router that expects nothing of him, and must not spoil what follows.
  await bob.says('hole', hers);
  await alice.says('from-alice', his);
  await bob.says('from-bob', hers);
  return [await alice.hears('from-bob'), await bob.hears('from-alice')];
}

peers.describe('two cones', () => {
  peers.use({ homes: { alice: CONE, bob: CONE } });

  peers('every destination sees the same port', async ({ net, alice, reflector }) => {
    const other = await Reflector.open();
    const [one, two] = [await alice.reflexive(reflector), await alice.reflexive(other)];
    other.close();

    tell(`mapped to ${one.address}:${one.port} and ${two.address}:${two.port}`);
    expect(one.address).toBe(net.home('alice').wifi.publicAddress);
    expect(two).toEqual(one);
  });

  peers('can be punched', async ({ alice, bob, reflector }) => {
    const [atAlice, atBob] = await punch(alice, bob, reflector);

    expect(atAlice).toEqual(await bob.reflexive(reflector));
    expect(atBob).toEqual(await alice.reflexive(reflector));
  });

  peers('strangers are not let in', async ({ alice, bob, reflector }) => {
    await bob.says('stranger', await alice.reflexive(reflector));

    expect(await alice.hears('stranger', 200)).toBeNull();
  });

  peers('a router that gets another address has it at once', async ({ net, alice, reflector }) => {
    const { wifi } = net.home('alice');
    const before = (await alice.reflexive(reflector)).address;

    await wifi.getsAnotherAddress();

    expect(wifi.publicAddress).not.toBe(before);
    expect((await alice.reflexive(reflector)).address).toBe(wifi.publicAddress);
  });

  peers('a connection of before goes nowhere, and nobody says so', async ({ net }) => {
    const { createServer } = await import('node:net');
    const heard: string[] = [];
    const listener = createServer((socket) => socket.on('data', (data) => heard.push(data.toString())));
    await new Promise<void>((listening) => listener.listen(0, listening));
    const address = listener.address();
    if (!address || typeof address !== 'object') throw new Error('no port');
    const home = net.home('alice');
    const talker = new Lines(home.host.spawn('node', '-e', TALKER, String(address.port)), 'talker');
    await talker.next();
    await talker.ask('before');
    await expect.poll(() => heard).toEqual(['before']);

    await home.wifi.getsAnotherAddress();

    expect(await talker.ask('after')).toBe('open');
    await talker.close();
    listener.close();
    expect(heard).toEqual(['before']);
  });

  peers('out of the house the address is another, and back again the old one', async ({ net, alice, reflector }) => {
    const home = net.home('alice');

    expect((await alice.reflexive(reflector)).address).toBe(home.wifi.publicAddress);
    await home.leavesWifi();
    expect((await alice.reflexive(reflector)).address).toBe(home.mobile?.publicAddress);
    await home.comesBackToWifi();
    expect((await alice.reflexive(reflector)).address).toBe(home.wifi.publicAddress);
  });
});

peers.describe('two symmetric NATs', () => {
  peers.use({ homes: { alice: SYMMETRIC, bob: SYMMETRIC } });

  peers('every destination sees another port', async ({ alice, reflector }) => {
    const other = await Reflector.open();
    const [one, two] = [await alice.reflexive(reflector), await alice.reflexive(other)];
    other.close();

    tell(`mapped to ports ${one.port} and ${two.port}`);
    expect(two.address).toBe(one.address);
    expect(two.port).not.toBe(one.port);
  });

  peers('cannot be punched', async ({ alice, bob, reflector }) => {
    expect(await punch(alice, bob, reflector)).toEqual([null, null]);
  });
});

peers.describe('where UDP is blocked', () => {
  peers.use({ homes: { alice: BLOCKED } });

  peers('no datagram gets out, and TCP does', async ({ net, alice, reflector }) => {
    const { createServer } = await import('node:net');
    const greeter = createServer((socket) => socket.end('hello'));
    await new Promise<void>((listening) => greeter.listen(0, listening));
    const address = greeter.address();
    if (!address || typeof address !== 'object') throw new Error('no port');

    const { rtts } = await alice.pings(reflector.endpoint, { count: 5, waitMs: 200 });
    const heard = await net
      .home('alice')
      .host.shell(`node -e "require('net').connect(${address.port}, '203.0.113.10').pipe(process.stdout)"`);
    greeter.close();

    expect(rtts).toHaveLength(0);
    expect(heard).toBe('hello');
  });
});
