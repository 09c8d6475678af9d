import type { Candidate, Description, IceServer } from "../signaling/messages";
import { limitSenders } from "../quality/limitSender";
import type { Limits } from "../quality/limits";
import { preferRedundancy } from "../quality/redundantVoice";
import { withRobustVoice } from "../quality/voice";
import {
  answering,
  areOfOneConnection,
  continuedBy,
  continuing,
  inOneStream,
  isAnswerTo,
  sessionOf,
  startingAt,
  usernameFragmentOf,
  usernameFragmentsOf,
} from "./sdp";
import {
  createPeerConnection,
  createStream,
  holdBack,
  letOut,
  onCandidate,
  onConnectionState,
  onTrack,
  releaseStream,
  sendWholePicture,
  type PeerConfiguration,
  type PeerConnection,
  type Sender,
  type Stream,
  type Track,
} from "./webrtc";

/** The tracks this side sends, `null` where there is none. */
export interface LocalTracks {
  readonly audio: Track | null;
  readonly video: Track | null;
}

export interface LinkListener {
  described(description: Description): void;
  gathered(candidates: readonly Candidate[]): void;
  connected(): void;
  /** Nothing comes through any more, for the moment or for good. */
  interrupted(): void;
  /** Media stopped flowing: the connection failed, or was interrupted and did not come back by itself. */
  lost(): void;
  /** The other side's tracks are there, or changed. */
  received(stream: Stream): void;
  /** The other side offers another connection than this one. */
  replaced(description: Description): void;
  /** A step of the negotiation failed: the other side sent what this one cannot take. */
  failed(error: unknown): void;
  /** Anything else did: the call can do without. */
  trouble(error: unknown): void;
}

export interface LinkOptions {
  /** Begins the negotiation, and wins when offers cross: "impolite" in the terms of perfect negotiation. */
  readonly offers: boolean;
  /** Begins, and yet gives way to an offer that crosses its first. */
  readonly yields?: boolean;
  readonly iceServers: readonly IceServer[];
  readonly relayOnly: boolean;
}

const GATHER_MS = 20;
/** Candidates kept until the description they belong to is here. */
const MAX_WAITING = 100;
/** An interruption often passes by itself, as when the processor is busy for a moment: so long it is left to. */
const INTERRUPTION_MS = 3_000;
/**
 * What the bandwidth estimate begins with. libwebrtc's own 300 kbit/s make it drop the first pictures one after the other
 * until they are small enough, a tenth of a second or more.
 */
const START_KBITS = 800;
/** So long a picture is sent small from the first on: it is there sooner, and the estimate has grown by then. */
const SMALL_MS = 1_500;

/**
 * A peer connection to one device: an audio and a video transceiver, both `sendrecv` from the beginning. Nothing is
 * renegotiated when tracks come and go, and no packet of media leaves before `attach`: until then the senders are empty, or
 * what they have is held back (`ready`), so that the first picture leaves at once.
 *
 * Perfect negotiation (https://www.w3.org/TR/webrtc/#perfect-negotiation-example) with an explicit rollback, which
 * libwebrtc on phones needs.
 */
export class PeerLink {
  readonly connection: PeerConnection;
  private steps: Promise<void> = Promise.resolve();
  private closed = false;
  private local: LocalTracks | null = null;
  private waitingTracks: LocalTracks = { audio: null, video: null };
  private readonly held = new Set<Sender>();
  private whole: ReturnType<typeof setTimeout> | null = null;
  private stepsWaiting = 0;
  private receiving = "";
  private received: Stream | null = null;
  private waiting: Candidate[] = [];
  private gathered: Candidate[] = [];
  private gathering: ReturnType<typeof setTimeout> | null = null;
  private interruption: ReturnType<typeof setTimeout> | null = null;
  private describing = false;
  /** Servers were given after what was described last. */
  private outdated = false;
  private prepared: Description | null = null;

  constructor(
    private options: LinkOptions,
    private listener: LinkListener,
  ) {
    this.connection = createPeerConnection(configurationOf(options));
    this.listen();
    if (options.offers) {
      preferRedundancy(this.connection.addTransceiver("audio", { direction: "sendrecv" }));
      this.connection.addTransceiver("video", { direction: "sendrecv" });
    }
  }

