import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { LocalMedia } from "./LocalMedia";

/** A browser's camera and microphone, as far as the app asks for them. */
class Devices {
  readonly opened: FakeTrack[] = [];
  refused = new Set<"audio" | "video">();
  missing = new Set<"audio" | "video">();
  /** Resolves when the person has answered the question. */
  question: Promise<void> = Promise.resolve();

  getUserMedia = async (wanted: { audio?: object; video?: object }): Promise<FakeStream> => {
    await this.question;
    const kinds = (["audio", "video"] as const).filter((kind) => wanted[kind] !== undefined);
    if (kinds.some((kind) => this.refused.has(kind))) throw new DOMException("no", "NotAllowedError");
    if (kinds.some((kind) => this.missing.has(kind))) throw new DOMException("none", "NotFoundError");
    const tracks = kinds.map((kind) => new FakeTrack(kind));
    this.opened.push(...tracks);
    return new FakeStream(tracks);
  };

  enumerateDevices = async (): Promise<object[]> => this.cameras;
  /** Replaced where listing them fails, or takes for ever. */
  cameras: Promise<object[]> = Promise.resolve([{ kind: "videoinput", deviceId: "front" }]);
  permissions = { query: async (): Promise<object> => ({ state: await this.permission }) };
  permission: Promise<string> = Promise.resolve("granted");

  live(): string[] {
    return this.opened.filter((track) => track.readyState === "live").map((track) => track.kind);
  }
}

class FakeTrack extends EventTarget {
  enabled = true;
  readyState = "live";
  constructor(readonly kind: "audio" | "video") {
    super();
  }
  stop(): void {
    this.readyState = "ended";
  }
  getSettings(): object {
    return { facingMode: "user" };
  }
}

class FakeStream {
  constructor(private readonly tracks: FakeTrack[]) {}
  getTracks = (): FakeTrack[] => this.tracks;
  getAudioTracks = (): FakeTrack[] => this.tracks.filter((track) => track.kind === "audio");
  getVideoTracks = (): FakeTrack[] => this.tracks.filter((track) => track.kind === "video");
}

let devices: Devices;
let media: LocalMedia;

beforeEach(() => {
  devices = new Devices();
  vi.stubGlobal("navigator", { mediaDevices: devices, permissions: devices.permissions });
  vi.stubGlobal("MediaStream", FakeStream);
  media = new LocalMedia(() => undefined);
});

afterEach(() => {
  vi.unstubAllGlobals();
});

describe("camera and microphone", () => {
  it("are opened together, with one question", async () => {
    await media.want({ audio: true, video: true });
    expect(devices.live()).toEqual(["audio", "video"]);
    expect(media.view).toMatchObject({ cameraProblem: null, microphoneProblem: null });
  });

  it.each(["refused", "missing"] as const)("a camera that is %s leaves the microphone", async (why) => {
    devices[why].add("video");
    await media.want({ audio: true, video: true });
    expect(devices.live()).toEqual(["audio"]);
    expect(media.view).toMatchObject({ cameraProblem: why, microphoneProblem: null });
  });

  it("a microphone that is refused leaves the camera", async () => {
    devices.refused.add("audio");
    await media.want({ audio: true, video: true });
    expect(devices.live()).toEqual(["video"]);
    expect(media.view).toMatchObject({ cameraProblem: null, microphoneProblem: "refused" });
  });

  it("a page without TLS has neither, and says why", async () => {
    vi.stubGlobal("navigator", {});
    await media.want({ audio: true, video: true });
    expect(media.view).toMatchObject({ cameraProblem: "insecure", microphoneProblem: "insecure" });
  });

  it("a camera that is turned off is closed, and its light out; a muted microphone stays", async () => {
    await media.want({ audio: true, video: true });
    await media.want({ audio: false, video: false });
    expect(devices.live()).toEqual(["audio"]);
    expect(media.view.tracks.audio?.enabled).toBe(false);
    await media.want({ audio: true, video: true });
    expect(devices.live()).toEqual(["audio", "video"]);
    expect(media.view.tracks.audio?.enabled).toBe(true);
  });

  it("forget a problem that is none any more", async () => {
    devices.missing.add("video");
    await media.want({ audio: true, video: true });
    devices.missing.clear();
    await media.want({ audio: true, video: true });
    expect(media.view.cameraProblem).toBeNull();
  });
});

describe("a preview", () => {
  beforeEach(() => vi.useFakeTimers());
  afterEach(() => vi.useRealTimers());

  const previewed = async (video: boolean): Promise<void> => {
    const opening = media.preview(video);
    await vi.runAllTimersAsync();
    await opening;
  };

  it("opens what the call would take, for its owner alone", async () => {
    await previewed(true);
    expect(devices.live()).toEqual(["audio", "video"]);
  });

  it("of a voice call opens no camera", async () => {
    await previewed(false);
    expect(devices.live()).toEqual(["audio"]);
  });

  it("asks no question", async () => {
    devices.permission = Promise.resolve("prompt");
    await previewed(true);
    expect(devices.live()).toEqual([]);
  });

  it.each([
    ["a call with picture", { audio: true, video: true }],
    ["a voice call", { audio: true, video: false }],
  ])("that is late leaves alone what %s wanted meanwhile", async (_what, wanted) => {
    let grant: (state: string) => void = () => undefined;
    devices.permission = new Promise((granted) => {
      grant = granted;
    });
    const late = previewed(true);
    await media.want(wanted);
    grant("granted");
    await late;
    expect(devices.live()).toEqual(wanted.video ? ["audio", "video"] : ["audio"]);
    expect(media.view.tracks.audio?.enabled).toBe(true);
  });
});

describe("a preview of a call that is over at once", () => {
  it("opens nothing", async () => {
    vi.useFakeTimers();
    const late = media.preview(true);
    media.release();
    await vi.runAllTimersAsync();
    await late;
    expect(devices.live()).toEqual([]);
    vi.useRealTimers();
  });
});

describe("the list of cameras", () => {
  it("that cannot be had costs nothing", async () => {
    devices.cameras = Promise.reject(new DOMException("no", "NotAllowedError"));
    await media.want({ audio: true, video: true });
    expect(devices.live()).toEqual(["audio", "video"]);
    expect(devices.opened).toHaveLength(2);
    expect(media.view).toMatchObject({ cameraProblem: null, microphoneProblem: null });
  });

  it("that takes its time is not waited for", async () => {
    devices.cameras = new Promise(() => undefined);
    expect((await media.want({ audio: true, video: true })).tracks.video).not.toBeNull();
  });
});

describe("after release", () => {
  it("nothing is open", async () => {
    await media.want({ audio: true, video: true });
    media.release();
    expect(devices.live()).toEqual([]);
    expect(media.view.stream).toBeNull();
  });

  it("nothing opens, though it was still being asked for", async () => {
    let answer: () => void = () => undefined;
    devices.question = new Promise((answered) => {
      answer = answered;
    });
    const asked = media.want({ audio: true, video: true });
    media.release();
    answer();
    await asked;
    expect(devices.live()).toEqual([]);
  });

  it("the next call has both again", async () => {
    await media.want({ audio: true, video: true });
    media.release();
    await media.want({ audio: true, video: false });
    expect(devices.live()).toEqual(["audio"]);
  });
});

it("a camera that is unplugged is told as gone", async () => {
  await media.want({ audio: true, video: true });
  devices.opened.find((track) => track.kind === "video")?.dispatchEvent(new Event("ended"));
  expect(media.view).toMatchObject({ cameraProblem: "gone", tracks: { video: null } });
});
