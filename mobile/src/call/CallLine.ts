import { LocalMedia, type ChosenInputs, type MediaView } from "../media/LocalMedia";
import { PeerLink } from "../peer/PeerLink";
import type { PeerConnection } from "../peer/webrtc";
import type { CallMedia, ServerMessage } from "../signaling/messages";
import { createStore, type Store } from "../ui/store";
import { isLive } from "./callCourse";
import { CallShell, type CallShellOptions, type CallView, type Outlet } from "./CallShell";
import type { CallState, Person } from "./callState";
import { behind, lineStep, NO_CALLS, type Line, type LineCommand, type LineEvent, type Slot } from "./line";
import { gistOf, keptOf, type Kept } from "./kept";
import { ReadyOffer } from "./ReadyOffer";

export interface LineView extends CallView {
  /** The other call, which waits, is held, or is just over; idle if there is none. */
  readonly beside: CallState;
}

export interface CallLineOptions extends CallShellOptions {
  /** Whether a second call may wait. */
  readonly callWaiting: () => boolean;
  /** The microphone and camera that the person wishes to use. */
  readonly inputs: () => ChosenInputs;
}

/** The calls of this device: the one in front, and one that may be beside it. They share camera and microphone. */
export class CallLine {
  readonly view: Store<LineView>;
  private line: Line = NO_CALLS;
  private postponed: readonly LineCommand[] = [];
  private readonly media: LocalMedia;
  private readonly readyOffer: ReadyOffer;
  /** How many screens are open from which somebody may be called: while there are, an offer is at hand. */
  private callers = 0;
  private left = false;
  private readonly shells: readonly [CallShell, CallShell];

  constructor(private readonly options: CallLineOptions) {
    this.media = new LocalMedia((view) => this.mediaChanged(view), options.inputs);
    this.readyOffer = new ReadyOffer(() => this.linkToOffer());
    this.shells = [this.shell(0), this.shell(1)];
    this.view = createStore<LineView>({ ...this.shells[0].view.get(), beside: NO_CALLS.calls[1] });
    for (const shell of this.shells) shell.view.subscribe(() => this.show());
  }

  // --- A person, to the call in front ---

  async call(peer: Person, circleId: string | null, media: CallMedia): Promise<void> {
    if (this.line.calls.some(isLive)) return;
    await this.front().call(peer, circleId, media);
  }

  /** Somebody may be called from a screen, until the function it answers is called: what goes with a call is made before. */
  getReady(): () => void {
    this.callers += 1;
    this.makeOfferReady();
    return () => {
      this.callers -= 1;
      if (this.callers === 0) this.readyOffer.discard();
    };
  }

  stopAsking(): void {
    this.front().stopAsking();
  }

  accept(media: CallMedia): void {
    this.front().accept(media);
  }

  decline(): void {
    this.front().decline();
  }

  hangUp(): void {
    this.front().hangUp();
  }

  setMicrophone(on: boolean): void {
    this.front().setMicrophone(on);
  }

  setCamera(on: boolean): void {
    this.front().setCamera(on);
  }

  async shareScreen(): Promise<void> {
    await this.front().shareScreen();
  }

  stopSharing(): void {
    this.front().stopSharing();
  }

  sendAudioOnly(): void {
    this.front().sendAudioOnly();
  }

  sawPicture(): void {
    this.front().sawPicture();
  }

  async flipCamera(): Promise<void> {
    await this.front().flipCamera();
  }

  /** Another microphone, or camera, was chosen. */
  async followChoice(kind: "audio" | "video"): Promise<void> {
    await this.media.follow(kind);
  }

  dismiss(): void {
    this.front().dismiss();
  }

  /** When what happened in it. */
  get course(): CallShell["course"] {
    return this.front().course;
  }

  /** How good it is. */
  get watch(): CallShell["watch"] {
    return this.front().watch;
  }

  /** What its safety words are made from; `null` until both sides have described the connection. */
  safetyText(): string | null {
    return this.front().safetyText();
  }

  // --- A person, to the call beside it ---

  /** Takes the call that waits, with the camera if the running call has it on. */
  takeWaiting(first: "hold" | "end"): void {
    const { state, beside } = this.view.get();
    if (!isLive(beside)) return;
    const media = isLive(state) && state.sending.video ? beside.media : "audio";
    this.watch.conclude();
    this.happens({ type: "take-waiting", first, media });
  }

  declineWaiting(): void {
    this.happens({ type: "decline-waiting" });
  }

  swap(): void {
    this.watch.conclude();
    this.happens({ type: "swap" });
  }

  resume(): void {
    this.happens({ type: "resume" });
  }

  endHeld(): void {
    this.happens({ type: "end-held" });
  }

  dismissBeside(): void {
    this.happens({ type: "dismiss-beside" });
  }

  /** Who is signed in goes: nothing of their calls is left to who comes next. */
  signOut(): void {
    this.watch.conclude();
    this.happens({ type: "sign-out" });
    for (const shell of this.shells) shell.forget();
  }

  // --- Signaling ---

  online(outlet: Outlet): void {
    for (const shell of this.shells) shell.speakBy(outlet);
    this.happens({ type: "connected" });
  }

