import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { Claim } from "./claim";

type Held = () => Promise<void>;

/** The Web Locks of a browser: one holder of each name, the others wait in a line. */
class Locks {
  private readonly lines = new Map<string, Held[]>();

  request(name: string, { signal }: { signal: AbortSignal }, held: Held): Promise<void> {
    const line = this.lines.get(name) ?? [];
    this.lines.set(name, line);
    return new Promise((resolve, reject) => {
      const granted: Held = () => held().then(resolve);
      line.push(granted);
      signal.addEventListener("abort", () => {
        if (line.indexOf(granted) < 1) return;
        line.splice(line.indexOf(granted), 1);
        reject(signal.reason);
      });
      if (line.length === 1) this.grant(line);
    });
  }

  private grant(line: Held[]): void {
    void line[0]?.().then(() => {
      line.shift();
      if (line.length > 0) this.grant(line);
    });
  }
}

/** One page of the browser, with the app loaded in it. */
async function page(): Promise<{ claims: (name: string) => Promise<Claim>; goes: () => void }> {
  const window = new EventTarget();
  vi.stubGlobal("window", window);
  vi.resetModules();
  const { claim } = await import("./claim");
  return { claims: claim, goes: () => window.dispatchEvent(new Event("pagehide")) };
}

beforeEach(() => {
  vi.useFakeTimers();
  vi.stubGlobal("navigator", { locks: new Locks() });
});

afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

describe("a page", () => {
  it("has what it claims, however often", async () => {
    const { claims } = await page();
    expect(await claims("d1")).toBe("mine");
    expect(await claims("d1")).toBe("mine");
  });

  it("finds taken what another page has, after a moment", async () => {
    const original = await page();
    await original.claims("d1");
    const copy = await page();
    const claim = copy.claims("d1");
    await vi.advanceTimersByTimeAsync(1_100);
    expect(await claim).toBe("taken");
    expect(await copy.claims("d2")).toBe("mine");
  });

  it("that is loaded anew has what it had, even if it is there first", async () => {
    const before = await page();
    await before.claims("d1");
    const after = await page();
    const claim = after.claims("d1");
    await vi.advanceTimersByTimeAsync(300);
    before.goes();
    expect(await claim).toBe("mine");
  });

  it("is told nothing where there are no locks", async () => {
    vi.stubGlobal("navigator", {});
    const { claims } = await page();
    expect(await claims("d1")).toBe("untold");
  });
});
