import { follow, reached, type Course } from "../details/course";
import type { LocalMedia, MediaView } from "../media/LocalMedia";
import type { MediaProblem } from "../media/mediaProblem";
import { PeerLink, type LinkListener, type LocalTracks } from "../peer/PeerLink";
import { letSound, permissionOf, type PeerConnection, type Stream } from "../peer/webrtc";
import { QualityWatch, type Watched } from "../quality/QualityWatch";
import { safetyText } from "../safety/safetyText";
import { ScreenShare } from "../screen/ScreenShare";
import type { Ack, CallMedia, ClientMessage, Description, IceServer } from "../signaling/messages";
import { createStore, type Store } from "../ui/store";
import { isInCall, isLive, isRequest, outgoing } from "./callCourse";
import {
  IDLE,
  UNCLAIMED,
  type CallCommand,
  type CallEvent,
  type CallState,
  type Person,
  type Timer,
} from "./callState";
import { isOnHold } from "./hold";
import type { ReadyOffer } from "./ReadyOffer";
import type { Ringer } from "./ringerTypes";

/** The way to the server: one message now, or one with an acknowledgement (`null` if none came). */
export interface Outlet {
  send(message: ClientMessage): void;
  ask(message: ClientMessage): Promise<Ack | null>;
  /** Finds out whether it still leads there, and looks for another if not. */
  wake(): void;
}

export interface CallView {
  readonly state: CallState;
  readonly local: MediaView;
  readonly remote: Stream | null;
  /** This device's screen, while it is shared. */
  readonly screen: Stream | null;
  /** A call that waits for the person to allow camera and microphone, or was not made because they did not. */
  readonly asking: { readonly peer: Person; readonly media: CallMedia; readonly problem: MediaProblem | null } | null;
}

export interface CallShellOptions {
  readonly ringer: Ringer;
  readonly relayOnly: () => boolean;
  /** Whether this person wants to send little. */
  readonly lessData: () => boolean;
  readonly newId: () => string;
  /** What went wrong beneath, for the console of who looks for it. */
  readonly trouble: (what: string, error: unknown) => void;
}

/** Carries out what a call machine commands - messages, connections, camera, bell, timers - and tells it what happens. */
export class CallShell {
  readonly view: Store<CallView>;
  /** When what happened in the call, or in the last one. */
  readonly course: Store<Course | null> = createStore<Course | null>(null);
  readonly watch: QualityWatch;
  private state: CallState = IDLE;
  private remote: Stream | null = null;
  private outlet: Outlet | null = null;
  private readonly links = new Map<string, PeerLink>();
  private readonly streams = new Map<string, Stream>();
  private readonly attached = new Set<string>();
  private readonly screen = new ScreenShare(() => this.stopSharing());
  private readonly timers = new Map<Timer, ReturnType<typeof setTimeout>>();
  private captures = 0;
  private asking: CallView["asking"] = null;
  private before: MediaView;
  /** A call is on its way to be made: one tap is enough. */
  private placing = false;

  /**
   * @param media shared by the calls of this device
   * @param readyOffer for whichever of them is made next
   * @param happens what the machine of this call is told
   */
  constructor(
    private readonly options: CallShellOptions,
    private readonly media: LocalMedia,
    private readonly readyOffer: ReadyOffer,
    private readonly happens: (event: CallEvent) => void,
  ) {
    this.before = media.view;
    this.view = createStore<CallView>({
      state: IDLE,
      local: this.media.view,
      remote: null,
      screen: null,
      asking: null,
    });
    this.watch = new QualityWatch({
      watched: () => this.watched(),
      reached: (what, at) => this.course.set(reached(this.course.get(), what, at)),
      paused: (paused) => this.happens({ type: "media", sending: { paused } }),
      report: (callId, report) => this.send({ event: "call-quality", payload: { callId, ...report } }),
      trouble: options.trouble,
    });
  }

  // --- A person ---

  /** Calls. Where the microphone is not allowed yet it asks for that first: nobody should ring for a call without a voice. */
  async call(peer: Person, circleId: string | null, media: CallMedia): Promise<void> {
    if (isLive(this.state) || this.placing) return;
    this.placing = true;
    try {
      if ((await permissionOf("microphone")) !== "granted" && !(await this.mayCall(peer, media))) return;
      await this.place(peer, circleId, media);
    } finally {
      this.placing = false;
    }
  }

