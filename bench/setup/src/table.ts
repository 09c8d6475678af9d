import { percentile } from '../../../lab/src/percentile.ts';
import type { Measured } from './client.ts';

/** What one client did on one network: its calls, and how many of them brought no picture or sound. */
export interface Row {
  network: string;
  route: string;
  client: string;
  calls: Measured[];
  failed: number;
}

/** The rows as a Markdown table; beside each other client, how many times as long as ours it took. */
export function tableOf(rows: Row[]): string {
  const lines = [
    '| network | route | client | calls | failed | first frame p50 | p95 | first audio p50 | p95 | ring p50 | p95 | first frame p50 : Kith |',
    '| --- | --- | --- | --: | --: | --: | --: | --: | --: | --: | --: | --: |',
  ];
  for (const row of rows) {
    const ours = rows.find((one) => one.client === 'Kith' && one.network === row.network && one.route === row.route);
    const numbers = (['firstFrameMs', 'firstAudioMs', 'ringMs'] as const).flatMap((field) =>
      [0.5, 0.95].map((fraction) => at(row, field, fraction).toFixed(0)),
    );
    const ratio = ours ? (at(row, 'firstFrameMs', 0.5) / at(ours, 'firstFrameMs', 0.5)).toFixed(2) : '';
    const cells = [row.network, row.route, row.client, row.calls.length, row.failed, ...numbers, ratio];
    lines.push(`| ${cells.join(' | ')} |`);
  }
  return lines.join('\n');
}

function at(row: Row, field: keyof Measured, fraction: number): number {
  return percentile(
    row.calls.map((call) => call[field]),
    fraction,
  );
}
