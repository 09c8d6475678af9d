import { DeviceEventEmitter, NativeModules } from "react-native";

type Kind = "audio" | "video";

interface NativeTrack {
  readonly id: string;
  readonly kind: Kind;
  enabled: boolean;
  released: boolean;
}

interface Done {
  readonly success: (streamId: string, tracks: object[]) => void;
  readonly failure: (type: string, message: string) => void;
}

/**
 * What lies beneath react-native-webrtc on a phone, as far as it matters what is open there and what sounds. With streams and tracks it
 * is as strict as Android: a stream that is released disposes of the tracks still in it, and of one that is released already it
 * cannot, which ends the app.
 */
export class WebRTCModule {
  /** What the person allows, once asked. */
  readonly allowed = { microphone: true, camera: true };
  hasCamera = true;
  /** Whether the person chooses something to share. */
  shares = true;
  /** How much smaller than it is the screen was asked for last. */
  resolutionScale: number | undefined;
  readonly asked: string[] = [];
  /** Every stream and track of this device that ever was. */
  opened = 0;
  /** What would have ended the app. */
  readonly crashes: string[] = [];
  /** This device's own. */
  private readonly tracks = new Map<string, NativeTrack>();
  private readonly streams = new Map<string, Set<NativeTrack>>();
  private readonly connections = new Map<number, NativeTrack[]>();
  private readonly offered = new Set<number>();
  private readonly described = new Set<number>();
  private made = 0;

  /** What is open of this device's, and which streams there are, by kind. */
  open(): string[] {
    const tracks = [...this.tracks.values()].map(({ kind }) => kind);
    return [...tracks, ...[...this.streams.keys()].map(() => "stream")].sort();
  }

  /** Whether what comes in by each connection, from the first on, is heard; of those that the other side has described. */
  heard(): boolean[] {
    const described = [...this.connections].filter(([id]) => this.described.has(id));
    return described.map(([, tracks]) => tracks.some(({ kind, enabled }) => kind === "audio" && enabled));
  }

  /** The system ends it. */
  ends(kind: Kind): void {
    const track = [...this.tracks.values()].find((one) => one.kind === kind);
    DeviceEventEmitter.emit("mediaStreamTrackEnded", { trackId: track?.id });
  }

  // --- What react-native-webrtc calls ---

  addListener = (): void => undefined;
  removeListeners = (): void => undefined;
  receiverGetCapabilities = (): object => ({ codecs: [] });
  transceiverSetCodecPreferences = (): void => undefined;
  transceiverSetDirection = async (): Promise<void> => undefined;
  senderReplaceTrack = async (): Promise<boolean> => true;
  peerConnectionAddICECandidate = async (): Promise<object> => ({ type: "offer", sdp: "" });
  enumerateDevices = (told: (devices: object[]) => void): void =>
    told(["front", "back"].map((deviceId) => ({ kind: "videoinput", deviceId })));

  requestPermission = async (name: "microphone" | "camera"): Promise<boolean> => {
    this.asked.push(name);
    return this.allowed[name];
  };

  getUserMedia = (
    wanted: { audio?: object; video?: object },
    success: Done["success"],
    failure: Done["failure"],
  ): void => {
    const kinds = (["audio", "video"] as const).filter((kind) => wanted[kind] !== undefined);
    const there = kinds.filter((kind) => kind === "audio" || this.hasCamera);
    if (there.length === 0) return failure("DOMException", "AbortError");
    const tracks = there.map((kind) => this.local(kind));
    success(this.stream(tracks), tracks.map(told));
  };

  getDisplayMedia = async (wanted: { android?: { resolutionScale?: number } }): Promise<object> => {
    this.resolutionScale = wanted.android?.resolutionScale;
    // Android's words; React Native makes an error of them that is called `Error`.
    if (!this.shares) throw Object.assign(new Error("NotAllowedError"), { code: "DOMException" });
    const track = this.local("video");
    return { streamId: this.stream([track]), track: told(track) };
  };

  mediaStreamCreate = (id: string): void => {
    this.opened += 1;
    this.streams.set(id, new Set());
  };

  mediaStreamAddTrack = (id: string, connection: number, trackId: string): void => {
    const track = this.find(connection, trackId);
    if (track !== undefined) this.streams.get(id)?.add(track);
  };

  mediaStreamRemoveTrack = (id: string, connection: number, trackId: string): void => {
    const track = this.find(connection, trackId);
    if (track !== undefined) this.streams.get(id)?.delete(track);
  };

