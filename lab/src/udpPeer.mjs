// A UDP socket on some host of the lab, moved by JSON commands on standard input, one answer a line.
import { createSocket } from 'node:dgram';
import { createInterface } from 'node:readline';

/** @typedef {{ address: string, port: number }} Endpoint */

/** @type {Map<string, (from: Endpoint, text: string) => void>} */
const awaited = new Map();
/** @type {{ from: Endpoint, text: string }[]} */
const heard = [];

const socket = createSocket('udp4');
socket.on('message', (bytes, { address, port }) => {
  const text = bytes.toString();
  const key = text.split(' ', 1)[0] ?? '';
  const take = awaited.get(key);
  if (take) take({ address, port }, text);
  else heard.push({ from: { address, port }, text });
});

/** @type {(ms: number) => Promise<void>} */
const after = (ms) => new Promise((done) => setTimeout(done, ms));

const commands = {
  /** @param {{ to: Endpoint, text: string }} what */
  async say({ to, text }) {
    socket.send(text, to.port, to.address);
    return {};
  },

  /** @param {{ text: string, withinMs: number }} what */
  async hear({ text, withinMs }) {
    const deadline = performance.now() + withinMs;
    for (;;) {
      const found = heard.find((one) => one.text === text);
      if (found) return { from: found.from };
      if (performance.now() > deadline) return { from: null };
      await after(5);
    }
  },

  /**
   * Sends numbered datagrams of that size to a reflector, evenly, and waits a while for the last.
   * @param {{ to: Endpoint, count: number, everyMs: number, bytes: number, waitMs: number }} what
   */
  async ping({ to, count, everyMs, bytes, waitMs }) {
    /** @type {number[]} */
    const rtts = [];
    /** @type {string | null} */
    let reflexive = null;
    let lastMs = 0;
    /** @type {number[]} */
    const order = [];
    const start = performance.now();
    for (let i = 0; i < count; i++) {
      const wait = start + i * everyMs - performance.now();
      if (wait > 0) await after(wait);
      const sent = performance.now();
      awaited.set(`p${i}`, (_, text) => {
        rtts.push(performance.now() - sent);
        lastMs = performance.now() - start;
        order.push(i);
        reflexive = text.split(' ')[1] ?? null;
      });
      socket.send(`p${i} `.padEnd(bytes, '.'), to.port, to.address);
    }
    const deadline = performance.now() + waitMs;
    while (rtts.length < count && performance.now() < deadline) await after(5);
    awaited.clear();
    return { sent: count, rtts, order, reflexive, tookMs: performance.now() - start, lastMs };
  },
};

createInterface({ input: process.stdin }).on('line', async (line) => {
  const { command, ...what } = JSON.parse(line);
  const run = commands[/** @type {keyof typeof commands} */ (command)];
  console.log(JSON.stringify(await run(what)));
});
process.stdin.on('end', () => process.exit());
socket.bind(0, () => console.log('ready'));
