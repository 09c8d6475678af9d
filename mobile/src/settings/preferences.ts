import { createStore } from "../ui/store";
import { pageQuery } from "./pageOrigin";
import { readKept, writeKept } from "./storage";

export interface Preferences {
  readonly theme: "system" | "light" | "dark";
  /** This page was opened with `?relay=1`: media goes through the relay, whatever anybody wishes. For tests of a relay. */
  readonly relayOnly: boolean;
  /** Let a second call wait, instead of being busy, while talking on this device. */
  readonly callWaiting: boolean;
}

export const preferences = createStore<Preferences>({ theme: "system", relayOnly: false, callWaiting: true });

export async function loadPreferences(): Promise<void> {
  const theme = await readKept("device", "theme");
  preferences.set({
    theme: theme === "light" || theme === "dark" ? theme : "system",
    callWaiting: (await readKept("device", "call-waiting")) !== "0",
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