  /** Forgets a call that was not made. */
  stopAsking(): void {
    this.asking = null;
    if (!isLive(this.state)) this.media.release();
    this.show();
  }

  /** Who is signed in goes, and with them a call that was about to be made, and the course of the last one. */
  forget(): void {
    this.placing = false;
    this.stopAsking();
    this.course.set(null);
  }

  accept(media: CallMedia): void {
    this.asking = null;
    this.happens({ type: "accept", media });
  }

  decline(): void {
    this.happens({ type: "decline" });
  }

  hangUp(): void {
    this.watch.conclude();
    this.happens({ type: "hang-up" });
  }

  setMicrophone(on: boolean): void {
    this.happens({ type: "media", sending: { audio: on } });
  }

  setCamera(on: boolean): void {
    this.happens({ type: "media", sending: { video: on } });
  }

  /** Shares the screen the person chooses in place of the camera; the camera comes back afterwards. */
  async shareScreen(): Promise<void> {
    const { state } = this;
    if (!isInCall(state) || isOnHold(state)) return;
    const shared = await this.screen.start();
    // The call may be over, or on hold, by the time something is chosen.
    if (!isInCall(this.state) || this.state.callId !== state.callId || this.state.held) this.screen.stop();
    else if (shared) this.happens({ type: "media", sending: { screen: true } });
  }

  stopSharing(): void {
    this.screen.stop();
    this.happens({ type: "media", sending: { screen: false } });
  }

  /** The voice alone, by choice: neither camera nor screen. */
  sendAudioOnly(): void {
    this.screen.stop();
    this.happens({ type: "media", sending: { video: false, screen: false } });
  }

  /** The other side's first picture is on the screen. */
  sawPicture(): void {
    this.course.set(reached(this.course.get(), "first-picture", Date.now()));
  }

  async flipCamera(): Promise<void> {
    await this.media.flip();
  }

  dismiss(): void {
    this.happens({ type: "dismiss" });
  }

  // --- Signaling ---

  /** The way to the server, while there is one. */
  speakBy(outlet: Outlet | null): void {
    this.outlet = outlet;
  }

  /** The page goes away, to be loaded anew or for good. */
  leave(): void {
    if (isLive(this.state)) this.send({ event: "call-leave", payload: { callId: this.state.callId } });
  }

  /** How the call stands now; what is to be done about it follows. */
  become(state: CallState): void {
    const shared = sharesScreen(this.state);
    this.state = state;
    // The call is over, or on hold: nobody is to be shown anything.
    if (shared && !sharesScreen(state)) this.screen.stop();
  }

  /** The peer connections there are, by device: for tests and for who wants to look. */
  connections(): ReadonlyMap<string, PeerConnection> {
    return new Map([...this.links].map(([device, link]) => [device, link.connection]));
  }

  safetyText(): string | null {
    const { state } = this;
    const link = isInCall(state) ? this.links.get(state.device) : undefined;
    const { localDescription: own, remoteDescription: theirs } = link?.connection ?? {};
    return own && theirs ? safetyText(own.sdp, theirs.sdp) : null;
  }

  carryOut(command: CallCommand): void {
    switch (command.do) {
      case "send":
        return this.send(command.message);
      case "open-link":
        return this.openLink(command.device, command);
      case "claim-link":
        return this.claimLink(command.device, command);
      case "allow-direct":
        if (!this.options.relayOnly()) this.links.get(command.device)?.allowDirect();
        return;
      case "renew-servers":
        return this.links.get(command.device)?.renewServers(command.iceServers);
      case "close-link":
        return this.closeLink(command.device);
      case "describe":
        return this.links.get(command.device)?.describe(command.description);
      case "add-candidates":
        return this.links.get(command.device)?.addCandidates(command.candidates);
      case "attach-media":
        this.attached.add(command.device);
        return this.links.get(command.device)?.attach(this.tracksToSend());
      case "restart-ice":
        return this.links.get(command.device)?.restartIce();
      case "preview":
        void this.media.preview(command.media === "video");
        return;
      case "capture":
        return this.capture(command.sending);
      case "release-media":
        return this.media.release();
      case "ring":
        return this.options.ringer.ring(command.tone);
      case "stop-ringing":
        return this.options.ringer.stop();
      case "start-timer":
        return this.startTimer(command.timer, command.ms);
      case "stop-timer":
        return this.stopTimer(command.timer);
    }
  }

