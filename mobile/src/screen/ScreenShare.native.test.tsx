import { webRTCModule as phone } from "../peer/webrtcModule.testing";
import { Dimensions } from "react-native";
import { ScreenShare } from "./ScreenShare";

let ends: number;
let share: ScreenShare;

beforeEach(() => {
  phone.shares = true;
  ends = 0;
  share = new ScreenShare(() => (ends += 1));
});

afterEach(() => {
  share.stop();
  expect(phone.crashes).toEqual([]);
  expect(phone.open()).toEqual([]);
});

it("on a phone, the screen is let go of once it is shared no more, and with it the notice that it is", async () => {
  expect(await share.start()).toBe(true);
  expect(phone.open()).toEqual(["stream", "video"]);
  share.stop();
  expect(phone.open()).toEqual([]);
});

it("on a phone, it is let go of when the system has ended it", async () => {
  await share.start();
  phone.ends("video");
  expect(phone.open()).toEqual([]);
  expect(ends).toBe(1);
});

it("on a phone, it is let go of where sharing was stopped before anything was chosen", async () => {
  const started = share.start();
  share.stop();
  expect(await started).toBe(false);
  expect(phone.open()).toEqual([]);
});

it.each([
  [1080, 1920, 1],
  [1440, 3200, 0.6],
])("of a screen of %d by %d the longer side is at most 1920 points", async (width, height, scale) => {
  Dimensions.set({ screen: { width: width / 2, height: height / 2, scale: 2, fontScale: 1 } });
  await share.start();
  expect(phone.resolutionScale).toBe(scale);
});

it("on a phone, to choose nothing is no error", async () => {
  phone.shares = false;
  expect(await share.start()).toBe(false);
});
