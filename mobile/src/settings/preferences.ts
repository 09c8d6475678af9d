import type { DeviceKind } from "../media/devices";
import { createStore } from "../ui/store";
import { pageQuery } from "./pageOrigin";
import { readKept, writeKept } from "./storage";

export interface Preferences {
  readonly theme: "system" | "light" | "dark";
  /** This page was opened with `?relay=1`: media goes through the relay, whatever anybody wishes. For tests of a relay. */
  readonly relayOnly: boolean;
  /** Let a second call wait, instead of being busy, while talking on this device. */
  readonly callWaiting: boolean;
  /** Send a smaller picture, with fewer images a second, from this device. */
  readonly lessData: boolean;
  /** Whether the system tells of a call while something else is looked at. */
  readonly notices: boolean;
  /** Whether letters do something in a call. */
  readonly shortcuts: boolean;
  /** Which of each is used if it is there, by id; `null` leaves it to the system. */
  readonly devices: Readonly<Record<DeviceKind, string | null>>;
}

export const preferences = createStore<Preferences>({
  theme: "system",
  relayOnly: false,
  callWaiting: true,
  lessData: false,
  notices: false,
  shortcuts: true,
  devices: { microphone: null, camera: null, speaker: null },
});

export async function loadPreferences(): Promise<void> {
  const theme = await readKept("device", "theme");
  preferences.set({
    theme: theme === "light" || theme === "dark" ? theme : "system",
    callWaiting: (await readKept("device", "call-waiting")) !== "0",
    lessData: (await readKept("device", "less-data")) === "1",
    notices: (await readKept("device", "notices")) === "1",
    shortcuts: (await readKept("device", "shortcuts")) !== "0",
    devices: {
      microphone: await readKept("device", "microphone"),
      camera: await readKept("device", "camera"),
      speaker: await readKept("device", "speaker"),
    },
    relayOnly: pageQuery("relay") === "1",
  });
}

export async function setTheme(theme: Preferences["theme"]): Promise<void> {
  preferences.set({ ...preferences.get(), theme });
  await writeKept("device", "theme", theme);
}

export async function setCallWaiting(callWaiting: boolean): Promise<void> {
  preferences.set({ ...preferences.get(), callWaiting });
  await writeKept("device", "call-waiting", callWaiting ? "1" : "0");
}

export async function setShortcuts(shortcuts: boolean): Promise<void> {
  preferences.set({ ...preferences.get(), shortcuts });
  await writeKept("device", "shortcuts", shortcuts ? "1" : "0");
}

export async function setNotices(notices: boolean): Promise<void> {
  preferences.set({ ...preferences.get(), notices });
  await writeKept("device", "notices", notices ? "1" : "0");
}

export async function chooseDevice(kind: DeviceKind, id: string | null): Promise<void> {
  preferences.set({ ...preferences.get(), devices: { ...preferences.get().devices, [kind]: id } });
  await writeKept("device", kind, id);
}

export async function setLessData(lessData: boolean): Promise<void> {
  preferences.set({ ...preferences.get(), lessData });
  await writeKept("device", "less-data", lessData ? "1" : "0");
}
