import { type Socket, connect, createServer } from 'node:net';
import type { AddressInfo } from 'node:net';

/** A way to the server that can be cut: what a network does to the connections of a phone that sleeps. */
export class Line {
  private readonly sockets = new Set<Socket>();

  private constructor(
    readonly url: string,
    private readonly stop: () => void,
  ) {}

  static async to(url: string): Promise<Line> {
    const { hostname, port } = new URL(url);
    const server = createServer((near) => {
      const far = connect(Number(port), hostname);
      for (const [one, other] of [
        [near, far],
        [far, near],
      ] as const) {
        line.sockets.add(one);
        one.once('error', () => undefined);
        one.once('close', () => {
          line.sockets.delete(one);
          other.destroy();
        });
        one.pipe(other);
      }
    });
    await new Promise<void>((listening) => server.listen(0, hostname, listening));
    const line: Line = new Line(`http://${hostname}:${(server.address() as AddressInfo).port}`, () => server.close());
    return line;
  }

  /** Ends every connection there is; others may be made at once. */
  cut(): void {
    for (const socket of this.sockets) socket.destroy();
  }

  /** Nothing passes on any connection there is, and neither end is told; others may be made. */
  fallsSilent(): void {
    for (const socket of this.sockets) socket.unpipe().resume();
  }

  close(): void {
    this.stop();
    this.cut();
  }
}
