import type { LocalTracks } from "../peer/PeerLink";
import {
  AUDIO_CONSTRAINTS,
  createStream,
  facesUser,
  getUserMedia,
  listCameras,
  nextCamera,
  onEnded,
  onSilenced,
  onlyBy,
  permissionOf,
  releaseStream,
  releaseTrack,
  type Stream,
  type Track,
  type TrackConstraints,
} from "../peer/webrtc";
import { problemOf, type MediaProblem } from "./mediaProblem";

const VIDEO: TrackConstraints = {
  width: { ideal: 1280 },
  height: { ideal: 720 },
  frameRate: { ideal: 30 },
  facingMode: "user",
};

export interface MediaView {
  readonly stream: Stream | null;
  readonly tracks: LocalTracks;
  readonly cameras: number;
  /** Whether the picture should be shown as in a mirror. */
  readonly mirrored: boolean;
  readonly microphoneProblem: MediaProblem | null;
  readonly cameraProblem: MediaProblem | null;
}

const NOTHING: MediaView = {
  stream: null,
  tracks: { audio: null, video: null },
  cameras: 0,
  mirrored: true,
  microphoneProblem: null,
  cameraProblem: null,
};

/** The devices a person wishes to use, by id; `null` leaves it to the system. */
export interface ChosenInputs {
  readonly microphone: string | null;
  readonly camera: string | null;
}

/** The ringing is on the screen by then: opening a camera keeps a small machine busy. */
const DRAWN_MS = 100;

interface Wanted {
  readonly audio: boolean;
  readonly video: boolean;
}

/**
 * This device's camera and microphone. A muted microphone stays open, silent; a camera that is off is closed, and its light
 * out. After `release` nothing stays open, not even what was still being asked for.
 */
export class LocalMedia {
  private current: MediaView = NOTHING;
  private steps: Promise<void> = Promise.resolve();
  private epoch = 0;
  private wanted: Wanted = { audio: false, video: false };
  /** The camera that was turned to, until the call is over. */
  private turned: TrackConstraints | null = null;

  constructor(
    private readonly changed: (view: MediaView) => void,
    private readonly chosen: () => ChosenInputs = () => ({ microphone: null, camera: null }),
  ) {}

  get view(): MediaView {
    return this.current;
  }

  /**
   * Opens camera and microphone while it rings, those that need no question, if nothing else was wanted by then: the picture
   * is for its owner's eyes, and both are ready should the call be taken.
   */
  async preview(video: boolean): Promise<void> {
    const { wanted } = this;
    await new Promise<void>((passed) => setTimeout(() => passed(), DRAWN_MS));
    const [microphone, camera] = await Promise.all([permissionOf("microphone"), permissionOf("camera")]);
    const open = { audio: microphone === "granted", video: video && camera === "granted" };
    if (wanted === this.wanted && (open.audio || open.video)) await this.want(open);
  }

  /** Opens, mutes and closes what it takes to send this. What could not be had is told in the view's problems. */
  want(wanted: Wanted): Promise<MediaView> {
    this.wanted = wanted;
    return this.enqueue((epoch) => this.satisfy(epoch));
  }

  /** Turns to the next camera, where there are more than one. */
  flip(): Promise<MediaView> {
    return this.enqueue(async (epoch) => {
      const track = this.current.tracks.video;
      if (track === null || this.current.cameras < 2) return;
      this.turned = await nextCamera(track);
      this.close("video");
      await this.openFirst("video", epoch);
    });
  }

  /** Another microphone, or camera, was chosen: what is open is opened anew. */
  follow(kind: "audio" | "video"): Promise<MediaView> {
    return this.enqueue(async (epoch) => {
      if (kind === "video") this.turned = null;
      if (this.current.tracks[kind] === null) return;
      this.close(kind);
      await this.openFirst(kind, epoch);
    });
  }