  offline(): void {
    for (const shell of this.shells) shell.speakBy(null);
    this.happens({ type: "disconnected" });
  }

  heard(message: ServerMessage, seq: number | null): void {
    this.happens({ type: "heard", message, seq });
    // Switched off since this device told the server what it can do.
    if (this.view.get().beside.at === "incoming" && !this.options.callWaiting())
      this.happens({ type: "decline-waiting", busy: true });
  }

  /** The page goes away, to be loaded anew or for good. */
  leave(): void {
    this.left = true;
    for (const shell of this.shells) shell.leave();
  }

  /** It stayed after all: should its connection end, the server is to wait for it as for any other. */
  stay(): void {
    if (!this.left) return;
    this.left = false;
    for (const slot of [0, 1] as const) this.happens({ type: "in", slot, event: { type: "timer", timer: "resume" } });
  }

  /** What to keep of the calls, should the page be loaded anew. */
  kept(left: boolean, user: string): string | null {
    return keptOf(this.inOrder(), left, Date.now(), user);
  }

  /** What of that is to be kept as soon as it changes. */
  keptGist(): string | null {
    return gistOf(this.inOrder());
  }

  /** The page was loaded anew: goes on with the calls that were kept, once the server is there. */
  comeBack({ calls: [front, beside], unsent }: Kept): void {
    if (unsent.length > 0) this.happens({ type: "left-unsaid", goodbyes: unsent });
    if (this.line.calls.some(isLive)) return;
    const back = behind(this.line);
    if (front !== undefined) this.happens({ type: "restored", call: front });
    if (beside !== undefined) this.happens({ type: "in", slot: back, event: { type: "restored", call: beside } });
  }

  private inOrder(): readonly CallState[] {
    return [this.line.calls[this.line.front], this.line.calls[behind(this.line)]];
  }

  /** The peer connections there are, by device: for tests and for who wants to look. */
  connections(): ReadonlyMap<string, PeerConnection> {
    return new Map(this.shells.flatMap((shell) => [...shell.connections()]));
  }

  private shell(slot: Slot): CallShell {
    return new CallShell(this.options, this.media, this.readyOffer, (event) =>
      this.happens({ type: "in", slot, event }),
    );
  }

  private makeOfferReady(): void {
    if (this.callers > 0 && !this.line.calls.some(isLive)) this.readyOffer.make();
  }

  /** It gathers nothing, and so has nothing to report, until a call takes it. */
  private linkToOffer(): PeerLink {
    const nobody = (): void => undefined;
    return new PeerLink(
      { offers: true, iceServers: [], relayOnly: this.options.relayOnly() },
      {
        described: nobody,
        gathered: nobody,
        connected: nobody,
        interrupted: nobody,
        lost: nobody,
        received: nobody,
        replaced: nobody,
        failed: nobody,
        trouble: nobody,
      },
    );
  }

  private front(): CallShell {
    return this.shells[this.line.front];
  }

  private happens(event: LineEvent): void {
    const [next, commands] = lineStep(this.line, event, Date.now());
    this.line = next;
    for (const [slot, shell] of this.shells.entries()) shell.become(next.calls[slot as Slot]);
    this.carryOutPostponed();
    if (event.type === "heard" && event.message.event === "call-offer") this.carryOutOnceDrawn(commands);
    else this.carryOut(commands);
    for (const shell of this.shells) shell.show();
    this.show();
    this.makeOfferReady();
  }

  private carryOut(commands: readonly LineCommand[]): void {
    for (const { slot, command } of commands) this.shells[slot].carryOut(command);
  }

  /** It rings first: the bell is heard, and the screen drawn, before a connection is made or a camera opened. */
  private carryOutOnceDrawn(commands: readonly LineCommand[]): void {
    this.carryOut(commands.filter((one) => !waitsForTheScreen(one)));
    this.postponed = commands.filter(waitsForTheScreen);
    setTimeout(() => this.carryOutPostponed(), 0);
  }

  private carryOutPostponed(): void {
    const { postponed } = this;
    this.postponed = [];
    this.carryOut(postponed);
  }

  private mediaChanged(view: MediaView): void {
    for (const shell of this.shells) shell.mediaChanged(view);
  }

  private show(): void {
    const shown = this.front().view.get();
    const beside = this.line.calls[behind(this.line)];
    const before = this.view.get();
    const same =
      before.state === shown.state &&
      before.local === shown.local &&
      before.remote === shown.remote &&
      before.screen === shown.screen &&
      before.asking === shown.asking &&
      before.beside === beside;
    if (!same) this.view.set({ ...shown, beside });
  }
}

/** Whether it keeps a small machine busy, or belongs to a connection or a camera that does. */
function waitsForTheScreen({ command }: LineCommand): boolean {
  switch (command.do) {
    case "send":
    case "ring":
    case "stop-ringing":
    case "start-timer":
    case "stop-timer":
      return false;
    case "open-link":
    case "claim-link":
    case "allow-direct":
    case "renew-servers":
    case "close-link":
    case "describe":
    case "add-candidates":
    case "attach-media":
    case "restart-ice":
    case "preview":
    case "capture":
    case "release-media":
      return true;
  }
}