  mediaStreamRelease = (id: string): void => {
    for (const track of this.streams.get(id) ?? []) {
      if (track.released) this.crashes.push(`a stream still had a track of ${track.kind} that was released`);
      track.released = true;
      this.tracks.delete(track.id);
    }
    this.streams.delete(id);
  };

  mediaStreamTrackRelease = (id: string): void => {
    const track = this.tracks.get(id);
    if (track !== undefined) track.released = true;
    this.tracks.delete(id);
  };

  mediaStreamTrackSetEnabled = (connection: number, id: string, enabled: boolean): void => {
    const track = this.find(connection, id);
    if (track !== undefined) track.enabled = enabled;
  };

  peerConnectionInit = (_configuration: object, id: number): boolean => {
    this.connections.set(id, []);
    return true;
  };

  peerConnectionAddTransceiver = (id: number, { type }: { type: Kind }): object => this.transceiver(id, type);

  peerConnectionCreateOffer = async (): Promise<object> => ({
    sdpInfo: { type: "offer", sdp: "o=- 7 1 IN" },
    transceiversInfo: [],
  });

  peerConnectionSetLocalDescription = async (id: number): Promise<object> => {
    const type = this.offered.has(id) ? "answer" : "offer";
    this.becomes(id, type === "answer" ? "stable" : "have-local-offer");
    return { sdpInfo: { type, sdp: `o=- ${id} 1 IN` }, transceiversInfo: [] };
  };

  peerConnectionSetRemoteDescription = async (id: number, description: { type: string }): Promise<object> => {
    if (description.type === "offer") this.offered.add(id);
    this.described.add(id);
    this.becomes(id, description.type === "offer" ? "have-remote-offer" : "stable");
    const before = this.connections.get(id) ?? [];
    const kinds: Kind[] = before.length === 0 ? ["audio", "video"] : [];
    const newTransceivers = kinds.map((kind) => this.transceiver(id, kind));
    for (const track of this.connections.get(id) ?? []) {
      const transceiver = { mid: track.kind, direction: "sendrecv", currentDirection: "sendrecv" };
      const receiver = { id: `receiver of ${track.id}` };
      DeviceEventEmitter.emit("peerConnectionOnTrack", { pcId: id, streams: [], receiver, transceiver });
    }
    return { sdpInfo: description, newTransceivers, transceiversInfo: [] };
  };

  peerConnectionClose = (id: number): void => this.becomes(id, "closed");

  peerConnectionDispose = (id: number): void => {
    for (const track of this.connections.get(id) ?? []) track.released = true;
    this.connections.delete(id);
  };

  private becomes(id: number, signalingState: string): void {
    DeviceEventEmitter.emit("peerConnectionSignalingStateChanged", { pcId: id, signalingState });
  }

  private local(kind: Kind): NativeTrack {
    this.opened += 1;
    const track = { id: `own ${kind} ${++this.made}`, kind, enabled: true, released: false };
    this.tracks.set(track.id, track);
    return track;
  }

  private stream(tracks: readonly NativeTrack[]): string {
    this.opened += 1;
    const id = `stream ${++this.made}`;
    this.streams.set(id, new Set(tracks));
    return id;
  }

  /** Its track sounds, and shows, from the first packet on. */
  private transceiver(connection: number, kind: Kind): { transceiverOrder: number; transceiver: object } {
    const track = { id: `their ${kind} ${++this.made}`, kind, enabled: true, released: false };
    this.connections.get(connection)?.push(track);
    const parameters = { codecs: [], headerExtensions: [], rtcp: {}, encodings: [], transactionId: "" };
    const common = { peerConnectionId: connection, rtpParameters: parameters };
    const transceiver = {
      peerConnectionId: connection,
      isStopped: false,
      direction: "sendrecv",
      currentDirection: "sendrecv",
      mid: kind,
      sender: { ...common, id: `sender of ${track.id}` },
      receiver: {
        ...common,
        id: `receiver of ${track.id}`,
        track: { ...told(track), remote: true, peerConnectionId: connection },
      },
    };
    return { transceiverOrder: this.made, transceiver };
  }

  private find(connection: number, id: string): NativeTrack | undefined {
    if (connection === -1) return this.tracks.get(id);
    return this.connections.get(connection)?.find((track) => track.id === id);
  }
}

function told({ id, kind, enabled }: NativeTrack): object {
  return { id, kind, enabled, readyState: "live", remote: false, settings: { facingMode: "user" } };
}

/** react-native-webrtc takes it as it is loaded: a test imports this first. */
export const webRTCModule = new WebRTCModule();
NativeModules.WebRTCModule = webRTCModule;