  /** Closes everything, now and for whatever is still being asked for. */
  release(): void {
    this.epoch += 1;
    this.wanted = { audio: false, video: false };
    this.turned = null;
    const { stream, tracks } = this.current;
    if (stream !== null) releaseStream(stream);
    stop(tracks.audio);
    stop(tracks.video);
    this.current = NOTHING;
    this.changed(NOTHING);
  }

  private async satisfy(epoch: number): Promise<void> {
    const { wanted } = this;
    const { tracks } = this.current;
    if (!wanted.video && tracks.video !== null) this.close("video");
    const audio = wanted.audio && tracks.audio === null;
    const video = wanted.video && tracks.video === null;
    if (audio && video) {
      const both = await this.open({ audio: this.wishes("audio")[0], video: this.wishes("video")[0] }, epoch);
      // Refused or missing as a pair: each may still be had alone.
      if (!both) {
        await this.openFirst("audio", epoch);
        await this.openFirst("video", epoch);
      }
    } else if (audio) await this.openFirst("audio", epoch);
    else if (video) await this.openFirst("video", epoch);
    const microphone = this.current.tracks.audio;
    if (microphone !== null) microphone.enabled = this.wanted.audio;
  }

  /** Which microphone, or camera, to open: one that was chosen, or else, should it not be there, whichever the system has. */
  private wishes(kind: "audio" | "video"): readonly TrackConstraints[] {
    const { microphone, camera } = this.chosen();
    if (kind === "audio") {
      return [...(microphone === null ? [] : [{ ...AUDIO_CONSTRAINTS, ...onlyBy(microphone) }]), AUDIO_CONSTRAINTS];
    }
    const chosen = [this.turned, camera === null ? null : onlyBy(camera)].filter((one) => one !== null);
    return [...chosen.map((one) => ({ ...VIDEO, facingMode: undefined, ...one })), VIDEO];
  }

  private async openFirst(kind: "audio" | "video", epoch: number): Promise<boolean> {
    for (const wish of this.wishes(kind)) {
      if (await this.open({ [kind]: wish }, epoch)) return true;
      const { microphoneProblem, cameraProblem } = this.current;
      // Who said no is not asked again.
      if ((kind === "audio" ? microphoneProblem : cameraProblem) === "refused") return false;
    }
    return false;
  }

  /** Phones open one camera, and some browsers one microphone, at a time: the old one is closed before the next is opened. */
  private close(kind: "audio" | "video"): void {
    const { tracks } = this.current;
    this.show({ tracks: { ...tracks, [kind]: null } });
    stop(tracks[kind]);
  }

  private async open(
    constraints: { audio?: TrackConstraints; video?: TrackConstraints },
    epoch: number,
  ): Promise<boolean> {
    if (epoch !== this.epoch) return true;
    const pair = constraints.audio !== undefined && constraints.video !== undefined;
    this.show({
      ...(constraints.audio !== undefined && { microphoneProblem: null }),
      ...(constraints.video !== undefined && { cameraProblem: null }),
    });
    try {
      const stream = await getUserMedia(constraints);
      if (epoch !== this.epoch) {
        tracksOf(stream).forEach(stop);
        return true;
      }
      const tracks = tracksOf(stream);
      this.take(tracks, epoch);
      for (const kind of ["audio", "video"] as const) {
        if (constraints[kind] !== undefined && !tracks.some((track) => track.kind === kind))
          await this.miss(kind, epoch);
      }
      return true;
    } catch (error) {
      if (epoch !== this.epoch) return true;
      if (pair) return false;
      const problem = problemOf(error);
      this.show(constraints.audio !== undefined ? { microphoneProblem: problem } : { cameraProblem: problem });
      return false;
    }
  }

