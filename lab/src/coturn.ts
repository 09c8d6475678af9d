import type { ChildProcess } from 'node:child_process';
import { connect } from 'node:net';
import { Host } from './host.ts';
import { SERVER } from './net.ts';

const PORT = 3478;

/** A STUN and TURN server that is not ours: with it, a net proves itself without a word of Kith's. */
export class Coturn {
  private constructor(private readonly process: ChildProcess) {}

  static async open(): Promise<Coturn> {
    const options = `--no-cli --no-tls --no-dtls --lt-cred-mech --realm=lab --user=lab:lab --log-file=stdout --simple-log
      --listening-ip=${SERVER} --relay-ip=${SERVER} --listening-port=${PORT} --no-software-attribute --pidfile=/run/coturn.pid
      --userdb=/run/coturn.db -n`;
    // It complains about the IPv6 that is not here.
    const process = Host.here.spawn('sh', '-c', `exec turnserver ${options.replaceAll('\n', ' ')} 2>&1`);
    process.stdout!.resume();
    for (let tries = 0; !(await answers()); tries++) {
      if (process.exitCode !== null || tries > 100) throw new Error('turnserver did not start');
      await new Promise((again) => setTimeout(again, 50));
    }
    return new Coturn(process);
  }

  readonly iceServers = [
    { urls: `stun:${SERVER}:${PORT}` },
    { urls: [`turn:${SERVER}:${PORT}`, `turn:${SERVER}:${PORT}?transport=tcp`], username: 'lab', credential: 'lab' },
  ];

  async close(): Promise<void> {
    const gone = new Promise((done) => this.process.once('exit', done));
    this.process.kill();
    await gone;
  }
}

function answers(): Promise<boolean> {
  return new Promise((answer) => {
    const socket = connect(PORT, SERVER, () => {
      socket.destroy();
      answer(true);
    });
    socket.once('error', () => answer(false));
  });
}
