import { test as base } from '../../e2e/src/family.ts';
import { type Living, Net } from './net.ts';

export { expect } from '../../e2e/src/family.ts';

/** A test on a net of its own, of homes as the file or the group of tests says. */
export const test = base.extend<{ homes: Record<string, Living>; net: Net }>({
  homes: [{}, { option: true }],
  net: async ({ homes }, use) => {
    const net = await Net.of(homes);
    await use(net);
    await net.remove();
  },
});

/** Prints what a test measured, beside its name in the report. */
export function tell(what: string): void {
  console.log(`        ${what}`);
}

export function percentile(values: number[], fraction: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  const at = Math.min(sorted.length - 1, Math.ceil(fraction * sorted.length) - 1);
  return sorted[Math.max(0, at)] ?? Number.NaN;
}
