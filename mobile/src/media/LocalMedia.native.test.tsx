import { webRTCModule as phone } from "../peer/webrtcModule.testing";
import { LocalMedia } from "./LocalMedia";

let media: LocalMedia;

beforeEach(() => {
  Object.assign(phone.allowed, { microphone: true, camera: true });
  phone.asked.splice(0);
  phone.hasCamera = true;
  media = new LocalMedia(() => undefined);
});

afterEach(() => {
  media.release();
  expect(phone.crashes).toEqual([]);
  expect(phone.open()).toEqual([]);
});

const problems = (): object => {
  const { microphoneProblem, cameraProblem } = media.view;
  return { microphoneProblem, cameraProblem };
};

describe("on a phone, what a person refuses", () => {
  it("is told as refused", async () => {
    Object.assign(phone.allowed, { microphone: false, camera: false });
    await media.want({ audio: true, video: true });
    expect(problems()).toEqual({ microphoneProblem: "refused", cameraProblem: "refused" });
  });

  it.each(["microphone", "camera"] as const)(
    "of the two that were asked for, the %s, is told as well",
    async (which) => {
      phone.allowed[which] = false;
      await media.want({ audio: true, video: true });
      expect(problems()).toEqual({ microphoneProblem: null, cameraProblem: null, [`${which}Problem`]: "refused" });
      expect(media.view.tracks[which === "camera" ? "audio" : "video"]).not.toBeNull();
      // Who said no is not asked again.
      expect(phone.asked).toEqual(["microphone", "camera"]);
    },
  );
});

it("on a phone, a camera that there is not is told as missing", async () => {
  phone.hasCamera = false;
  await media.want({ audio: false, video: true });
  expect(problems()).toEqual({ microphoneProblem: null, cameraProblem: "missing" });
});

describe("on a phone, a camera or microphone", () => {
  beforeEach(() => media.want({ audio: true, video: true }));

  const OPEN = ["audio", "stream", "video"];

  it("is let go of once it is turned off", async () => {
    expect(phone.open()).toEqual(OPEN);
    await media.want({ audio: true, video: false });
    expect(phone.open()).toEqual(["audio", "stream"]);
  });

  it("is let go of before the next one is opened", async () => {
    await media.flip();
    await media.follow("audio");
    expect(phone.open()).toEqual(OPEN);
  });

  it("is let go of when the system has ended it", async () => {
    phone.ends("video");
    expect(phone.open()).toEqual(["audio", "stream"]);
    expect(media.view.cameraProblem).toBe("gone");
  });

  it("is let go of where the call was over before it was open", async () => {
    media.release();
    const late = media.want({ audio: true, video: true });
    media.release();
    await late;
    expect(phone.open()).toEqual([]);
  });
});
