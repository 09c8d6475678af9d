/**
 * Small things kept: `device` for this browser profile, `tab` for this tab only. Where the browser keeps nothing (private
 * modes, blocked storage) they last as long as the page.
 */
export type Keep = "device" | "tab";

const fallback = new Map<string, string>();

export async function readKept(keep: Keep, key: string): Promise<string | null> {
  try {
    return storage(keep).getItem(`kith.${key}`);
  } catch {
    return fallback.get(keep + key) ?? null;
  }
}

export async function writeKept(keep: Keep, key: string, value: string | null): Promise<void> {
  try {
    if (value === null) storage(keep).removeItem(`kith.${key}`);
    else storage(keep).setItem(`kith.${key}`, value);
  } catch {
    if (value === null) fallback.delete(keep + key);
    else fallback.set(keep + key, value);
  }
}

function storage(keep: Keep): Storage {
  return keep === "device" ? localStorage : sessionStorage;
}

/** Runs `job` while no other tab of this profile runs one of the same name. */
export async function exclusively<T>(name: string, job: () => Promise<T>): Promise<T> {
  if (typeof navigator === "undefined" || navigator.locks === undefined) return job();
  return navigator.locks.request(`kith.${name}`, job);
}
