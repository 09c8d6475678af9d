import { type Socket, createSocket } from 'node:dgram';
import { join } from 'node:path';
import type { Host } from './host.ts';
import { Lines } from './lines.ts';
import { SERVER } from './net.ts';

export interface Endpoint {
  address: string;
  port: number;
}

export interface Pings {
  sent: number;
  /** Milliseconds there and back, of those that came back, in the order they did. */
  rtts: number[];
  order: number[];
  /** What the reflector saw as our address and port. */
  reflexive: string | null;
  tookMs: number;
  /** From the first one sent to the last one back. */
  lastMs: number;
}

/** A UDP socket on one of the lab's hosts. */
export class UdpPeer {
  private constructor(private readonly program: Lines) {}

  static async on(host: Host): Promise<UdpPeer> {
    const process = host.spawn('node', join(import.meta.dirname, 'udpPeer.mjs'));
    const program = new Lines(process, 'udp peer');
    await program.next();
    return new UdpPeer(program);
  }

  async pings(to: Endpoint, how: { count?: number; everyMs?: number; bytes?: number; waitMs?: number } = {}) {
    const answer = await this.program.ask(
      JSON.stringify({ command: 'ping', to, count: 20, everyMs: 10, bytes: 100, waitMs: 1000, ...how }),
    );
    return JSON.parse(answer) as Pings;
  }

  /** Its address and port as that reflector sees it. */
  async reflexive(reflector: Reflector): Promise<Endpoint> {
    const { reflexive } = await this.pings(reflector.endpoint, { count: 1 });
    if (!reflexive) throw new Error('the reflector did not answer');
    const [address, port] = reflexive.split(':');
    return { address: address!, port: Number(port) };
  }

  async says(text: string, to: Endpoint): Promise<void> {
    await this.program.ask(JSON.stringify({ command: 'say', to, text }));
  }

  async hears(text: string, withinMs = 500): Promise<Endpoint | null> {
    const answer = await this.program.ask(JSON.stringify({ command: 'hear', text, withinMs }));
    return (JSON.parse(answer) as { from: Endpoint | null }).from;
  }

  async close(): Promise<void> {
    await this.program.close();
  }
}

/** A socket of the server's that sends each datagram back with the address it came from. */
export class Reflector {
  private constructor(
    private readonly socket: Socket,
    readonly endpoint: Endpoint,
  ) {}

  static async open(): Promise<Reflector> {
    const socket = createSocket('udp4');
    socket.on('message', (bytes, { address, port }) => {
      const key = bytes.toString().split(' ', 1)[0] ?? '';
      socket.send(`${key} ${address}:${port} `.padEnd(bytes.length, '.'), port, address);
    });
    await new Promise<void>((bound) => socket.bind(0, SERVER, bound));
    return new Reflector(socket, { address: SERVER, port: socket.address().port });
  }

  close(): void {
    this.socket.close();
  }
}