  private send(message: ClientMessage): void {
    if (this.outlet === null) return;
    if (!isRequest(message)) {
      this.outlet.send(message);
      return;
    }
    const callId = message.event === "call-resume" ? message.payload.calls[0] : message.payload.callId;
    const request = message.event;
    void this.outlet.ask(message).then((ack) => {
      if (callId !== undefined) this.happens({ type: "acked", request, callId, ack });
    });
  }

  // --- Peer connections ---

  private openLink(device: string, command: CallCommand & { do: "open-link" }): void {
    this.closeLink(device);
    const link = this.createLink(device, command);
    this.links.set(device, link);
    link.ready(this.tracksToSend());
    if (command.offers) link.offer();
  }

  private createLink(
    device: string,
    {
      offers,
      yields = false,
      iceServers,
      relayed,
    }: { offers: boolean; yields?: boolean; iceServers: readonly IceServer[]; relayed: boolean },
  ): PeerLink {
    const link: PeerLink = new PeerLink(
      { offers, yields, iceServers, relayOnly: relayed || this.options.relayOnly() },
      this.listenTo(device, () => link),
    );
    return link;
  }

  private listenTo(device: string, link: () => PeerLink): LinkListener {
    // What a link reports is told under the device that has it by then, and not at all once it was closed or replaced.
    const report = (tell: (of: string) => void): void => {
      for (const [of, held] of this.links) if (held === link()) tell(of);
    };
    return {
      described: (description) => report((of) => this.happens({ type: "described", device: of, description })),
      gathered: (candidates) => report((of) => this.happens({ type: "gathered", device: of, candidates })),
      connected: () => report((of) => this.happens({ type: "link-connected", device: of })),
      // What took the media may have taken the way to the server, whose heartbeat would tell later than the call can wait.
      interrupted: () => report(() => isInCall(this.state) && this.outlet?.wake()),
      lost: () => report((of) => this.happens({ type: "link-lost", device: of })),
      received: (stream) =>
        report((of) => {
          this.streams.set(of, stream);
          this.show();
        }),
      replaced: (description) => report((of) => this.happens({ type: "link-replaced", device: of, description })),
      failed: (error) => {
        this.options.trouble(`negotiation with ${device}`, error);
        report((of) => this.happens({ type: "link-failed", device: of }));
      },
      trouble: (error) => this.options.trouble(`connection to ${device}`, error),
    };
  }

  /** An offer for a client that knows no other way; without one in time the call goes out all the same. */
  private async offerToSend(): Promise<Description | null> {
    const prepared = await this.readyOffer.take();
    if (prepared === null) return null;
    if (isLive(this.state)) {
      prepared.link.close();
      return null;
    }
    const { link } = prepared;
    link.reportTo(this.listenTo(UNCLAIMED, () => link));
    this.links.set(UNCLAIMED, link);
    return prepared.offer;
  }

  private claimLink(device: string, { iceServers, relayed }: CallCommand & { do: "claim-link" }): void {
    const link = this.links.get(UNCLAIMED);
    if (link === undefined) return;
    this.links.delete(UNCLAIMED);
    this.links.set(device, link);
    const stream = this.streams.get(UNCLAIMED);
    if (stream !== undefined) this.streams.set(device, stream);
    link.claim(iceServers, relayed || this.options.relayOnly());
  }

  private closeLink(device: string): void {
    this.links.get(device)?.close();
    this.links.delete(device);
    this.streams.delete(device);
    this.attached.delete(device);
  }

  // --- Camera and microphone ---

  private async place(peer: Person, circleId: string | null, media: CallMedia): Promise<void> {
    const offer = await this.offerToSend();
    if (!this.placing) return this.closeLink(UNCLAIMED);
    this.happens({ type: "call", callId: this.options.newId(), peer, circleId, media, offer });
    // Somebody else called first: there is no use for the offer.
    if (this.state.at !== "calling") this.closeLink(UNCLAIMED);
  }

