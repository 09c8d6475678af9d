import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, readdirSync, statSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

const ROOT = resolve(import.meta.dirname, '../..');
export const SERVER_JAR = join(ROOT, 'server/target/kith-server.jar');
export const JAVA = process.env['JAVA_HOME'] ? join(process.env['JAVA_HOME'], 'bin/java') : 'java';
// As ./kith starts it.
const JVM_FLAGS = [
  '--enable-native-access=ALL-UNNAMED',
  '--sun-misc-unsafe-memory-access=allow',
  '-XX:+UseCompactObjectHeaders',
  '-XX:+UseSerialGC',
  '-Xmn16m',
  '-XX:AutoBoxCacheMax=65536',
  '-Xlog:aot*=off',
  '-Xlog:cds*=off',
];
const START_SECONDS = 120;

/** What ./kith has the JVM keep of the server's classes, unless they were built anew since: the JVM does not look. */
function rememberedClasses(): string[] {
  const target = join(ROOT, 'server/target');
  const cache = join(target, 'kith.aot');
  if (!existsSync(cache)) return [];
  const jars = [SERVER_JAR, ...readdirSync(join(target, 'lib')).map((name) => join(target, 'lib', name))];
  const kept = statSync(cache).mtimeMs;
  return jars.every((jar) => statSync(jar).mtimeMs <= kept) ? [`-XX:AOTCache=${cache}`] : [];
}

/** A Kith server of its own: the real one, with a database and a relay of its own. */
export class Server {
  readonly url: string;
  private process: ChildProcess | undefined;
  private output = '';

  private constructor(
    private readonly dataDir: string,
    private readonly environment: NodeJS.ProcessEnv,
    host: string,
    port: number,
  ) {
    this.url = `http://${host}:${port}`;
  }

  static async start(settings: Record<string, string> = {}, host = 'localhost'): Promise<Server> {
    const [port, turnPort] = [await freePort(), await freePort()];
    const dataDir = await mkdtemp(join(tmpdir(), 'kith-e2e-'));
    const server = new Server(
      dataDir,
      {
        PATH: process.env['PATH'],
        HOME: process.env['HOME'],
        KITH_PORT: String(port),
        KITH_TURN_PORT: String(turnPort),
        KITH_DATA_DIR: dataDir,
        KITH_WEB_DIR: join(ROOT, 'mobile/dist/web'),
        ...settings,
      },
      host,
      port,
    );
    await server.launch();
    return server;
  }

  /** Starts the process, on the data it had before if it had any. */
  async launch(): Promise<void> {
    const child = spawn(JAVA, [...JVM_FLAGS, ...rememberedClasses(), '-jar', SERVER_JAR], {
      cwd: ROOT,
      env: this.environment,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    this.process = child;
    const keep = (chunk: Buffer) => (this.output = (this.output + chunk.toString()).slice(-20_000));
    child.stdout?.on('data', keep);
    child.stderr?.on('data', keep);
    const deadline = Date.now() + START_SECONDS * 1000;
    while (!(await this.isHealthy())) {
      if (child.exitCode !== null || Date.now() > deadline) {
        throw new Error(`the server did not start:\n${this.output}`);
      }
      await new Promise((again) => setTimeout(again, 100));
    }
  }

  async kill(): Promise<void> {
    await this.end('SIGKILL');
  }

  async stop(): Promise<void> {
    await this.end('SIGTERM');
    await rm(this.dataDir, { recursive: true, force: true });
  }

  private async end(signal: NodeJS.Signals): Promise<void> {
    const child = this.process;
    if (!child || child.exitCode !== null || child.signalCode !== null) return;
    const ended = new Promise((done) => child.once('exit', done));
    child.kill(signal);
    await ended;
  }

  private async isHealthy(): Promise<boolean> {
    try {
      return (await fetch(`${this.url}/health`, { signal: AbortSignal.timeout(2000) })).ok;
    } catch {
      return false;
    }
  }
}

export async function freePort(): Promise<number> {
  return new Promise((found, failed) => {
    const probe = createServer();
    probe.once('error', failed);
    probe.listen(0, () => {
      const address = probe.address();
      probe.close(() => (address && typeof address === 'object' ? found(address.port) : failed(new Error('no port'))));
    });
  });
}
