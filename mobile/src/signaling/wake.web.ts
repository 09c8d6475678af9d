/** Tells when trying again may be worth it: the network is back, or the page is looked at again. */
export function onWake(wake: () => void): () => void {
  const seen = (): void => {
    if (document.visibilityState === "visible") wake();
  };
  window.addEventListener("online", wake);
  window.addEventListener("pageshow", seen);
  document.addEventListener("visibilitychange", seen);
  document.addEventListener("resume", wake);
  return () => {
    window.removeEventListener("pageshow", seen);
    document.removeEventListener("resume", wake);
    window.removeEventListener("online", wake);
    document.removeEventListener("visibilitychange", seen);
  };
}

/** Tells when the page goes away, be it for good or to be loaded anew, and when it stayed after all. */
export function onLeave(leave: () => void, stayed: () => void): () => void {
  window.addEventListener("pagehide", leave);
  window.addEventListener("pageshow", stayed);
  return () => {
    window.removeEventListener("pagehide", leave);
    window.removeEventListener("pageshow", stayed);
  };
}
