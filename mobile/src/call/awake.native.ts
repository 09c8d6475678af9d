import { activateKeepAwakeAsync, deactivateKeepAwake } from "expo-keep-awake";

const TAG = "call";

/** Keeps the screen on while a call is shown. */
export function stayAwake(): () => void {
  activateKeepAwakeAsync(TAG).catch(() => undefined);
  return () => void deactivateKeepAwake(TAG).catch(() => undefined);
}
