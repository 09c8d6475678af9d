import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** The processes of a browser, found by the profile they were started with: the first, and all that came of it. */
export async function processesOf(profile: string): Promise<number[]> {
  const { stdout } = await run('ps', ['-A', '-ww', '-o', 'pid=,ppid=,args='], { maxBuffer: 16_000_000 });
  const all = stdout.split('\n').flatMap((line) => {
    const [, pid, parent, command] = /^\s*(\d+)\s+(\d+)\s+(.*)$/.exec(line) ?? [];
    return pid === undefined ? [] : [{ pid: Number(pid), parent: Number(parent), command: command ?? '' }];
  });
  const found = all.filter(({ command }) => command.includes(profile)).map(({ pid }) => pid);
  for (const pid of found) {
    found.push(...all.filter((one) => one.parent === pid && !found.includes(one.pid)).map((one) => one.pid));
  }
  return found;
}
