import type { Keep } from "../settings/storage";

/** Each tab of a browser rings for itself. */
export const KEEP_DEVICE: Keep = "tab";

export function describeDevice(): { name: string; platform: string } {
  const agent = navigator.userAgent;
  const browser = /Firefox\//.test(agent)
    ? "Firefox"
    : /Edg\//.test(agent)
      ? "Edge"
      : /Chrome\//.test(agent)
        ? "Chrome"
        : /Safari\//.test(agent)
          ? "Safari"
          : "Browser";
  const system = /Android/.test(agent)
    ? "Android"
    : /iPhone|iPad/.test(agent)
      ? "iOS"
      : /Mac OS/.test(agent)
        ? "macOS"
        : /Windows/.test(agent)
          ? "Windows"
          : /Linux/.test(agent)
            ? "Linux"
            : "";
  return { name: system === "" ? browser : `${browser} on ${system}`, platform: "web" };
}
