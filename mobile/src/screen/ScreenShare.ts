import { createStream, onEnded, releaseStream, releaseTrack, type Stream, type Track } from "../peer/webrtc";
import { captureScreen } from "./captureScreen";

export interface SharedScreen {
  readonly track: Track;
  readonly stream: Stream;
}

/** This device's screen, while it is shared. */
export class ScreenShare {
  private current: SharedScreen | null = null;
  /** Grows with each `stop`: what is chosen in a picker that was open then is not shared any more. */
  private epoch = 0;
  private asking = false;

  /** `ended` is told when the sharing ends by other means: the browser's own button, a closed window. */
  constructor(private readonly ended: () => void) {}

  get view(): SharedScreen | null {
    return this.current;
  }

  /** Lets the person choose what to share. Resolves to whether something is shared now: to choose nothing is no error. */
  async start(): Promise<boolean> {
    if (this.current !== null) return true;
    if (this.asking) return false;
    this.asking = true;
    const { epoch } = this;
    try {
      const track = await captureScreen();
      if (epoch !== this.epoch) {
        releaseTrack(track);
        return false;
      }
      this.current = { track, stream: createStream([track]) };
      onEnded(track, () => this.lose(track));
      return true;
    } catch (error) {
      if (isRefusal(error)) return false;
      throw error;
    } finally {
      this.asking = false;
    }
  }

  stop(): void {
    this.epoch += 1;
    const { current } = this;
    this.current = null;
    if (current === null) return;
    releaseStream(current.stream);
    releaseTrack(current.track);
  }

  private lose(track: Track): void {
    if (this.current?.track !== track) return;
    this.stop();
    this.ended();
  }
}

/** The person closed the picker or the system said no (https://www.w3.org/TR/screen-capture/#dom-mediadevices-getdisplaymedia). */
function isRefusal(error: unknown): boolean {
  const name = typeof error === "object" && error !== null && "name" in error ? error.name : null;
  return name === "NotAllowedError" || name === "AbortError" || name === "SecurityError";
}
