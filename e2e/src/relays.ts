import { type ChildProcess, spawn } from 'node:child_process';
import { createSocket } from 'node:dgram';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { JAVA, SERVER_JAR, freePort } from './server.ts';

const LOOPBACK = '127.0.0.1';
const START_SECONDS = 30;

/** A relay in a process of its own, on this machine alone, that takes the credentials of whoever knows its secret. */
export class StandaloneRelay {
  readonly url: string;
  /** Matches its URL and no other's. */
  readonly itself: RegExp;

  private constructor(
    port: number,
    private readonly process: ChildProcess,
    private readonly directory: string,
  ) {
    this.url = `turn:${LOOPBACK}:${port}?transport=udp`;
    this.itself = new RegExp(`:${port}\\?`);
  }

  /** The relay that a Kith server has within, by itself. */
  static async ours(secret: string): Promise<StandaloneRelay> {
    return StandaloneRelay.start((port) => [
      ...[JAVA, '--enable-native-access=ALL-UNNAMED', '-cp', SERVER_JAR, 'kith.turn.net.Main'],
      ...['--listen', LOOPBACK, '--port', String(port), '--secret', secret, '--allow', '127.0.0.0/8'],
    ]);
  }

  static async coturn(secret: string): Promise<StandaloneRelay> {
    return StandaloneRelay.start((port, directory) => [
      ...['turnserver', '-n', '--no-cli', '--no-tls', '--no-dtls', '--no-multicast-peers', '--allow-loopback-peers'],
      ...[`--listening-ip=${LOOPBACK}`, `--relay-ip=${LOOPBACK}`, `--listening-port=${port}`],
      ...['--use-auth-secret', `--static-auth-secret=${secret}`, '--realm=coturn'],
      ...['--log-file=stdout', `--pidfile=${directory}/pid`, `--userdb=${directory}/users`],
    ]);
  }

  private static async start(command: (port: number, directory: string) => string[]): Promise<StandaloneRelay> {
    const [port, directory] = [await freePort(), await mkdtemp(join(tmpdir(), 'kith-relay-'))];
    const [executable, ...options] = command(port, directory);
    const child = spawn(executable!, options, { cwd: directory, stdio: ['ignore', 'pipe', 'pipe'] });
    let output = '';
    const keep = (chunk: Buffer) => (output = (output + chunk.toString()).slice(-20_000));
    child.stdout.on('data', keep);
    child.stderr.on('data', keep);
    child.once('error', (why) => (output += why.message));
    const deadline = Date.now() + START_SECONDS * 1000;
    while (!(await answers(port))) {
      if (child.pid === undefined || child.exitCode !== null || Date.now() > deadline) {
        child.kill();
        await rm(directory, { recursive: true, force: true });
        throw new Error(`the relay did not start:\n${output}`);
      }
    }
    return new StandaloneRelay(port, child, directory);
  }

  async stop(): Promise<void> {
    if (this.process.exitCode === null && this.process.signalCode === null) {
      const ended = new Promise((done) => this.process.once('exit', done));
      this.process.kill();
      await ended;
    }
    await rm(this.directory, { recursive: true, force: true });
  }
}

/** Whether it answers a STUN binding request within a fifth of a second. */
function answers(port: number): Promise<boolean> {
  const request = Buffer.alloc(20);
  request.writeUInt16BE(0x0001, 0); // Binding
  request.writeUInt32BE(0x2112a442, 4); // magic cookie (RFC 8489 section 5)
  return new Promise((answer) => {
    const socket = createSocket('udp4');
    const end = (heard: boolean) => {
      clearTimeout(patience);
      socket.close();
      answer(heard);
    };
    const patience = setTimeout(() => end(false), 200);
    socket.once('message', () => end(true));
    socket.once('error', () => undefined);
    socket.send(request, port, LOOPBACK);
  });
}