  /** From here on this one hears of it: a link may be made before it is known which call it is for. */
  reportTo(listener: LinkListener): void {
    this.listener = listener;
  }

  /** Makes an offer and reports it as `described`. */
  offer(): void {
    this.negotiate(() => this.describeLocally());
  }

  /**
   * An offer to ride along in `call-offer`, for a client that negotiates by the bare messages. Nothing is gathered and no
   * relay is asked until somebody answers it and `claim` takes it up.
   */
  async prepare(): Promise<Description> {
    const { sdp } = (await this.connection.createOffer()) as { sdp?: string };
    this.prepared = { type: "offer", sdp: sdp ?? "" };
    return told(this.prepared);
  }

  /** Takes up the prepared offer, by these servers: its answer follows. */
  claim(iceServers: readonly IceServer[], relayOnly: boolean): void {
    this.negotiate(async () => {
      if (this.prepared === null) return;
      this.configure({ ...this.options, iceServers, relayOnly });
      await this.connection.setLocalDescription(this.prepared);
    });
  }

  /** Takes the other side's description; an offer is answered. */
  describe(description: Description): void {
    this.negotiate(() => this.describeRemotely(description));
  }

  addCandidates(candidates: readonly Candidate[]): void {
    this.enqueue(async () => {
      this.waiting = [...this.waiting, ...candidates].slice(-MAX_WAITING);
      if (this.connection.remoteDescription !== null) await this.addWaiting();
    });
  }

  /** Gives the senders these tracks, and holds them back: no packet leaves. Where that cannot be done nothing is. */
  ready(tracks: LocalTracks): void {
    if (this.local !== null) return;
    this.waitingTracks = tracks;
    this.enqueue(() => this.sendTracks());
  }

  /** Lets these tracks out on this link. Called before the answer to a call it would break the contract's rule 6. */
  attach(tracks: LocalTracks): void {
    this.local = tracks;
    this.enqueue(() => this.sendTracks());
  }

  /** Lets media leave the relay, from the next restart of ICE on. */
  allowDirect(): void {
    this.enqueue(async () => this.configure({ ...this.options, relayOnly: false }));
  }

  /** Gathers by these servers, from the next restart of ICE on. */
  renewServers(iceServers: readonly IceServer[]): void {
    this.enqueue(async () => this.configure({ ...this.options, iceServers }));
  }

  /** Holds what is sent to this; nothing is negotiated for it. Called for a link whose tracks are attached. */
  limit(limits: Limits): void {
    this.enqueue(() => limitSenders(this.connection, limits));
  }

  /**
   * Looks for a better path. An offer that waits for its answer is said again, for either may have been lost on its way; one
   * that was made by other servers, or on the network there was before, is taken back for another.
   */
  restartIce(): void {
    this.enqueue(async () => {
      const { connection } = this;
      if (connection.signalingState === "have-local-offer") {
        // A first offer names its media: had it been answered, another that names them anew would not fit.
        if (!this.outdated || connection.remoteDescription === null) return this.describeAgain();
        await connection.setLocalDescription({ type: "rollback", sdp: "" });
      }
      if (connection.remoteDescription === null || connection.signalingState !== "stable") return;
      connection.restartIce();
      await this.describeLocally();
    });
  }

  private configure(options: LinkOptions): void {
    this.options = options;
    this.outdated = true;
    this.connection.setConfiguration(configurationOf(options));
  }

  close(): void {
    if (this.closed) return;
    this.closed = true;
    if (this.gathering !== null) clearTimeout(this.gathering);
    if (this.whole !== null) clearTimeout(this.whole);
    this.endInterruption();
    // Before its tracks go with the connection.
    if (this.received !== null) releaseStream(this.received);
    this.connection.close();
  }

