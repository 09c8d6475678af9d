import { percentile } from '../../../lab/src/percentile.ts';
import type { Measured } from './client.ts';

/** What one client did on one network: its calls, those without picture or sound, and how often its pages got stuck. */
export interface Row {
  network: string;
  route: string;
  client: string;
  calls: Measured[];
  failed: number;
  stuck: number;
}

/** The rows as a Markdown table; beside each client, how many times as long as ours it took, at the median and at p95. */
export function tableOf(rows: Row[]): string {
  const columns = [
    ...['network', 'route', 'client', 'calls', 'failed', 'stuck'],
    ...['first frame p50', 'p95', 'first audio p50', 'p95', 'ring p50', 'p95'],
    ...['first frame : Kith p50', 'p95', 'first audio : Kith p50', 'p95'],
  ];
  const lines = [columns, columns.map((_, i) => (i < 3 ? '---' : '--:'))].map(lineOf);
  for (const row of rows) {
    const ours = rows.find((one) => one.client === 'Kith' && one.network === row.network && one.route === row.route);
    const numbers = figures(['firstFrameMs', 'firstAudioMs', 'ringMs'], (field, fraction) =>
      at(row, field, fraction).toFixed(0),
    );
    const ratios = figures(['firstFrameMs', 'firstAudioMs'], (field, fraction) =>
      ours ? (at(row, field, fraction) / at(ours, field, fraction)).toFixed(2) : '',
    );
    const { network, route, client, calls, failed, stuck } = row;
    lines.push(lineOf([network, route, client, calls.length, failed, stuck, ...numbers, ...ratios]));
  }
  return lines.join('\n');
}

function lineOf(cells: (string | number)[]): string {
  return `| ${cells.join(' | ')} |`;
}

function figures(fields: (keyof Measured)[], of: (field: keyof Measured, fraction: number) => string): string[] {
  return fields.flatMap((field) => [of(field, 0.5), of(field, 0.95)]);
}

function at(row: Row, field: keyof Measured, fraction: number): number {
  return percentile(
    row.calls.map((call) => call[field]),
    fraction,
  );
}
