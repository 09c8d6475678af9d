import { createStore } from "../ui/store";
import { pageQuery } from "./pageOrigin";
import { readKept, writeKept } from "./storage";

export interface Preferences {
  readonly theme: "system" | "light" | "dark";
  /** This page was opened with `?relay=1`: media goes through the relay, whatever anybody wishes. For tests of a relay. */
  readonly relayOnly: boolean;
}

export const preferences = createStore<Preferences>({ theme: "system", relayOnly: false });

export async function loadPreferences(): Promise<void> {
  const theme = await readKept("device", "theme");
  preferences.set({
    theme: theme === "light" || theme === "dark" ? theme : "system",
    relayOnly: pageQuery("relay") === "1",
  });
}

export async function setTheme(theme: Preferences["theme"]): Promise<void> {
  preferences.set({ ...preferences.get(), theme });
  await writeKept("device", "theme", theme);
}
