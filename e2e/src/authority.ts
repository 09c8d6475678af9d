import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** PEM files of a certificate and its key. */
interface Certificate {
  chain: string;
  key: string;
}

/** A certificate authority of the test's own, which nobody trusts who is not told to. */
export class Authority {
  private constructor(private readonly directory: string) {}

  static async found(): Promise<Authority> {
    const authority = new Authority(await mkdtemp(join(tmpdir(), 'kith-authority-')));
    await authority.openssl(
      ...['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-days', '2'],
      ...['-keyout', 'authority.key', '-out', 'authority.pem', '-subj', '/CN=Kith test authority'],
    );
    return authority;
  }

  /** Vouches for the server of this name. */
  async certifies(name: string): Promise<Certificate> {
    await writeFile(
      join(this.directory, 'server.cnf'),
      `subjectAltName=DNS:${name}\nbasicConstraints=CA:FALSE\nextendedKeyUsage=serverAuth\n`,
    );
    await this.openssl(
      ...['req', '-new', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes'],
      ...['-keyout', 'server.key', '-out', 'server.csr', '-subj', `/CN=${name}`],
    );
    await this.openssl(
      ...['x509', '-req', '-in', 'server.csr', '-CA', 'authority.pem', '-CAkey', 'authority.key', '-CAcreateserial'],
      ...['-days', '2', '-extfile', 'server.cnf', '-out', 'server.pem'],
    );
    return { chain: join(this.directory, 'server.pem'), key: join(this.directory, 'server.key') };
  }

  /** Makes a database of NSS, which Chromium and Firefox keep authorities in, and puts this one there. */
  async isTrustedIn(database: string): Promise<void> {
    await mkdir(database, { recursive: true });
    await run('certutil', ['-N', '-d', `sql:${database}`, '--empty-password']);
    await run('certutil', [
      ...['-A', '-d', `sql:${database}`, '-n', 'Kith test authority', '-t', 'C,,'],
      ...['-i', join(this.directory, 'authority.pem')],
    ]);
  }

  async closes(): Promise<void> {
    await rm(this.directory, { recursive: true, force: true });
  }

  private async openssl(...words: string[]): Promise<void> {
    await run('openssl', words, { cwd: this.directory });
  }
}
