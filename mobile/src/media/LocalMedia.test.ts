import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { LocalMedia } from "./LocalMedia";

/** A browser's camera and microphone, as far as the app asks for them. */
class Devices {
  readonly opened: FakeTrack[] = [];
  questions = 0;
  /** What was asked of each kind, the last of it. */
  readonly asked: { audio?: Constraints; video?: Constraints } = {};
  refused = new Set<"audio" | "video">();
  missing = new Set<"audio" | "video">();
  /** Ids of devices that were there once. */
  readonly absent = new Set<string>();
  /** Resolves when the person has answered the question. */
  question: Promise<void> = Promise.resolve();

  getUserMedia = async (wanted: { audio?: Constraints; video?: Constraints }): Promise<FakeStream> => {
    await this.question;
    this.questions += 1;
    Object.assign(this.asked, wanted);
    const kinds = (["audio", "video"] as const).filter((kind) => wanted[kind] !== undefined);
    if (kinds.some((kind) => this.refused.has(kind))) throw new DOMException("no", "NotAllowedError");
    if (kinds.some((kind) => this.absent.has(wanted[kind]?.deviceId?.exact ?? "")))
      throw new DOMException("none", "OverconstrainedError");
    if (kinds.some((kind) => this.missing.has(kind))) throw new DOMException("none", "NotFoundError");
    const tracks = kinds.map((kind) => new FakeTrack(kind, wanted[kind]?.deviceId));
    this.opened.push(...tracks);
    return new FakeStream(tracks);
  };

  enumerateDevices = async (): Promise<object[]> => this.cameras;
  /** Replaced where listing them fails, or takes for ever. */
  cameras: Promise<object[]> = Promise.resolve([{ kind: "videoinput", deviceId: "front" }]);
  permissions = { query: async (): Promise<object> => ({ state: await this.permission }) };
  permission: Promise<string> = Promise.resolve("granted");

  /** The open one of that kind, opened last. */
  last(kind: "audio" | "video"): FakeTrack {
    const track = this.opened.findLast((one) => one.kind === kind && one.readyState === "live");
    if (track === undefined) throw new Error(`no ${kind} is open`);
    return track;
  }

  live(): string[] {
    return this.opened.filter((track) => track.readyState === "live").map((track) => track.kind);
  }
}

interface Constraints {
  facingMode?: string;
  deviceId?: { exact?: string };
}

