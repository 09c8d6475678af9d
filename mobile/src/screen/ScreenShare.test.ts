import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { ScreenShare } from "./ScreenShare";

class FakeTrack extends EventTarget {
  readonly kind = "video";
  contentHint = "";
  readyState = "live";
  stop(): void {
    this.readyState = "ended";
  }
}

/** A browser's picker: a test chooses, or closes it. */
class Picker {
  readonly track = new FakeTrack();
  choose: () => void = () => undefined;
  close: (name: string) => void = () => undefined;
  private readonly chosen = new Promise<void>((chosen, refused) => {
    this.choose = chosen;
    this.close = (name) => refused(new DOMException("no", name));
  });

  getDisplayMedia = async (): Promise<object> => {
    await this.chosen;
    return { getVideoTracks: () => [this.track] };
  };
}

let picker: Picker;
let ends: number;
let share: ScreenShare;

beforeEach(() => {
  picker = new Picker();
  ends = 0;
  vi.stubGlobal("navigator", { mediaDevices: picker });
  vi.stubGlobal("MediaStream", class {});
  share = new ScreenShare(() => (ends += 1));
});

afterEach(() => {
  vi.unstubAllGlobals();
});

it("shares what is chosen, as something to be read", async () => {
  picker.choose();
  expect(await share.start()).toBe(true);
  expect(share.view?.track).toBe(picker.track);
  expect(picker.track.contentHint).toBe("detail");
});

it.each(["NotAllowedError", "AbortError"])(
  "shares nothing where nothing is chosen (%s), which is no error",
  async (name) => {
    picker.close(name);
    expect(await share.start()).toBe(false);
    expect(share.view).toBeNull();
  },
);

it("tells of what is no choice", async () => {
  picker.close("NotReadableError");
  await expect(share.start()).rejects.toThrow();
  picker = new Picker();
  vi.stubGlobal("navigator", { mediaDevices: picker });
  picker.choose();
  expect(await share.start()).toBe(true);
});

it("shares nothing that is chosen after the sharing was stopped", async () => {
  const started = share.start();
  share.stop();
  picker.choose();
  expect(await started).toBe(false);
  expect(picker.track.readyState).toBe("ended");
  expect(share.view).toBeNull();
});

it("opens one picker at a time", async () => {
  const first = share.start();
  expect(await share.start()).toBe(false);
  picker.choose();
  expect(await first).toBe(true);
});

it("is over, and says so once, when the browser ends it", async () => {
  picker.choose();
  await share.start();
  picker.track.dispatchEvent(new Event("ended"));
  picker.track.dispatchEvent(new Event("ended"));
  expect(ends).toBe(1);
  expect(share.view).toBeNull();
});

it("says nothing when it is stopped from here", async () => {
  picker.choose();
  await share.start();
  share.stop();
  expect(picker.track.readyState).toBe("ended");
  expect(ends).toBe(0);
});
