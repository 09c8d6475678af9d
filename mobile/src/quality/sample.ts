/** What a peer connection's statistics said at one moment, of what Kith looks at (https://www.w3.org/TR/webrtc-stats/). */

type Row = Readonly<Record<string, unknown>>;

/** Counters of one kind of media in one direction since the connection began. */
export interface Flow {
  readonly bytes: number;
  readonly packets: number;
  /** Packets that never came: of what is sent, as the other side reports it. */
  readonly lost: number;
  /** Seconds, of what is received. */
  readonly jitter: number;
  readonly frames: number;
  readonly framesPerSecond: number;
  readonly width: number;
  readonly height: number;
  readonly freezes: number;
  /** Seconds. */
  readonly frozen: number;
  /** Such as `VP8`; empty where nothing says. */
  readonly codec: string;
}

export type CandidateType = "host" | "srflx" | "prflx" | "relay";

/** The candidate pair that carries the call. It holds kinds of addresses, never addresses. */
export interface Path {
  readonly local: CandidateType | null;
  readonly remote: CandidateType | null;
  readonly protocol: string;
  /** How this side reaches its relay, where there is one: `udp`, `tcp`, `tls`. */
  readonly relayProtocol: string | null;
  readonly rttMs: number | null;
  /** The sender's estimate of what the path carries, in kbit/s; not every browser tells. */
  readonly availableKbps: number | null;
  readonly bytesSent: number;
  readonly bytesReceived: number;
}

export interface Sample {
  /** Milliseconds. */
  readonly at: number;
  readonly sent: { readonly audio: Flow; readonly video: Flow };
  readonly received: { readonly audio: Flow; readonly video: Flow };
  readonly path: Path | null;
}

/** Reads the rows of `getStats()`. */
export function readSample(rows: readonly Row[], at: number): Sample {
  const byId = new Map(rows.map((row) => [row.id, row]));
  const flow = (type: "inbound-rtp" | "outbound-rtp", kind: "audio" | "video"): Flow =>
    readFlow(
      rows.filter((row) => row.type === type && row.kind === kind),
      byId,
    );
  return {
    at,
    sent: { audio: flow("outbound-rtp", "audio"), video: flow("outbound-rtp", "video") },
    received: { audio: flow("inbound-rtp", "audio"), video: flow("inbound-rtp", "video") },
    path: readPath(rows, byId),
  };
}

function readFlow(rows: readonly Row[], byId: ReadonlyMap<unknown, Row>): Flow {
  const total = (field: string): number => rows.reduce((sum, row) => sum + number(row[field]), 0);
  const most = (field: string): number => Math.max(0, ...rows.map((row) => number(row[field])));
  // How what was sent arrived stands in a row of its own: `remote-inbound-rtp`.
  const reports = rows
    .map((row) => (row.type === "outbound-rtp" ? byId.get(row.remoteId) : row))
    .filter((row) => row !== undefined);
  const codec = rows.map((row) => text(byId.get(row.codecId)?.mimeType)).find((mime) => mime !== "") ?? "";
  return {
    bytes: total("bytesSent") + total("bytesReceived"),
    packets: total("packetsSent") + total("packetsReceived"),
    lost: reports.reduce((sum, row) => sum + number(row.packetsLost), 0),
    jitter: Math.max(0, ...reports.map((row) => number(row.jitter))),
    frames: total("framesEncoded") + total("framesDecoded"),
    framesPerSecond: most("framesPerSecond"),
    width: most("frameWidth"),
    height: most("frameHeight"),
    freezes: total("freezeCount"),
    frozen: total("totalFreezesDuration"),
    codec: codec.slice(codec.indexOf("/") + 1),
  };
}

function readPath(rows: readonly Row[], byId: ReadonlyMap<unknown, Row>): Path | null {
  const chosen = rows.find((row) => row.type === "transport" && row.selectedCandidatePairId !== undefined);
  const pair =
    byId.get(chosen?.selectedCandidatePairId) ??
    rows.find((row) => row.type === "candidate-pair" && row.nominated === true && row.state === "succeeded");
  if (pair === undefined) return null;
  const local = byId.get(pair.localCandidateId);
  const available = pair.availableOutgoingBitrate;
  const rtt =
    typeof available === "number" ? pair.currentRoundTripTime : (reportedRtt(rows) ?? pair.currentRoundTripTime);
  return {
    local: candidateType(local?.candidateType),
    remote: candidateType(byId.get(pair.remoteCandidateId)?.candidateType),
    protocol: text(local?.protocol),
    relayProtocol: text(local?.relayProtocol) || null,
    rttMs: typeof rtt === "number" ? rtt * 1000 : null,
    availableKbps: typeof available === "number" ? available / 1000 : null,
    bytesSent: number(pair.bytesSent),
    bytesReceived: number(pair.bytesReceived),
  };
}

/**
 * As the other side's newest report of what it received has it. Firefox, which tells no estimate of the bandwidth, measures the
 * pair itself only while it checks it.
 */
function reportedRtt(rows: readonly Row[]): unknown {
  const reports = rows.filter((row) => row.type === "remote-inbound-rtp" && typeof row.roundTripTime === "number");
  const times = reports.map((row) => number(row.timestamp));
  return reports[times.indexOf(Math.max(...times))]?.roundTripTime;
}

export function isRelayed({ path }: Sample): boolean {
  return path?.local === "relay" || path?.remote === "relay";
}

function candidateType(value: unknown): CandidateType | null {
  return value === "host" || value === "srflx" || value === "prflx" || value === "relay" ? value : null;
}

function number(value: unknown): number {
  return typeof value === "number" && Number.isFinite(value) ? value : 0;
}

function text(value: unknown): string {
  return typeof value === "string" ? value : "";
}
