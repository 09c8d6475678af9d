import type { CallShell } from "./CallShell";

/** Phones have no console to look from. */
export function exposeCalls(_calls: CallShell): void {}