  private async mayCall(peer: Person, media: CallMedia): Promise<boolean> {
    const asking = { peer, media, problem: null };
    this.asking = asking;
    this.show();
    const wanted = { audio: true, video: media === "video" };
    let { tracks, microphoneProblem } = await this.media.want(wanted);
    if (this.asking === asking && tracks.audio === null && microphoneProblem === null && !isLive(this.state)) {
      // It went with a call that came in and ended meanwhile, and so did what the person answered.
      ({ tracks, microphoneProblem } = await this.media.want(wanted));
    }
    if (this.asking !== asking) return false;
    if (microphoneProblem === "refused" && !isLive(this.state)) {
      this.media.release();
      this.asking = { peer, media, problem: microphoneProblem };
      this.show();
      return false;
    }
    this.asking = null;
    return true;
  }

  private capture(wanted: { audio: boolean; video: boolean }): void {
    const capture = ++this.captures;
    this.sendTracks();
    void this.media.want(wanted).then((view) => {
      // Only the last wish counts: what an earlier one got may be wanted no more, or only now.
      if (capture !== this.captures) return;
      this.happens({ type: "captured", audio: view.tracks.audio !== null, video: view.tracks.video !== null });
    });
  }

  private sendTracks(): void {
    const tracks = this.tracksToSend();
    for (const [device, link] of this.links) {
      if (this.attached.has(device)) link.attach(tracks);
      else link.ready(tracks);
    }
  }

  private tracksToSend(): LocalTracks {
    return outgoing(this.state, this.media.view.tracks, this.screen.view?.track ?? null);
  }

  /** The call whose quality is looked at: one that has been up, and is not on hold. */
  private watched(): Watched | null {
    const { state } = this;
    const course = this.course.get();
    if (!isInCall(state) || state.activeSince === null || isOnHold(state) || course === null) return null;
    const link = this.links.get(state.device);
    if (link === undefined) return null;
    const { callId, sending, far } = state;
    const sendsVideo = sending.video || sending.screen;
    const lessData = this.options.lessData();
    return { callId, link, course, sendsVideo, screen: sending.screen, lessData, farPaused: far.paused };
  }

  mediaChanged(view: MediaView): void {
    const { before } = this;
    this.before = view;
    this.sendTracks();
    // Once: what a person wishes afterwards counts more than a problem that is still told.
    const audio = view.tracks.audio !== null || !isNew(view.microphoneProblem, before.microphoneProblem);
    const video = view.tracks.video !== null || !isNew(view.cameraProblem, before.cameraProblem);
    if (!audio || !video) this.happens({ type: "captured", audio, video });
    this.show();
  }

  // --- Time ---

  private startTimer(timer: Timer, ms: number): void {
    this.stopTimer(timer);
    this.timers.set(
      timer,
      setTimeout(() => {
        this.timers.delete(timer);
        this.happens({ type: "timer", timer });
      }, ms),
    );
  }

  private stopTimer(timer: Timer): void {
    const running = this.timers.get(timer);
    if (running !== undefined) clearTimeout(running);
    this.timers.delete(timer);
  }

  /** While it rings, what their device will send is set up already, silent and out of sight. */
  private streamToShow(): Stream | null {
    if (!isLive(this.state)) return null;
    const devices = "device" in this.state ? [this.state.device] : Object.keys(this.state.links);
    return devices.flatMap((device) => this.streams.get(device) ?? [])[0] ?? null;
  }

  /** Nobody is heard before the answer, nor on hold, nor from a device that did not take the call. */
  private letThemSound(): void {
    const { state } = this;
    const heard = isInCall(state) && !isOnHold(state) ? state.device : null;
    for (const [device, stream] of this.streams) letSound(stream, device === heard);
  }

  show(): void {
    this.letThemSound();
    this.remote = this.streamToShow();
    this.course.set(follow(this.course.get(), this.state, Date.now()));
    this.watch.follow();
    const before = this.view.get();
    const local = this.media.view;
    const screen = this.screen.view?.stream ?? null;
    // A call that comes in meanwhile is to be seen.
    const asking = isLive(this.state) ? null : this.asking;
    if (
      before.state === this.state &&
      before.local === local &&
      before.remote === this.remote &&
      before.screen === screen &&
      before.asking === asking
    )
      return;
    this.view.set({ state: this.state, local, remote: this.remote, screen, asking });
  }
}

function isNew(problem: MediaProblem | null, before: MediaProblem | null): boolean {
  return problem !== null && problem !== before;
}

function sharesScreen(state: CallState): boolean {
  return isInCall(state) && state.sending.screen;
}
