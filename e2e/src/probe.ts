/**
 * Runs in the page before the app: keeps every peer connection and every captured track it makes, so that a test can ask
 * the browser itself what is sent and received, and which of it is seen and heard. It changes nothing the app sees.
 */
export function installProbe(): void {
  const connections: RTCPeerConnection[] = [];
  const tracks: MediaStreamTrack[] = [];
  const lastWords: Promise<Record<string, unknown>[]>[] = [];
  let capturesWanted = 0;
  let interruptions = 0;

  const Native = window.RTCPeerConnection;
  window.RTCPeerConnection = class extends Native {
    constructor(configuration?: RTCConfiguration) {
      super(configuration);
      connections.push(this);
      this.addEventListener('connectionstatechange', () => {
        if (this.connectionState === 'disconnected' || this.connectionState === 'failed') interruptions += 1;
      });
    }

    /** What was sent on it up to now is asked first: a closed one tells nothing. */
    override close(): void {
      if (this.connectionState !== 'closed') lastWords.push(this.getStats().then(rowsOf, () => []));
      super.close();
    }
  };

  const devices = navigator.mediaDevices;
  if (devices) {
    const capture = devices.getUserMedia.bind(devices);
    devices.getUserMedia = async (constraints) => {
      capturesWanted += 1;
      const stream = await capture(constraints);
      tracks.push(...stream.getTracks());
      return stream;
    };
    const display = devices.getDisplayMedia?.bind(devices);
    if (display) {
      devices.getDisplayMedia = async (options) => {
        const stream = await display(options);
        tracks.push(...stream.getTracks());
        return stream;
      };
    }
  }

  const reports = async (): Promise<Record<string, unknown>[]> => {
    const all: Record<string, unknown>[] = [];
    for (const connection of connections) {
      if (connection.connectionState === 'closed') continue;
      all.push(...rowsOf(await connection.getStats()));
    }
    return all;
  };
  const rowsOf = (report: RTCStatsReport): Record<string, unknown>[] => {
    const rows: Record<string, unknown>[] = [];
    report.forEach((row) => rows.push(row));
    return rows;
  };
  const sum = (rows: Record<string, unknown>[], field: string) =>
    rows.reduce((total, row) => total + Number(row[field] ?? 0), 0);
  const packetsSent = (rows: Record<string, unknown>[]) =>
    sum(
      rows.filter((row) => row['type'] === 'outbound-rtp'),
      'packetsSent',
    );

  // At every picture the page draws: whose tracks are on the screen, or sound.
  const perceived = new Set<string>();
  const look = (): void => {
    for (const element of document.querySelectorAll<HTMLMediaElement>('video, audio')) {
      if (!(element.srcObject instanceof MediaStream)) continue;
      const shows = element instanceof HTMLVideoElement && element.checkVisibility({ opacityProperty: true });
      const sounds = !element.muted && !element.paused;
      for (const track of element.srcObject.getTracks()) {
        if (track.kind === 'video' ? shows : sounds) perceived.add(track.id);
      }
    }
    requestAnimationFrame(look);
  };
  requestAnimationFrame(look);
  const isPerceived = (connection: RTCPeerConnection) =>
    connection.getReceivers().some(({ track }) => perceived.has(track.id));

  window.probe = {
    stats: reports,
    async media() {
      const rows = await reports();
      const of = (type: string, kind: string) => rows.filter((row) => row['type'] === type && row['kind'] === kind);
      return {
        connected: connections.filter((connection) => connection.connectionState === 'connected').length,
        packetsSent: packetsSent(rows),
        packetsReceived: sum(
          rows.filter((row) => row['type'] === 'inbound-rtp'),
          'packetsReceived',
        ),
        framesDecoded: sum(of('inbound-rtp', 'video'), 'framesDecoded'),
        frameWidth: Math.max(0, ...of('inbound-rtp', 'video').map((row) => Number(row['frameWidth'] ?? 0))),
        frameHeight: Math.max(0, ...of('inbound-rtp', 'video').map((row) => Number(row['frameHeight'] ?? 0))),
        videoBytesSent: sum(of('outbound-rtp', 'video'), 'bytesSent'),
        soundEnergy: sum(of('inbound-rtp', 'audio'), 'totalAudioEnergy'),
      };
    },
    async route() {
      const rows = await reports();
      const byId = new Map(rows.map((row) => [row['id'], row]));
      const transports = rows.filter((row) => row['type'] === 'transport');
      // Firefox has no reports of transports: it says of each pair whether it is the one.
      const used = transports.length
        ? transports.map((row) => byId.get(row['selectedCandidatePairId']))
        : rows.filter((row) => row['type'] === 'candidate-pair' && row['selected']);
      return used.flatMap((pair) => {
        const local = byId.get(pair?.['localCandidateId']);
        const remote = byId.get(pair?.['remoteCandidateId']);
        if (!local || !remote) return [];
        const route = { local: String(local['candidateType']), remote: String(remote['candidateType']) };
        return [{ ...route, ...(local['relayProtocol'] ? { relayProtocol: String(local['relayProtocol']) } : {}) }];
      });
    },
    interruptions: () => interruptions,
    async packetsEverSent() {
      return packetsSent([...(await reports()), ...(await Promise.all(lastWords)).flat()]);
    },
    async packetsSentByConnection() {
      const open = connections.filter((connection) => connection.connectionState === 'connected');
      return Promise.all(open.map(async (connection) => packetsSent(rowsOf(await connection.getStats()))));
    },
    perceived: () => ({
      open: connections.filter((one) => one.connectionState !== 'closed' && isPerceived(one)).length,
      closed: connections.filter((one) => one.connectionState === 'closed' && isPerceived(one)).length,
    }),
    capturesWanted: () => capturesWanted,
    liveTracks: () => tracks.filter((track) => track.readyState === 'live').length,
    sendingConnections: () =>
      connections.filter(
        (connection) =>
          connection.connectionState !== 'closed' && connection.getSenders().some((sender) => sender.track !== null),
      ).length,
    // One that only made an offer, for a call that may be made, holds no port.
    openConnections: () =>
      connections.filter((one) => one.connectionState !== 'closed' && one.localDescription !== null).length,
  };
}

/** What a page sends and receives, over all its peer connections. */
export interface Media {
  connected: number;
  packetsSent: number;
  packetsReceived: number;
  framesDecoded: number;
  frameWidth: number;
  frameHeight: number;
  videoBytesSent: number;
  soundEnergy: number;
}

/** The types of the candidates in use, and how this side speaks to its relay if it uses one: `udp`, `tcp` or `tls`. */
export interface Route {
  local: string;
  remote: string;
  relayProtocol?: string;
}

declare global {
  interface Window {
    /** What the app itself lets one look at. */
    __kith?: { connections(): Record<string, RTCPeerConnection> };
    probe: {
      /** Every getStats() report of every open connection. */
      stats(): Promise<Record<string, unknown>[]>;
      media(): Promise<Media>;
      route(): Promise<Route[]>;
      /** How often a connection was interrupted, or failed. */
      interruptions(): number;
      /** Of media, on all connections there ever were. */
      packetsEverSent(): Promise<number>;
      /** The same of each connection that is up. */
      packetsSentByConnection(): Promise<number[]>;
      /** On how many connections, open and closed by now, what the other side sends was ever seen or heard. */
      perceived(): { open: number; closed: number };
      /** How often camera or microphone were asked for. */
      capturesWanted(): number;
      liveTracks(): number;
      sendingConnections(): number;
      openConnections(): number;
    };
  }
}
