import type { PeerLink } from "../peer/PeerLink";
import type { Description } from "../signaling/messages";

/** An offer, and the connection that made it; nothing is gathered for it yet. */
interface Prepared {
  readonly link: PeerLink;
  readonly offer: Description;
}

/** A call does not wait longer for the offer that rides along. */
const WAIT_MS = 150;

/** The offer that rides along in the next call, made before anyone is called: the call then leaves in the task of the tap. */
export class ReadyOffer {
  private made: Promise<Prepared | null> | null = null;

  constructor(private readonly open: () => PeerLink) {}

  make(): void {
    this.made ??= this.prepare();
  }

  /** Takes it, made now if it was not before; `null` if it could not be made in time. */
  async take(): Promise<Prepared | null> {
    const made = this.made ?? this.prepare();
    this.made = null;
    const late = new Promise<null>((passed) => setTimeout(() => passed(null), WAIT_MS));
    const prepared = await Promise.race([made, late]);
    if (prepared === null) closeWhenMade(made);
    return prepared;
  }

  discard(): void {
    if (this.made !== null) closeWhenMade(this.made);
    this.made = null;
  }

  private async prepare(): Promise<Prepared | null> {
    let link: PeerLink | null = null;
    try {
      link = this.open();
      return { link, offer: await link.prepare() };
    } catch {
      link?.close();
      return null;
    }
  }
}

function closeWhenMade(made: Promise<Prepared | null>): void {
  void made.then((prepared) => prepared?.link.close());
}
