export type DeviceKind = "microphone" | "camera" | "speaker";

export interface Device {
  readonly id: string;
  readonly name: string;
}

export type Devices = Readonly<Record<DeviceKind, readonly Device[]>>;

const NONE: Devices = { microphone: [], camera: [], speaker: [] };
const KINDS = { audioinput: "microphone", videoinput: "camera", audiooutput: "speaker" } as const;
/** What Chromium lists beside the devices themselves: whichever the system uses. */
const SYSTEM = ["", "default", "communications"];

/** What there is to choose from. A browser tells neither ids nor names of what the page was never allowed. */
export async function listDevices(): Promise<Devices> {
  const all = (await navigator.mediaDevices?.enumerateDevices().catch(() => [])) ?? [];
  return all
    .filter(({ kind, deviceId }) => !SYSTEM.includes(deviceId) && (kind !== "audiooutput" || canChooseSpeaker()))
    .reduce<Devices>((devices, { kind, deviceId, label }) => {
      const of = KINDS[kind];
      const name = label === "" ? `${of} ${devices[of].length + 1}` : label;
      return { ...devices, [of]: [...devices[of], { id: deviceId, name }] };
    }, NONE);
}

export function onDevicesChanged(heard: () => void): () => void {
  navigator.mediaDevices?.addEventListener("devicechange", heard);
  return () => navigator.mediaDevices?.removeEventListener("devicechange", heard);
}

export const canChooseDevices = true;

/** https://www.w3.org/TR/audio-output/#dom-htmlmediaelement-setsinkid */
function canChooseSpeaker(): boolean {
  return typeof HTMLMediaElement !== "undefined" && "setSinkId" in HTMLMediaElement.prototype;
}
