/** What a page received and how, at one moment; counters grow from the beginning of the call. */
export interface Sample {
  /** Milliseconds of the page's clock. */
  at: number;
  frames: number;
  width: number;
  height: number;
  audioPackets: number;
  packetsReceived: number;
  packetsLost: number;
  bytesReceived: number;
  bytesSent: number;
  rttMs: number | null;
  /** Which pair of candidates media goes by: another one after ICE was restarted, whatever their types. */
  pair: string | null;
  local: string | null;
  remote: string | null;
  /** How the page reaches its relay, if it uses one. */
  relayProtocol: string | null;
}

/** Runs in the page, beside the probe: notes what arrives, every so often. */
export function installRecorder(everyMs: number): void {
  const samples: Sample[] = [];
  const number = (row: Record<string, unknown> | undefined, field: string) => Number(row?.[field] ?? 0);
  const text = (row: Record<string, unknown> | undefined, field: string) => {
    const value = row?.[field];
    return typeof value === 'string' ? value : null;
  };

  const take = async () => {
    const rows = await window.probe.stats();
    const inbound = rows.filter((row) => row['type'] === 'inbound-rtp');
    const video = inbound.filter((row) => row['kind'] === 'video');
    const audio = inbound.filter((row) => row['kind'] === 'audio');
    const sum = (some: Record<string, unknown>[], field: string) =>
      some.reduce((total, row) => total + number(row, field), 0);
    const transports = rows.filter((row) => row['type'] === 'transport');
    const byId = (id: unknown) => rows.find((row) => row['id'] === id);
    const pair = byId(transports.find((row) => row['selectedCandidatePairId'])?.['selectedCandidatePairId']);
    const local = byId(pair?.['localCandidateId']);
    samples.push({
      at: performance.now(),
      frames: sum(video, 'framesDecoded'),
      width: Math.max(0, ...video.map((row) => number(row, 'frameWidth'))),
      height: Math.max(0, ...video.map((row) => number(row, 'frameHeight'))),
      audioPackets: sum(audio, 'packetsReceived'),
      packetsReceived: sum(inbound, 'packetsReceived'),
      packetsLost: sum(inbound, 'packetsLost'),
      bytesReceived: sum(transports, 'bytesReceived'),
      bytesSent: sum(transports, 'bytesSent'),
      rttMs: pair?.['currentRoundTripTime'] === undefined ? null : number(pair, 'currentRoundTripTime') * 1000,
      pair: text(pair, 'id'),
      local: text(local, 'candidateType'),
      remote: text(byId(pair?.['remoteCandidateId']), 'candidateType'),
      relayProtocol: text(local, 'relayProtocol'),
    });
  };
  setInterval(() => void take(), everyMs);
  window.recorder = { samples: () => samples };
}

declare global {
  interface Window {
    recorder: { samples(): Sample[] };
  }
}