  private take(tracks: readonly Track[], epoch: number): void {
    const before = this.current.tracks;
    const audio = tracks.find(({ kind }) => kind === "audio") ?? before.audio;
    const video = tracks.find(({ kind }) => kind === "video") ?? before.video;
    for (const track of tracks) {
      onEnded(track, () => this.lose(track, epoch));
      onSilenced(track, (silenced) => this.silence(track, silenced));
    }
    // Nobody is to hear even a moment of who was muted while this was being opened.
    if (audio !== null) audio.enabled = this.wanted.audio;
    this.show({
      tracks: { audio, video },
      mirrored: video === null || facesUser(video),
    });
    if (before.audio !== audio) stop(before.audio);
    if (before.video !== video) stop(before.video);
    void this.countCameras(epoch);
  }

  /** Phones open the one of the two that they can, and say nothing of the other. */
  private async miss(kind: "audio" | "video", epoch: number): Promise<void> {
    const permission = await permissionOf(kind === "audio" ? "microphone" : "camera");
    if (epoch !== this.epoch) return;
    const problem = permission === "granted" ? "missing" : "refused";
    this.show(kind === "audio" ? { microphoneProblem: problem } : { cameraProblem: problem });
  }

  /** Nobody waits for this: it only tells whether there is a camera to turn to. */
  private async countCameras(epoch: number): Promise<void> {
    const cameras = await listCameras().catch(() => []);
    if (epoch === this.epoch) this.show({ cameras: cameras.length });
  }

  /** The device was unplugged, or taken away by the system. Another camera is not shown to anyone unasked. */
  private lose(track: Track, epoch: number): void {
    if (epoch !== this.epoch) return;
    const { tracks } = this.current;
    if (track === tracks.video) {
      this.show({ tracks: { ...tracks, video: null }, cameraProblem: "gone" });
      stop(track);
    }
    if (track !== tracks.audio) return;
    this.show({ tracks: { ...tracks, audio: null } });
    stop(track);
    void this.enqueue((later) => this.replaceMicrophone(later));
  }

  /** A headset was pulled out: the voice goes on by another microphone, if there is one. */
  private async replaceMicrophone(epoch: number): Promise<void> {
    if (!this.wanted.audio || this.current.tracks.audio !== null) return;
    const another = await this.openFirst("audio", epoch);
    const { microphoneProblem } = this.current;
    if (epoch !== this.epoch || microphoneProblem === "refused") return;
    this.show({ microphoneProblem: another ? "replaced" : "gone" });
  }

  /** By the system, by another app, by a switch on the device: not by the person, in this app. */
  private silence(track: Track, silenced: boolean): void {
    const { tracks, microphoneProblem, cameraProblem } = this.current;
    const problem = silenced ? "silenced" : null;
    const mayTell = (before: MediaProblem | null): boolean => before === null || before === "silenced";
    if (track === tracks.audio && mayTell(microphoneProblem)) this.show({ microphoneProblem: problem });
    if (track === tracks.video && mayTell(cameraProblem)) this.show({ cameraProblem: problem });
  }

  private show(change: Partial<MediaView>): void {
    const before = this.current;
    const next = { ...before, ...change };
    const same = before.tracks.audio === next.tracks.audio && before.tracks.video === next.tracks.video;
    const tracks = [next.tracks.audio, next.tracks.video].filter((track) => track !== null);
    const stream = same ? before.stream : tracks.length === 0 ? null : createStream(tracks);
    this.current = { ...next, stream };
    if (!same && before.stream !== null) releaseStream(before.stream);
    this.changed(this.current);
  }

  private enqueue(job: (epoch: number) => Promise<void>): Promise<MediaView> {
    const epoch = this.epoch;
    this.steps = this.steps.then(() => (epoch === this.epoch ? job(epoch) : undefined)).catch(() => undefined);
    return this.steps.then(() => this.current);
  }
}

/** The tracks without the stream they came in, which nobody needs. */
function tracksOf(stream: Stream): readonly Track[] {
  const tracks = stream.getTracks();
  releaseStream(stream);
  return tracks;
}

/** No stream has it any more. */
function stop(track: Track | null): void {
  if (track !== null) releaseTrack(track);
}