  private listen(): void {
    const { connection } = this;
    onCandidate(connection, (candidate) => {
      // An empty one ends a generation of candidates; the other side can do without.
      if (candidate.candidate === "") return;
      this.gathered.push({
        candidate: candidate.candidate,
        sdpMid: candidate.sdpMid ?? null,
        sdpMLineIndex: candidate.sdpMLineIndex ?? null,
        usernameFragment: usernameFragmentOf(candidate.candidate),
      });
      this.flushGathered();
    });
    onConnectionState(connection, () => {
      if (this.closed) return;
      this.endInterruption();
      const state = connection.connectionState;
      if (state === "connected") {
        // Candidates nobody described by now belong to another connection.
        this.waiting = [];
        this.listener.connected();
      }
      if (state === "disconnected" || state === "failed") this.listener.interrupted();
      if (state === "disconnected") this.interruption = setTimeout(() => this.listener.lost(), INTERRUPTION_MS);
      if (state === "failed") this.listener.lost();
    });
    onTrack(connection, () => {
      if (this.closed) return;
      const tracks = connection.getReceivers().flatMap(({ track }) => (track === null ? [] : [track]));
      const ids = tracks.map(({ id }) => id).join();
      // Each track of a description has an event of its own; one stream, and one element that plays it, is for all.
      if (ids === this.receiving) return;
      this.receiving = ids;
      if (this.received !== null) releaseStream(this.received);
      this.received = createStream(tracks);
      this.listener.received(this.received);
    });
  }

  private endInterruption(): void {
    if (this.interruption !== null) clearTimeout(this.interruption);
    this.interruption = null;
  }

  /** Candidates go out in small batches, and never ahead of the description they belong to. */
  private flushGathered(): void {
    if (this.describing || this.closed || this.gathering !== null) return;
    this.gathering = setTimeout(() => {
      this.gathering = null;
      if (this.describing || this.closed || this.gathered.length === 0) return;
      this.listener.gathered(this.gathered.splice(0));
    }, GATHER_MS);
  }

  private async describeLocally(): Promise<void> {
    this.describing = true;
    this.outdated = false;
    try {
      await this.connection.setLocalDescription();
    } finally {
      this.describing = false;
    }
    const { localDescription: description, remoteDescription } = this.connection;
    if (this.closed || description === null) return;
    const { type, sdp } = description;
    const theirs = remoteDescription?.sdp ?? "";
    if (type === "offer") this.listener.described(told({ type, sdp: continuing(sdp, theirs) }));
    if (type === "answer") this.listener.described(told({ type, sdp: answering(sdp, theirs) }));
    this.flushGathered();
  }

  /** Says an offer again that waits for its answer. */
  private describeAgain(): void {
    const { localDescription: own, remoteDescription } = this.connection;
    if (this.connection.signalingState !== "have-local-offer" || own?.type !== "offer") return;
    const sdp = continuing(own.sdp, remoteDescription?.sdp ?? "");
    this.listener.described(told({ type: "offer", sdp }));
  }

  /**
   * Whether the offer goes on with a connection which this one is not: that went with a page, as the offer lay in a queue. Or
   * with this one, whose offer was answered, and has not heard the answer. Neither could use ours.
   */
  private isOutOfPlace({ type, sdp }: Description): boolean {
    const continued = type === "offer" ? continuedBy(sdp) : null;
    if (continued === null) return false;
    const { localDescription, remoteDescription } = this.connection;
    return remoteDescription === null || continued !== sessionOf(localDescription?.sdp ?? "");
  }

  private async describeRemotely(description: Description): Promise<void> {
    const { connection } = this;
    if (description.type === "answer") {
      if (connection.signalingState !== "have-local-offer") return;
      // It lay in a queue, and answers an offer of the link that was here before.
      if (!isAnswerTo(description.sdp, connection.localDescription?.sdp ?? "")) return;
    }
    if (this.isOutOfPlace(description)) {
      // Who makes it has use for a first one of ours, if it was lost.
      if (connection.remoteDescription === null) this.describeAgain();
      return;
    }
    const before = connection.remoteDescription;
    // Two connections to one device cross when an offer that rode along is answered while the other still warms, or when a
    // page is loaded anew: whether an offer of another one is taken is not for this one to say.
    const stranger = before !== null && !areOfOneConnection(before.sdp, description.sdp);
    const gaveWay = before === null && this.options.yields === true;
    if (stranger || gaveWay) {
      if (description.type === "offer") this.listener.replaced(description);
      if (stranger || description.type === "offer") return;
    }
    if (description.type === "offer" && connection.signalingState === "have-local-offer") {
      // The other side takes its own back for this one, if it ever hears it.
      if (this.options.offers) return this.describeAgain();
      await connection.setLocalDescription({ type: "rollback", sdp: "" });
    }
    await connection.setRemoteDescription({ type: description.type, sdp: startingAt(description.sdp, START_KBITS) });
    await this.addWaiting();
    if (description.type === "offer") {
      for (const transceiver of connection.getTransceivers()) {
        transceiver.direction = "sendrecv";
        if (before === null && transceiver.receiver.track?.kind === "audio") preferRedundancy(transceiver);
      }
      await this.describeLocally();
    }
    await this.sendTracks();
  }

