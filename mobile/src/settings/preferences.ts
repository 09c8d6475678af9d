import { createStore } from "../ui/store";
import { pageQuery } from "./pageOrigin";
import { readKept, writeKept } from "./storage";

export interface Preferences {
  readonly theme: "system" | "light" | "dark";
  /** Send media through the server's relay only, so that the other side does not learn this device's address. */
  readonly relayOnly: boolean;
  /** Let a second call wait, instead of being busy, while talking on this device. */
  readonly callWaiting: boolean;
}

export const preferences = createStore<Preferences>({ theme: "system", relayOnly: false, callWaiting: true });

export async function loadPreferences(): Promise<void> {
  const theme = await readKept("device", "theme");
  const relay = await readKept("device", "relay-only");
  preferences.set({
    theme: theme === "light" || theme === "dark" ? theme : "system",
    callWaiting: (await readKept("device", "call-waiting")) !== "0",
    relayOnly: relay === "1" || pageQuery("relay") === "1",
  });
}

export async function setTheme(theme: Preferences["theme"]): Promise<void> {
  preferences.set({ ...preferences.get(), theme });
  await writeKept("device", "theme", theme);
}

export async function setRelayOnly(relayOnly: boolean): Promise<void> {
  preferences.set({ ...preferences.get(), relayOnly });
  await writeKept("device", "relay-only", relayOnly ? "1" : "0");
}

export async function setCallWaiting(callWaiting: boolean): Promise<void> {
  preferences.set({ ...preferences.get(), callWaiting });
  await writeKept("device", "call-waiting", callWaiting ? "1" : "0");
}
