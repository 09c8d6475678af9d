import type { Claim } from "../auth/claim";
import { KEEP_DEVICE } from "../auth/devicePlatform";
import { readKept, writeKept } from "../settings/storage";
import type { CallLine } from "./CallLine";
import { keptIn, type Kept } from "./kept";

const KEY = "call";
/** How old what is kept may be when nothing happens: a page that crashes, or an app that is killed, says no last word. */
const KEEP_EVERY_MS = 5_000;

/**
 * Keeps the calls there are, and goodbyes that the server may not have heard, where the next load of the page, or start of
 * the app, finds them; for as long as they last.
 */
export class CallKeeping {
  private begun = false;
  private gist: string | null = null;
  private timer: ReturnType<typeof setTimeout> | null = null;
  private writing: Promise<void> = Promise.resolve();
  private unwatch = (): void => undefined;

  /** @param user whose calls they are */
  constructor(
    private readonly line: Pick<CallLine, "view" | "kept" | "keptGist">,
    private readonly user: string,
  ) {}

  /** What was kept before is taken by now, if it ever will be, and written over. */
  begin(): void {
    this.begun = true;
    this.unwatch = this.line.view.subscribe(() => this.look());
    this.keep(false);
  }

  /** @param left the page says that it goes away */
  keep(left: boolean): void {
    if (!this.begun) return;
    if (this.timer !== null) clearTimeout(this.timer);
    this.gist = this.line.keptGist();
    this.timer = this.gist === null ? null : setTimeout(() => this.keep(false), KEEP_EVERY_MS);
    this.write(this.line.kept(left, this.user));
  }

  /** Who signs out leaves nothing to come back to, or to say, to whoever signs in next. */
  end(): void {
    this.unwatch();
    if (this.timer !== null) clearTimeout(this.timer);
    if (this.begun) this.write(null);
    this.begun = false;
  }

  private look(): void {
    if (this.line.keptGist() !== this.gist) this.keep(false);
  }

  /** One after the other. Where nothing can be kept a call cannot be come back to, and goes on all the same. */
  private write(kept: string | null): void {
    this.writing = this.writing.then(() => writeKept(KEEP_DEVICE, KEY, kept)).catch(() => undefined);
  }
}

const NOTHING: Kept = { of: null, left: false, calls: [], unsent: [] };

/**
 * The calls to come back to, and what was left to say. What a page kept while it was there is for itself alone, loaded anew
 * after a crash; where nobody can tell whether it is still there only what it kept in going is taken. Nobody takes what was
 * kept for another user.
 */
export async function takeKept(user: string, claim: Claim, now: number): Promise<Kept> {
  const kept = keptIn(await readKept(KEEP_DEVICE, KEY).catch(() => null), now);
  if (kept === null || kept.of !== user) return NOTHING;
  return claim === "mine" || (claim === "untold" && kept.left) ? kept : NOTHING;
}
