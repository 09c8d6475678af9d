/** `taken` by another page, or `untold` where nobody can tell. */
export type Claim = "mine" | "taken" | "untold";

/** A page that is loaded anew may be there before the one it takes the place of is quite gone. */
const PATIENCE_MS = 1_000;

const ONCE = { once: true };

const claims = new Map<string, Promise<Claim>>();

/**
 * Claims a name for this page, for as long as it is there: a tab that is duplicated finds it taken, one that is loaded anew
 * or has crashed does not. By a Web Lock (https://www.w3.org/TR/web-locks/), which pages without TLS do not have.
 */
export function claim(name: string): Promise<Claim> {
  const made = claims.get(name) ?? lock(name);
  claims.set(name, made);
  return made;
}

async function lock(name: string): Promise<Claim> {
  if (typeof navigator === "undefined" || navigator.locks === undefined) return "untold";
  const waiting = new AbortController();
  const patience = setTimeout(() => waiting.abort(), PATIENCE_MS);
  return new Promise((resolve) => {
    const held = (): Promise<void> => {
      clearTimeout(patience);
      resolve("mine");
      return untilGone(() => claimAgain(name));
    };
    navigator.locks.request(lockOf(name), { signal: waiting.signal }, held).catch(() => {
      clearTimeout(patience);
      claims.delete(name);
      resolve("taken");
    });
  });
}

function claimAgain(name: string): void {
  void navigator.locks.request(lockOf(name), () => untilGone(() => claimAgain(name)));
}

/** Resolves when the page goes. One that was only put aside, and is shown again, does `again`. */
export function untilGone(again: () => void): Promise<void> {
  return new Promise((resolve) => {
    const goes = (): void => {
      window.addEventListener("pageshow", again, ONCE);
      resolve();
    };
    window.addEventListener("pagehide", goes, ONCE);
  });
}

function lockOf(name: string): string {
  return `kith.${name}`;
}