class FakeTrack extends EventTarget {
  enabled = true;
  readyState = "live";
  constructor(
    readonly kind: "audio" | "video",
    private readonly device: Constraints["deviceId"],
  ) {
    super();
  }
  /** Taken out of the computer. */
  unplug(): void {
    this.readyState = "ended";
    this.dispatchEvent(new Event("ended"));
  }
  stop(): void {
    this.readyState = "ended";
  }
  getSettings(): object {
    return { facingMode: "user", deviceId: this.device?.exact ?? "front" };
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
let chosen: { microphone: string | null; camera: string | null };

beforeEach(() => {
  devices = new Devices();
  vi.stubGlobal("navigator", { mediaDevices: devices, permissions: devices.permissions });
  vi.stubGlobal("MediaStream", FakeStream);
  chosen = { microphone: null, camera: null };
  media = new LocalMedia(
    () => undefined,
    () => chosen,
  );
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

it("a camera that is unplugged is told as gone, and no other is opened", async () => {
  await media.want({ audio: true, video: true });
  devices.last("video").unplug();
  await settled();
  expect(media.view).toMatchObject({ cameraProblem: "gone", tracks: { video: null } });
  expect(devices.live()).toEqual(["audio"]);
});

describe("a microphone that is unplugged", () => {
  beforeEach(() => media.want({ audio: true, video: true }));

  const unplugged = async (): Promise<void> => {
    devices.last("audio").unplug();
    await settled();
  };

  it("makes way for another one, which is told", async () => {
    await unplugged();
    expect(devices.live()).toEqual(["video", "audio"]);
    expect(media.view.tracks.audio).toBe(devices.last("audio"));
    expect(media.view.microphoneProblem).toBe("replaced");
  });

  it("is told as gone where there is no other", async () => {
    devices.missing.add("audio");
    await unplugged();
    expect(media.view).toMatchObject({ microphoneProblem: "gone", tracks: { audio: null } });
  });

  it("is told as refused where it was taken away from the page", async () => {
    devices.refused.add("audio");
    await unplugged();
    expect(media.view.microphoneProblem).toBe("refused");
  });

  it("while it is muted, matters once it is wanted again", async () => {
    await media.want({ audio: false, video: true });
    await unplugged();
    expect(devices.live()).toEqual(["video"]);
    expect(media.view.microphoneProblem).toBeNull();
    await media.want({ audio: true, video: true });
    expect(media.view.tracks.audio).toBe(devices.last("audio"));
  });
});

describe("a device that is held back by the system", () => {
  it("is told as such, until it comes back by itself", async () => {
    await media.want({ audio: true, video: true });
    const [microphone, camera] = [devices.last("audio"), devices.last("video")];
    microphone.dispatchEvent(new Event("mute"));
    camera.dispatchEvent(new Event("mute"));
    expect(media.view).toMatchObject({ microphoneProblem: "silenced", cameraProblem: "silenced" });
    expect(media.view.tracks).toEqual({ audio: microphone, video: camera });
    microphone.dispatchEvent(new Event("unmute"));
    camera.dispatchEvent(new Event("unmute"));
    expect(media.view).toMatchObject({ microphoneProblem: null, cameraProblem: null });
  });

  it("and is no longer used, says nothing", async () => {
    await media.want({ audio: false, video: true });
    const camera = devices.last("video");
    await media.want({ audio: false, video: false });
    camera.dispatchEvent(new Event("mute"));
    expect(media.view.cameraProblem).toBeNull();
  });
});

describe("a microphone or camera that was chosen", () => {
  it("is the one that is opened", async () => {
    chosen = { microphone: "headset", camera: "webcam" };
    await media.want({ audio: true, video: true });
    expect(devices.asked.audio?.deviceId).toEqual({ exact: "headset" });
    expect(devices.asked.video).toMatchObject({ deviceId: { exact: "webcam" } });
    expect(devices.asked.video?.facingMode).toBeUndefined();
  });

  it.each(["headset", "webcam"])("and is not there, the %s, leaves it to the system", async (absent) => {
    chosen = { microphone: "headset", camera: "webcam" };
    devices.absent.add(absent);
    await media.want({ audio: true, video: true });
    expect(devices.live()).toEqual(["audio", "video"]);
    const used = [media.view.tracks.audio, media.view.tracks.video].map((track) => track?.getSettings().deviceId);
    expect(used).toEqual(absent === "headset" ? ["front", "webcam"] : ["headset", "front"]);
    expect(media.view).toMatchObject({ cameraProblem: null, microphoneProblem: null });
  });

  it("and is refused is not asked for twice", async () => {
    chosen = { microphone: "headset", camera: null };
    devices.refused.add("audio");
    await media.want({ audio: true, video: false });
    expect(devices.questions).toBe(1);
  });

  it("in the call takes the place of the one before, and who was muted stays so", async () => {
    await media.want({ audio: true, video: true });
    await media.want({ audio: false, video: true });
    chosen = { microphone: "headset", camera: "webcam" };
    await media.follow("audio");
    await media.follow("video");
    expect(devices.live()).toEqual(["audio", "video"]);
    expect(media.view.tracks.audio?.getSettings().deviceId).toBe("headset");
    expect(media.view.tracks.audio?.enabled).toBe(false);
    expect(media.view.tracks.video?.getSettings().deviceId).toBe("webcam");
  });

  it("while it is closed is opened when it is wanted, not before", async () => {
    await media.want({ audio: true, video: false });
    chosen = { microphone: null, camera: "webcam" };
    await media.follow("video");
    expect(devices.live()).toEqual(["audio"]);
  });
});

describe("the camera that was turned to", () => {
  beforeEach(async () => {
    devices.cameras = Promise.resolve(["front", "back"].map((deviceId) => ({ kind: "videoinput", deviceId })));
    await media.want({ audio: true, video: true });
    await settled();
    await media.flip();
  });

  const shown = (): string | undefined => media.view.tracks.video?.getSettings().deviceId;

  it("stays when the camera is turned off and on, until the call is over", async () => {
    expect(shown()).toBe("back");
    await media.want({ audio: true, video: false });
    await media.want({ audio: true, video: true });
    expect(shown()).toBe("back");
    media.release();
    await media.want({ audio: true, video: true });
    expect(shown()).toBe("front");
  });

  it("is not missed once it is gone", async () => {
    await media.want({ audio: true, video: false });
    devices.absent.add("back");
    await media.want({ audio: true, video: true });
    expect(shown()).toBe("front");
  });

  it("gives way to one that is chosen", async () => {
    chosen = { microphone: null, camera: "webcam" };
    await media.follow("video");
    expect(shown()).toBe("webcam");
  });
});

async function settled(): Promise<void> {
  for (let turn = 0; turn < 50; turn += 1) await Promise.resolve();
}
