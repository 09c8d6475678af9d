export type DeviceKind = "microphone" | "camera" | "speaker";

export interface Device {
  readonly id: string;
  readonly name: string;
}

export type Devices = Readonly<Record<DeviceKind, readonly Device[]>>;

/** Phones turn from camera to camera, and the system decides where sound comes from and goes. */
export async function listDevices(): Promise<Devices> {
  return { microphone: [], camera: [], speaker: [] };
}

export function onDevicesChanged(_heard: () => void): () => void {
  return () => undefined;
}

export const canChooseDevices = false;
