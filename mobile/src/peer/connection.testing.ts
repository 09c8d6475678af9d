import type { Candidate, Description } from "../signaling/messages";

interface Encoding {
  active: boolean;
  scaleResolutionDownBy?: number;
}

/** What sends one kind of media, as far as it matters whether a packet leaves. */
export class Sender {
  static canHoldBack = true;
  track: string | null = null;
  encoding: Encoding = { active: true };
  /** Everything that ever could leave. */
  readonly left: string[] = [];

  async replaceTrack(track: string | null): Promise<void> {
    this.track = track;
    this.note();
  }
  getParameters(): { encodings: Encoding[] } {
    return { encodings: Sender.canHoldBack ? [{ ...this.encoding }] : [] };
  }
  async setParameters({ encodings }: { encodings: Encoding[] }): Promise<void> {
    this.encoding = { active: true, ...encodings[0] };
    this.note();
  }
  private note(): void {
    if (this.track !== null && this.encoding.active) this.left.push(this.track);
  }
}

/** A browser's peer connection as far as negotiation goes: states, descriptions, generations; no network. */
export class Connection extends EventTarget {
  static made = 0;
  signalingState = "stable";
  connectionState = "new";
  policy = "";
  servers: readonly object[] = [];
  localDescription: Description | null = null;
  remoteDescription: Description | null = null;
  readonly added: string[] = [];
  private readonly session = ++Connection.made;
  private generation = 1;
  private version = 1;

  readonly transceivers: { sender: Sender; receiver: { track: { kind: string } }; direction: string }[] = [];

  addTransceiver(kind: string): object {
    const transceiver = { sender: new Sender(), receiver: { track: { kind } }, direction: "sendrecv" };
    this.transceivers.push(transceiver);
    return transceiver;
  }
  getTransceivers(): object[] {
    return this.transceivers;
  }
  sender(kind: "audio" | "video"): Sender {
    const one = this.transceivers.find(({ receiver }) => receiver.track.kind === kind);
    if (one === undefined) throw new Error(`no transceiver for ${kind}`);
    return one.sender;
  }
  async createOffer(): Promise<object> {
    return { type: "offer", sdp: "" };
  }
  restartIce(): void {
    this.generation += 1;
  }
  setConfiguration(configuration: { iceTransportPolicy: string; iceServers: readonly object[] }): void {
    this.policy = configuration.iceTransportPolicy;
    this.servers = configuration.iceServers;
  }
  close(): void {}
  async setLocalDescription(wanted?: { type: string }): Promise<void> {
    if (wanted?.type === "rollback") {
      this.signalingState = "stable";
      return;
    }
    const type = this.signalingState === "have-remote-offer" ? "answer" : "offer";
    const sdp = `o=- ${this.session} ${++this.version} IN IP4 127.0.0.1\r\na=ice-ufrag:${this.session}g${this.generation}\r\n`;
    this.localDescription = { type, sdp };
    this.signalingState = type === "offer" ? "have-local-offer" : "stable";
  }
  async setRemoteDescription(description: Description): Promise<void> {
    this.remoteDescription = description;
    if (this.transceivers.length === 0) for (const kind of ["audio", "video"]) this.addTransceiver(kind);
    this.signalingState = description.type === "offer" ? "have-remote-offer" : "stable";
  }
  async addIceCandidate({ candidate }: Candidate): Promise<void> {
    this.added.push(candidate);
  }
}
