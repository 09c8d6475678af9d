import type { ChildProcess } from 'node:child_process';
import { type Interface, createInterface } from 'node:readline';

/** A program that answers each line it is given with one line, in order. */
export class Lines {
  private readonly waiting: { take: (line: string) => void; fail: (why: Error) => void }[] = [];
  private readonly early: string[] = [];
  private readonly output: Interface;
  private readonly gone: Promise<void>;
  private over = false;

  constructor(
    private readonly process: ChildProcess,
    private readonly name: string,
  ) {
    this.output = createInterface({ input: process.stdout! });
    this.output.on('line', (line) => {
      const next = this.waiting.shift();
      if (next) next.take(line);
      else this.early.push(line);
    });
    // What is written to a program that just ended is told by its end.
    process.stdin!.on('error', () => {});
    this.gone = new Promise((gone) =>
      process.once('exit', (code, signal) => {
        this.over = true;
        for (const next of this.waiting.splice(0)) next.fail(new Error(`${name} ended: ${code ?? signal}`));
        gone();
      }),
    );
  }

  next(): Promise<string> {
    const early = this.early.shift();
    if (early !== undefined) return Promise.resolve(early);
    if (this.over) return Promise.reject(new Error(`${this.name} ended`));
    return new Promise((take, fail) => this.waiting.push({ take, fail }));
  }

  async ask(line: string): Promise<string> {
    this.process.stdin!.write(line + '\n');
    const answer = await this.next();
    if (answer.startsWith('error')) throw new Error(`${this.name}: ${line}: ${answer}`);
    return answer;
  }

  async close(): Promise<void> {
    this.process.stdin!.end();
    await this.gone;
  }
}
