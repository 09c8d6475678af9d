import type { Copy } from "./copiesTypes";

/** One app, one process: there is no copy of it. */
export function listenToCopies(_copy: Copy): void {}

export function successorAtCopies(_spent: string): Promise<string | null> {
  return Promise.resolve(null);
}

export function tellCopies(_spent: string, _session: string): void {}
