import { randomId } from "../settings/randomId";
import { readKept, writeKept } from "../settings/storage";
import { claim as claimName, type Claim } from "./claim";
import { KEEP_DEVICE } from "./devicePlatform";

const KEY = "device-id";
/** Two that send each other away are back within seconds; a copy of a tab is made once in a while. */
const RIVALRY_MS = 60_000;

/** This device as signaling knows it. A phone keeps its id, and so does a browser tab, for as long as the tab is there. */
export class OwnDevice {
  private cameBackAt = -Infinity;

  /** @param claim whether what was kept with the id, such as a call, was kept by this page: a tab that is duplicated copies all of it */
  private constructor(
    private known: string,
    readonly claim: Claim,
    private readonly claimed: typeof claimName,
  ) {}

  static async find(claimed: typeof claimName = claimName): Promise<OwnDevice> {
    const kept = await readKept(KEEP_DEVICE, KEY).catch(() => null);
    const claim = kept === null ? "mine" : await claimed(nameOf(kept));
    const id = kept === null || claim === "taken" ? await anew(claimed) : kept;
    return new OwnDevice(id, claim, claimed);
  }

  get id(): string {
    return this.known;
  }

  /**
   * Another connection goes by this id now. The one that is in a call needs it to stay in the call, and comes back by it:
   * once, for the other may be in a call, too, and would do the same. Who is in none takes another id.
   */
  async displaced(inCall: boolean, now: number): Promise<void> {
    if (inCall && now - this.cameBackAt > RIVALRY_MS) this.cameBackAt = now;
    else this.known = await anew(this.claimed);
  }
}

async function anew(claimed: typeof claimName): Promise<string> {
  const id = randomId();
  // Where it cannot be kept it is good for as long as the app runs.
  await writeKept(KEEP_DEVICE, KEY, id).catch(() => undefined);
  await claimed(nameOf(id));
  return id;
}

function nameOf(id: string): string {
  return `device.${id}`;
}
