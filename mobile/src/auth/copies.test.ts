import { afterEach, beforeEach, expect, it, vi } from "vitest";
import type * as Copies from "./copies";

/** The Web Locks of a browser, as far as they are shared: whoever asks has it. */
class Locks {
  private held: { name: string }[] = [];

  request = async (name: string, _options: object, holds: () => Promise<void>): Promise<void> => {
    const lock = { name };
    this.held.push(lock);
    await holds();
    this.held = this.held.filter((one) => one !== lock);
  };
  query = async (): Promise<object> => ({ held: this.held });
}

interface Page {
  readonly asks: () => Promise<string | null>;
  readonly goes: () => void;
  readonly comesBack: () => void;
}

/** One page of the browser that listens to its copies; it may know what came of the token that is asked for. */
async function page(successor: string | null = null): Promise<Page> {
  const window = new EventTarget();
  const happens = (what: string): void => {
    vi.stubGlobal("window", window);
    window.dispatchEvent(new Event(what));
  };
  vi.stubGlobal("window", window);
  vi.resetModules();
  const copies = (await import("./copies")) as typeof Copies;
  copies.listenToCopies({ successorOf: () => successor, succeeded: () => undefined });
  await vi.advanceTimersByTimeAsync(0);
  return {
    asks: () => copies.successorAtCopies("spent"),
    goes: () => happens("pagehide"),
    comesBack: () => happens("pageshow"),
  };
}

/** A channel between pages, whose word is heard in the next task. */
class Channel {
  static all = new Set<Channel>();
  onmessage: ((event: { data: unknown }) => void) | null = null;
  constructor() {
    Channel.all.add(this);
  }
  postMessage(data: unknown): void {
    for (const other of Channel.all) if (other !== this) setTimeout(() => other.onmessage?.({ data }), 1);
  }
}

/** What comes of it, and how long it took. */
async function answered(asked: Promise<string | null>): Promise<readonly [string | null, number]> {
  const since = Date.now();
  const answer = asked.then((session) => [session, Date.now() - since] as const);
  await vi.advanceTimersByTimeAsync(1_000);
  return answer;
}

beforeEach(() => {
  vi.useFakeTimers();
  Channel.all.clear();
  vi.stubGlobal("BroadcastChannel", Channel);
  vi.stubGlobal("navigator", { locks: new Locks() });
});

afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

it("a page that is alone waits for nobody", async () => {
  const alone = await page();
  expect(await answered(alone.asks())).toEqual([null, 0]);
});

it("a page that has a copy is told by it", async () => {
  await page("session");
  const copy = await page();
  expect(await answered(copy.asks())).toEqual(["session", 2]);
});

it("a page waits a moment for another one that may know", async () => {
  await page();
  const copy = await page();
  expect(await answered(copy.asks())).toEqual([null, 250]);
});

it("a page is alone again once the other has gone, unless that comes back", async () => {
  const other = await page("session");
  const copy = await page();
  other.goes();
  await vi.advanceTimersByTimeAsync(0);
  expect((await answered(copy.asks()))[1]).toBe(0);
  other.comesBack();
  await vi.advanceTimersByTimeAsync(0);
  expect((await answered(copy.asks()))[0]).toBe("session");
});

it("a page that cannot see whether it is alone waits", async () => {
  vi.stubGlobal("navigator", {});
  const blind = await page();
  expect(await answered(blind.asks())).toEqual([null, 250]);
});
