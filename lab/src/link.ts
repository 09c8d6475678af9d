import { spawn } from 'node:child_process';
import { join } from 'node:path';
import type { Host } from './host.ts';
import { Lines } from './lines.ts';

const PROGRAM = join(import.meta.dirname, '../build/link');

/** How one direction of a link treats packets. What is left out stays as it is; a new link is perfect. */
export interface Conditions {
  /** One way. */
  delayMs?: number;
  /** The delay varies evenly by this much either way; packets stay in order. */
  jitterMs?: number;
  /** The fraction of packets lost, 0 to 1. */
  loss?: number;
  /** 0 is unlimited. */
  rateKbits?: number;
  /** What would wait longer than this before the rate limit is dropped. */
  queueMs?: number;
  /** An outage: everything is dropped. */
  down?: boolean;
}

export interface Counts {
  passed: number;
  lost: number;
  overflowed: number;
  cut: number;
  /** The longest a packet was to be held, as reckoned when it came: whether a busy machine kept to it is not in it. */
  longestMs: number;
}

/** Where a link ends: a host, and the name of the device that appears there. */
export interface End {
  host: Host;
  device: string;
}

/** An emulated link between two hosts: `up` goes from the first end to the second. */
export class Link {
  private constructor(private readonly program: Lines) {}

  static async between(a: End, b: End, seed = 1): Promise<Link> {
    const process = spawn(PROGRAM, [String(seed), a.host.namespace, a.device, b.host.namespace, b.device], {
      stdio: ['pipe', 'pipe', 'inherit'],
    });
    const program = new Lines(process, `link ${a.device}`);
    await program.next();
    return new Link(program);
  }

  /** From now on, in both directions. */
  async becomes(conditions: Conditions): Promise<void> {
    await this.up(conditions);
    await this.down(conditions);
  }

  up(conditions: Conditions): Promise<string> {
    return this.program.ask(`set ab ${settings(conditions)}`);
  }

  down(conditions: Conditions): Promise<string> {
    return this.program.ask(`set ba ${settings(conditions)}`);
  }

  async counts(): Promise<{ up: Counts; down: Counts }> {
    const { ab, ba } = JSON.parse(await this.program.ask('stats')) as { ab: Counts; ba: Counts };
    return { up: ab, down: ba };
  }

  async remove(): Promise<void> {
    await this.program.close();
  }
}

function settings(conditions: Conditions): string {
  const named: [string, number | undefined][] = [
    ['delay', conditions.delayMs],
    ['jitter', conditions.jitterMs],
    ['loss', conditions.loss],
    ['rate', conditions.rateKbits],
    ['queue', conditions.queueMs],
    ['down', conditions.down === undefined ? undefined : Number(conditions.down)],
  ];
  return named.flatMap(([name, value]) => (value === undefined ? [] : [`${name}=${value}`])).join(' ');
}
