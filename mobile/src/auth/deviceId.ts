import { randomId } from "../settings/randomId";
import { readKept, writeKept } from "../settings/storage";
import { KEEP_DEVICE } from "./devicePlatform";

/** This device's id for signaling: a phone keeps it, and so does a browser tab, for as long as the tab is there. */
export async function deviceId(): Promise<string> {
  const kept = await readKept(KEEP_DEVICE, "device-id");
  if (kept !== null) return kept;
  const id = randomId();
  await writeKept(KEEP_DEVICE, "device-id", id);
  return id;
}
