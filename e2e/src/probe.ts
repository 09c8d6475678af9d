/**
 * Runs in the page before the app: keeps every peer connection and every captured track it makes, so that a test can ask
 * the browser itself what is sent and received. It changes nothing the app sees.
 */
export function installProbe(): void {
  const connections: RTCPeerConnection[] = [];
  const tracks: MediaStreamTrack[] = [];

  const Native = window.RTCPeerConnection;
  window.RTCPeerConnection = class extends Native {
    constructor(configuration?: RTCConfiguration) {
      super(configuration);
      connections.push(this);
    }
  };

  const devices = navigator.mediaDevices;
  if (devices) {
    const capture = devices.getUserMedia.bind(devices);
    devices.getUserMedia = async (constraints) => {
      const stream = await capture(constraints);
      tracks.push(...stream.getTracks());
      return stream;
    };
  }

  const reports = async (): Promise<Record<string, unknown>[]> => {
    const all: Record<string, unknown>[] = [];
    for (const connection of connections) {
      if (connection.connectionState === 'closed') continue;
      (await connection.getStats()).forEach((report) => all.push(report));
    }
    return all;
  };
  const sum = (rows: Record<string, unknown>[], field: string) =>
    rows.reduce((total, row) => total + Number(row[field] ?? 0), 0);

  window.probe = {
    stats: reports,
    async media() {
      const rows = await reports();
      const of = (type: string, kind: string) =>
        rows.filter((row) => row['type'] === type && row['kind'] === kind);
      return {
        connected: connections.filter((connection) => connection.connectionState === 'connected').length,
        packetsSent: sum(rows.filter((row) => row['type'] === 'outbound-rtp'), 'packetsSent'),
        framesDecoded: sum(of('inbound-rtp', 'video'), 'framesDecoded'),
        frameWidth: Math.max(0, ...of('inbound-rtp', 'video').map((row) => Number(row['frameWidth'] ?? 0))),
        soundEnergy: sum(of('inbound-rtp', 'audio'), 'totalAudioEnergy'),
      };
    },
    async route() {
      const rows = await reports();
      const byId = new Map(rows.map((row) => [row['id'], row]));
      const used = rows
        .filter((row) => row['type'] === 'transport' && row['selectedCandidatePairId'])
        .map((row) => byId.get(row['selectedCandidatePairId'])!);
      return used.map((pair) => ({
        local: String(byId.get(pair['localCandidateId'])?.['candidateType']),
        remote: String(byId.get(pair['remoteCandidateId'])?.['candidateType']),
      }));
    },
    liveTracks: () => tracks.filter((track) => track.readyState === 'live').length,
    sendingConnections: () =>
      connections.filter(
        (connection) =>
          connection.connectionState !== 'closed' && connection.getSenders().some((sender) => sender.track !== null),
      ).length,
    openConnections: () =>
      connections.filter((connection) => connection.connectionState !== 'closed').length,
  };
}

/** What a page sends and receives, over all its peer connections. */
export interface Media {
  connected: number;
  packetsSent: number;
  framesDecoded: number;
  frameWidth: number;
  soundEnergy: number;
}

declare global {
  interface Window {
    probe: {
      /** Every getStats() report of every open connection. */
      stats(): Promise<Record<string, unknown>[]>;
      media(): Promise<Media>;
      route(): Promise<{ local: string; remote: string }[]>;
      liveTracks(): number;
      sendingConnections(): number;
      openConnections(): number;
    };
  }
}
