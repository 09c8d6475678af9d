import type { Person } from './person.ts';

/**
 * Runs in the page before the app: what the browser estimates its line to carry can be set, for there is no line between two
 * browsers on one machine that could be made thin. (The lab makes real ones thin.) Everything else stays as it is.
 */
export function installThinLine(): void {
  const Native = RTCPeerConnection.prototype.getStats;
  RTCPeerConnection.prototype.getStats = async function (this: RTCPeerConnection, selector) {
    const report = await Native.call(this, selector ?? null);
    const kbps = window.lineKbps;
    if (kbps === undefined) return report;
    const rows = new Map<string, unknown>();
    report.forEach((row: Record<string, unknown>, id: string) => {
      const pair = row['type'] === 'candidate-pair' && row['availableOutgoingBitrate'] !== undefined;
      rows.set(id, pair ? { ...row, availableOutgoingBitrate: kbps * 1000 } : row);
    });
    return rows;
  };
}

export async function lineCarries(person: Person, kbps: number): Promise<void> {
  await person.page.evaluate((line) => {
    window.lineKbps = line;
  }, kbps);
}

declare global {
  interface Window {
    lineKbps?: number;
  }
}
