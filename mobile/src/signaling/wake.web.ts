/** Tells when trying again may be worth it: the network is back, or the page is looked at again. */
export function onWake(wake: () => void): () => void {
  const seen = (): void => {
    if (document.visibilityState === "visible") wake();
  };
  window.addEventListener("online", wake);
  document.addEventListener("visibilitychange", seen);
  return () => {
    window.removeEventListener("online", wake);
    document.removeEventListener("visibilitychange", seen);
  };
}

/** Tells when the page goes away for good. */
export function onLeave(leave: () => void): () => void {
  window.addEventListener("pagehide", leave);
  return () => window.removeEventListener("pagehide", leave);
}
