import { createReadStream } from 'node:fs';
import { type Server as HttpServer, createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { extname, join } from 'node:path';
import { PeerServer } from 'peer';
import { type WebSocket, WebSocketServer } from 'ws';
import { Browser, type BrowserOptions, type Page } from '../../../e2e/src/browser.ts';
import type { Client } from './client.ts';
import { installStopwatch } from './stopwatch.ts';

/** It wants to be told one; on the lab's host there is nobody else. */
const PEER_SERVER_PORT = 9000;

const READY_MS = 60_000;

const FOLDER = join(import.meta.dirname, '..');
const FILES: Record<string, string> = {
  'peerjs.min.js': 'node_modules/peerjs/dist/peerjs.min.js',
  'simplepeer.min.js': 'node_modules/simple-peer/simplepeer.min.js',
};
const TYPES: Record<string, string> = { '.html': 'text/html', '.js': 'text/javascript' };

export type Tutorial = 'peerjs' | 'simple-peer' | 'tutorial';

/** The pages of the other clients, and the signaling servers they need, on this host. */
export class Tutorials {
  private constructor(
    private readonly pages: HttpServer,
    private readonly signaling: WebSocketServer,
    private readonly peerServer: HttpServer,
    private readonly host: string,
  ) {}

  static async open(host: string): Promise<Tutorials> {
    const pages = createServer((request, response) => {
      const name = new URL(request.url ?? '/', 'http://page').pathname.slice(1) || 'index.html';
      const file = FILES[name] ?? `pages/${name.replaceAll('/', '')}`;
      response.setHeader('content-type', TYPES[extname(name)] ?? 'text/plain');
      createReadStream(join(FOLDER, file))
        .on('error', () => response.writeHead(404).end())
        .pipe(response);
    });
    await new Promise<void>((listening) => pages.listen(0, listening));
    const signaling = new WebSocketServer({ port: 0, perMessageDeflate: false });
    passOn(signaling);
    const peerServer = await new Promise<HttpServer>((listening) => {
      PeerServer({ port: PEER_SERVER_PORT, host: '0.0.0.0' }, (server) => listening(server as HttpServer));
    });
    return new Tutorials(pages, signaling, peerServer, host);
  }

  get origin(): string {
    return `http://${this.host}:${port(this.pages)}`;
  }

  /** Both open that client's page and are ready to call. */
  async between(
    client: Tutorial,
    rtc: RTCConfiguration,
    { hers, his }: { hers: BrowserOptions; his: BrowserOptions },
  ): Promise<Client> {
    const browsers: Browser[] = [];
    const open = async (options: BrowserOptions, me: string, other: string): Promise<Page> => {
      const browser = await Browser.open(me, { ...options, scripts: [installStopwatch] });
      browsers.push(browser);
      const page = await browser.page();
      const ports = { signaling: port(this.signaling), peerjs: port(this.peerServer) };
      const room = encodeURIComponent(JSON.stringify({ client, me, other, rtc, ports }));
      await page.goto(`${this.origin}/#${room}`);
      await Promise.race([
        page.locator('body[data-ready]').waitFor({ timeout: READY_MS }),
        page.waitForEvent('pageerror', { timeout: READY_MS }).then((error) => Promise.reject(error)),
      ]);
      return page;
    };
    const close = async () => {
      await Promise.all(browsers.map((browser) => browser.close()));
    };
    const both = async () => [await open(hers, 'alice', 'bob'), await open(his, 'bob', 'alice')] as const;
    const [alice, bob] = await both().catch(async (error) => {
      await close();
      throw error;
    });
    return {
      alice,
      bob,
      calls: () => alice.locator('#call').click(),
      accepts: () => bob.locator('#accept').click(),
      async hangsUp() {
        await alice.locator('#hang-up').click();
        await Promise.all([alice, bob].map((page) => page.locator('#hang-up').waitFor({ state: 'hidden' })));
      },
      close,
    };
  }

  async close(): Promise<void> {
    for (const client of this.signaling.clients) client.terminate();
    this.signaling.close();
    for (const server of [this.pages, this.peerServer]) {
      server.closeAllConnections();
      server.close();
    }
  }
}

/** What one says, the other hears. */
function passOn(signaling: WebSocketServer): void {
  const here = new Map<string, WebSocket>();
  signaling.on('connection', (socket, request) => {
    const me = new URL(request.url ?? '/', 'http://signaling').searchParams.get('me') ?? '';
    here.set(me, socket);
    socket.on('message', (message) => {
      for (const [name, other] of here) if (name !== me) other.send(message.toString());
    });
    socket.on('close', () => {
      if (here.get(me) === socket) here.delete(me);
    });
  });
}

function port(server: { address(): AddressInfo | string | null }): number {
  const address = server.address();
  if (!address || typeof address !== 'object') throw new Error('not listening');
  return address.port;
}
