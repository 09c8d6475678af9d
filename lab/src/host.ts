import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** A host of the lab: a network namespace with interfaces and addresses of its own. */
export class Host {
  private constructor(readonly name: string | undefined) {}

  /** The host this process runs on, which is the server's: lab/run put it into a namespace without any way out. */
  static readonly here = new Host(undefined);

  static async create(name: string): Promise<Host> {
    await run('ip', ['netns', 'add', name]);
    const host = new Host(name);
    // Candidates and neighbour discovery of IPv6 would only blur what is measured.
    await host.shell(`
      echo 1 > /proc/sys/net/ipv6/conf/all/disable_ipv6 || true
      ip link set lo up`);
    return host;
  }

  get namespace(): string {
    return this.name === undefined ? '/proc/self/ns/net' : `/run/netns/${this.name}`;
  }

  /** Runs a few lines of shell on this host, to the first that fails; returns what they print. */
  async shell(script: string): Promise<string> {
    const [command, args] = this.command('sh', '-e', '-c', script);
    return (await run(command, args)).stdout;
  }

  /** Starts a program on this host that talks by standard input and output. */
  spawn(program: string, ...args: string[]): ChildProcess {
    const [command, all] = this.command(program, ...args);
    return spawn(command, all, { stdio: ['pipe', 'pipe', 'inherit'] });
  }

  /** An executable file that starts this program here with whatever arguments it is given. */
  async launcher(program: string): Promise<string> {
    const folder = '/run/launchers';
    await mkdir(folder, { recursive: true });
    const file = join(folder, `${this.name ?? 'here'}-${program.replaceAll('/', '-')}`);
    const [command, args] = this.command(program);
    await writeFile(file, `#!/bin/sh\nexec ${[command, ...args].join(' ')} "$@"\n`, { mode: 0o755 });
    return file;
  }

  async remove(): Promise<void> {
    if (this.name !== undefined) await run('ip', ['netns', 'del', this.name]);
  }

  private command(program: string, ...args: string[]): [string, string[]] {
    return this.name === undefined ? [program, args] : ['nsenter', [`--net=${this.namespace}`, '--', program, ...args]];
  }
}
