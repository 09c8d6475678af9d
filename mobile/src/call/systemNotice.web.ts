import { preferences } from "../settings/preferences";
import type { Notice } from "./notices";

/** Android's browsers notify through a service worker only, which this page does not have. */
export function canNotify(): boolean {
  return typeof Notification === "function" && !navigator.userAgent.includes("Android");
}

/** Asks the person, where they were not asked before. */
export async function mayNotify(): Promise<boolean> {
  return (await Notification.requestPermission()) === "granted";
}

export function postNotice({ callId, title, detail, lasts }: Notice): () => void {
  const looking = document.visibilityState === "visible" && document.hasFocus();
  if (looking || !preferences.get().notices || !canNotify() || Notification.permission !== "granted")
    return () => undefined;
  const notice = new Notification(title, { body: detail, tag: callId, requireInteraction: lasts });
  notice.onclick = (): void => {
    window.focus();
    notice.close();
  };
  return () => notice.close();
}