  /** Adds what belongs to the description that is here; the rest may belong to one that is still to come. */
  private async addWaiting(): Promise<void> {
    const described = usernameFragmentsOf(this.connection.remoteDescription?.sdp ?? "");
    const waiting = this.waiting.splice(0);
    for (const candidate of waiting) {
      const fragment = candidate.usernameFragment ?? usernameFragmentOf(candidate.candidate);
      if (fragment !== null && !described.has(fragment)) this.waiting.push(candidate);
      // One this platform cannot use is no loss.
      else await this.connection.addIceCandidate({ ...candidate }).catch(() => undefined);
    }
  }

  private async sendTracks(): Promise<void> {
    const { connection, local } = this;
    // All at once: each step that waited for the one before would wait for the screen that is drawn meanwhile.
    if (local !== null) await Promise.all(connection.getTransceivers().map((one) => this.send(one, local)));
    else if (connection.remoteDescription !== null && connection.signalingState === "stable") {
      await Promise.all(connection.getTransceivers().map((one) => this.keepReady(one.sender, one.receiver)));
    }
  }

  private async send({ sender, receiver }: Transceiver, tracks: LocalTracks): Promise<void> {
    const track = trackFor(receiver, tracks);
    const steps = sender.track === track ? [] : [sender.replaceTrack(track)];
    if (track !== null && this.held.delete(sender)) {
      steps.push(letOut(sender));
      this.whole ??= setTimeout(() => this.enqueue(() => this.sendWhole()), SMALL_MS);
    }
    await Promise.all(steps);
  }

  private async keepReady(sender: Sender, receiver: Transceiver["receiver"]): Promise<void> {
    if (!this.held.has(sender)) {
      if (!(await holdBack(sender, receiver.track?.kind === "video"))) return;
      this.held.add(sender);
    }
    // It may be wanted, or gone, by now; and what is wanted is sent as the next step.
    const track = trackFor(receiver, this.waitingTracks);
    if (this.local === null && sender.track !== track) await sender.replaceTrack(track);
  }

  private async sendWhole(): Promise<void> {
    await Promise.all(this.connection.getTransceivers().map(({ sender }) => sendWholePicture(sender)));
  }

  /** Without it the two do not find each other. */
  private negotiate(job: () => Promise<void>): void {
    this.enqueue(job, (error) => this.listener.failed(error));
  }

  /** Runs it after what waits already; at once, in this very task, if nothing does. */
  private enqueue(
    job: () => Promise<void>,
    failed: (error: unknown) => void = (error) => this.listener.trouble(error),
  ): void {
    const step = async (): Promise<void> => {
      try {
        if (!this.closed) await job();
      } catch (error: unknown) {
        if (!this.closed) failed(error);
      } finally {
        this.stepsWaiting -= 1;
      }
    };
    this.stepsWaiting += 1;
    this.steps = this.stepsWaiting === 1 ? step() : this.steps.then(step);
  }
}

type Transceiver = ReturnType<PeerConnection["getTransceivers"]>[number];

function trackFor(receiver: Transceiver["receiver"], tracks: LocalTracks): Track | null {
  const kind = receiver.track?.kind;
  return kind === "audio" ? tracks.audio : kind === "video" ? tracks.video : null;
}

/** What the other side is told: it sends as it is asked to, so this need not be in this side's own description. */
function told({ type, sdp }: Description): Description {
  return { type, sdp: inOneStream(withRobustVoice(sdp)) };
}

/**
 * Without a candidate pool: a description follows at once, so a pool would save nothing, and in Chromium a pooled session that
 * is taken up while the list of networks is still on its way now and then never gathers.
 */
function configurationOf({ iceServers, relayOnly }: LinkOptions): PeerConfiguration {
  return {
    iceServers: iceServers.map((server) => ({ ...server, urls: [...server.urls] })),
    iceTransportPolicy: relayOnly ? "relay" : "all",
    bundlePolicy: "max-bundle",
    rtcpMuxPolicy: "require",
  };
}
