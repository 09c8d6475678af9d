/** Keeps the screen on while a call is shown. Browsers take the lock away when the page is hidden: it is asked for anew. */
export function stayAwake(): () => void {
  let lock: WakeLockSentinel | null = null;
  let over = false;
  const ask = (): void => {
    if (document.visibilityState !== "visible" || navigator.wakeLock === undefined) return;
    navigator.wakeLock
      .request("screen")
      .then((got) => {
        if (over) void got.release();
        else lock = got;
      })
      .catch(() => undefined);
  };
  ask();
  document.addEventListener("visibilitychange", ask);
  return () => {
    over = true;
    document.removeEventListener("visibilitychange", ask);
    void lock?.release();
  };
}
