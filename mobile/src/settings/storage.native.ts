import * as SecureStore from "expo-secure-store";

/** Small things kept in the keychain: `device` for good, `tab` while the app runs. */
export type Keep = "device" | "tab";

const whileRunning = new Map<string, string>();

export async function readKept(keep: Keep, key: string): Promise<string | null> {
  return keep === "tab" ? (whileRunning.get(key) ?? null) : SecureStore.getItemAsync(`kith.${key}`);
}

export async function writeKept(keep: Keep, key: string, value: string | null): Promise<void> {
  if (keep === "tab") {
    if (value === null) whileRunning.delete(key);
    else whileRunning.set(key, value);
    return;
  }
  if (value === null) await SecureStore.deleteItemAsync(`kith.${key}`);
  else await SecureStore.setItemAsync(`kith.${key}`, value);
}

/** One app, one process: nobody to exclude. */
export async function exclusively<T>(_name: string, job: () => Promise<T>): Promise<T> {
  return job();
}
