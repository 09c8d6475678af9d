import type { Notice } from "./notices";

/** A phone app is told of a call while it runs only, and rings by itself then. */
export function canNotify(): boolean {
  return false;
}

export async function mayNotify(): Promise<boolean> {
  return false;
}

export function postNotice(_notice: Notice): () => void {
  return () => undefined;
}
