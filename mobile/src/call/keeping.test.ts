import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { readKept as readStored } from "../settings/storage";
import { createStore } from "../ui/store";
import type { LineView } from "./CallLine";
import type { CallState } from "./callState";
import { CallKeeping, takeKept } from "./keeping";
import { gistOf, keptOf } from "./kept";
import { Phone } from "./phone.testing";

/** The calls of a page, as far as they are kept. */
class Line {
  calls: readonly CallState[] = [];
  readonly view = createStore({} as LineView);

  become(...phones: Phone[]): void {
    this.calls = phones.map(({ state }) => state);
    this.view.set({} as LineView);
  }

  kept(left: boolean, user: string): string | null {
    return keptOf(this.calls, left, Date.now(), user);
  }

  keptGist(): string | null {
    return gistOf(this.calls);
  }
}

let line: Line;
let keeping: CallKeeping;

beforeEach(async () => {
  vi.useFakeTimers();
  line = new Line();
  keeping = new CallKeeping(line, "alice");
  keeping.begin();
  await settled();
});

afterEach(() => {
  keeping.end();
  vi.useRealTimers();
});

async function settled(): Promise<void> {
  await vi.advanceTimersByTimeAsync(0);
}

async function taken(claim: "mine" | "taken" | "untold" = "mine"): Promise<string[]> {
  await settled();
  return (await takeKept("alice", claim, Date.now())).calls.map(({ callId }) => callId);
}

describe("a page that crashes in a call", () => {
  it("comes back into it", async () => {
    line.become(Phone.inCall());
    expect(await taken()).toEqual(["c1"]);
  });

  it("comes back even if nothing has happened in it for an hour", async () => {
    line.become(Phone.inCall());
    await vi.advanceTimersByTimeAsync(3_600_000);
    expect(await taken()).toEqual(["c1"]);
  });

  it("comes back muted if it was", async () => {
    const phone = Phone.inCall();
    line.become(phone);
    line.become(phone.happens({ type: "media", sending: { audio: false } }));
    await settled();
    expect((await takeKept("alice", "mine", Date.now())).calls[0]?.sending.audio).toBe(false);
  });
});

it("a call that is over is kept no longer", async () => {
  const phone = Phone.inCall();
  line.become(phone);
  await settled();
  line.become(phone.happens({ type: "hang-up" }).acks("end-call"));
  await settled();
  expect(await readStored("tab", "call")).toBeNull();
});

it("a goodbye is kept until the server has heard it, or its person signs out", async () => {
  const phone = Phone.inCall().happens({ type: "hang-up" });
  line.become(phone);
  await settled();
  expect((await takeKept("alice", "mine", Date.now())).unsent).toMatchObject([{ event: "end-call" }]);
  expect((await takeKept("alice", "taken", Date.now())).unsent).toEqual([]);
  keeping.end();
  await settled();
  expect(await readStored("tab", "call")).toBeNull();
});

it("a call is not come back to by another user", async () => {
  line.become(Phone.inCall());
  await settled();
  expect(await takeKept("bob", "mine", Date.now())).toMatchObject({ calls: [], unsent: [] });
});

it("the copy of a tab leaves the call to the page that is in it", async () => {
  line.become(Phone.inCall());
  expect(await taken("taken")).toEqual([]);
});

describe("where nobody can tell whether the page is still there", () => {
  it("what it kept while it was is not taken", async () => {
    line.become(Phone.inCall());
    expect(await taken("untold")).toEqual([]);
  });

  it("what it kept in going is", async () => {
    line.become(Phone.inCall());
    keeping.keep(true);
    expect(await taken("untold")).toEqual(["c1"]);
  });

  it("unless it stayed after all", async () => {
    line.become(Phone.inCall());
    keeping.keep(true);
    keeping.keep(false);
    expect(await taken("untold")).toEqual([]);
  });
});

it("nothing is written over before it was taken", async () => {
  line.become(Phone.inCall());
  await settled();
  const next = new CallKeeping(new Line(), "alice");
  next.keep(false);
  expect(await taken()).toEqual(["c1"]);
});
