import { afterEach, expect, it, vi } from "vitest";
import { listDevices } from "./devices";

afterEach(() => vi.unstubAllGlobals());

const there = (devices: readonly (readonly [kind: string, deviceId: string, label: string])[]): void => {
  const enumerateDevices = async (): Promise<object[]> =>
    devices.map(([kind, deviceId, label]) => ({ kind, deviceId, label }));
  vi.stubGlobal("navigator", { mediaDevices: { enumerateDevices } });
};

it("devices are told by name, without the names Chromium has for the system's choice", async () => {
  vi.stubGlobal("HTMLMediaElement", { prototype: { setSinkId: () => undefined } });
  there([
    ["audioinput", "default", "Default - Headset"],
    ["audioinput", "h", "Headset"],
    ["videoinput", "w", ""],
    ["audiooutput", "s", "Speakers"],
  ]);
  expect(await listDevices()).toEqual({
    microphone: [{ id: "h", name: "Headset" }],
    camera: [{ id: "w", name: "camera 1" }],
    speaker: [{ id: "s", name: "Speakers" }],
  });
});

it("no speaker is offered where none can be chosen, and nothing of what the page may not know", async () => {
  there([
    ["audiooutput", "s", "Speakers"],
    ["audioinput", "", ""],
  ]);
  expect(await listDevices()).toEqual({ microphone: [], camera: [], speaker: [] });
  vi.stubGlobal("navigator", {});
  expect(await listDevices()).toEqual({ microphone: [], camera: [], speaker: [] });
});
