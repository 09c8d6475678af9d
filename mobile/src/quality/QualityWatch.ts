import type { PeerLink } from "../peer/PeerLink";
import { readStatistics } from "../peer/webrtc";
import type { QualityReport } from "../signaling/messages";
import { createStore, type Store } from "../ui/store";
import {
  goesOn,
  isPaused,
  lastReport,
  observe,
  UNKNOWN_QUALITY,
  type CallQuality,
  type QualityCommand,
  type Situation,
} from "./callQuality";
import type { Limits } from "./limits";
import { readSample, type Sample } from "./sample";

/** The call to watch. */
export interface Watched extends Situation {
  readonly callId: string;
  readonly link: PeerLink;
}

export interface WatchOptions {
  /** Asked at each sample: the call there is, or none. */
  readonly watched: () => Watched | null;
  readonly reached: (what: "first-sound" | "first-picture", at: number) => void;
  readonly paused: (paused: boolean) => void;
  readonly report: (callId: string, report: QualityReport) => void;
  readonly trouble: (what: string, error: unknown) => void;
}

const SAMPLE_MS = 1_000;
/** Until the first sound is there it is looked for more often. */
const EAGER_MS = 250;
const EAGER_FOR_MS = 10_000;
/** Each packet of sound is so long (https://www.rfc-editor.org/rfc/rfc7587#section-4.2): so many are there, so long ago the first came. */
const PACKET_MS = 20;

/** Looks at the statistics of the call's connection once a second, and does what follows from them. */
export class QualityWatch {
  readonly quality: Store<CallQuality> = createStore(UNKNOWN_QUALITY);
  private watching: Watched | null = null;
  /** The one whose sums there are: a call on hold keeps them. */
  private counted: Watched | null = null;
  private applied: Limits | null = null;
  private timer: ReturnType<typeof setTimeout> | null = null;

  constructor(private readonly options: WatchOptions) {}

  /** To be called when the call has changed: begins and ends the watch. */
  follow(): void {
    const watched = this.options.watched();
    if (watched?.link === this.watching?.link && watched?.callId === this.watching?.callId) return;
    if (this.timer !== null) clearTimeout(this.timer);
    const before = this.watching;
    const paused = isPaused(this.quality.get().pause);
    this.timer = null;
    this.watching = watched;
    this.applied = null;
    this.quality.set(this.anew(watched));
    this.counted = watched ?? this.counted;
    // Another connection may be a better one: it gets a try.
    if (paused && watched !== null && watched.callId === before?.callId) this.options.paused(false);
    // Not in the very moment of the answer, when there is enough to do.
    if (watched !== null) this.lookLater(watched, EAGER_MS);
  }

  private anew(watched: Watched | null): CallQuality {
    const { counted } = this;
    if (counted === null || (watched !== null && watched.callId !== counted.callId)) return UNKNOWN_QUALITY;
    return goesOn(this.quality.get(), watched === null || watched.link === counted.link ? "same" : "another");
  }

  /** The last word on the call, before it is ended from here. */
  conclude(): void {
    const watched = this.options.watched();
    if (watched === null) return;
    const report = lastReport(this.quality.get(), watched.course, Date.now());
    if (report !== null) this.options.report(watched.callId, report);
  }

  private async look(watching: Watched): Promise<void> {
    try {
      const rows = await readStatistics(watching.link.connection);
      const watched = this.options.watched();
      if (this.watching !== watching || watched === null) return;
      const sample = readSample(rows, Date.now());
      this.tellOfFirsts(sample);
      // A quarter of a second measures nothing: only the first sound and picture are looked for that often.
      if (this.isDue(sample.at)) {
        const [quality, commands] = observe(this.quality.get(), sample, watched);
        this.quality.set(quality);
        for (const command of commands) this.carryOut(watched, command);
        this.limit(watched);
      }
    } catch (error) {
      this.options.trouble("statistics", error);
    }
    if (this.watching === watching) this.lookLater(watching, this.isEager() ? EAGER_MS : SAMPLE_MS);
  }

  private lookLater(watching: Watched, ms: number): void {
    this.timer = setTimeout(() => void this.look(watching), ms);
  }

  private isDue(now: number): boolean {
    const last = this.quality.get().samples.at(-1);
    return last === undefined || now - last.at >= SAMPLE_MS - EAGER_MS / 2;
  }

  private isEager(): boolean {
    const { tally } = this.quality.get();
    if (tally.first === null || tally.last === null) return true;
    return tally.last.received.audio.packets === 0 && tally.last.at - tally.first.at < EAGER_FOR_MS;
  }

  private carryOut(watched: Watched, command: QualityCommand): void {
    switch (command.do) {
      case "pause":
        return this.options.paused(command.paused);
      case "report":
        return this.options.report(watched.callId, command.report);
    }
  }

  private limit({ link }: Watched): void {
    const { limits } = this.quality.get();
    if (limits === null || limits === this.applied) return;
    link.limit(limits);
    this.applied = limits;
  }

  private tellOfFirsts({ received: { audio, video }, at }: Sample): void {
    if (audio.packets > 0) this.options.reached("first-sound", at - Math.min(SAMPLE_MS, audio.packets * PACKET_MS));
    if (video.frames > 0) this.options.reached("first-picture", at);
  }
}
