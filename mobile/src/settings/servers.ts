import { pageOrigin } from "./pageOrigin";

/**
 * Where the server is. In the browser all three default to the page's own origin; phones are built with
 * `EXPO_PUBLIC_API_BASE_URL` and, where signaling is elsewhere, the other two.
 */
export interface Servers {
  /** REST: `{api}/api/...` */
  readonly api: string;
  /** Messages between people: the Socket.IO server. */
  readonly whisper: string;
  /** Calls: the Socket.IO server that carries the signaling. */
  readonly streaming: string;
}

export function readServers(
  environment: { readonly api?: string; readonly whisper?: string; readonly streaming?: string },
  origin: string | null,
): Servers | null {
  const api = trimmed(environment.api) ?? origin;
  if (api === null) return null;
  const whisper = trimmed(environment.whisper) ?? api;
  return { api, whisper, streaming: trimmed(environment.streaming) ?? whisper };
}

function trimmed(url: string | undefined): string | null {
  const bare = url?.trim().replace(/\/+$/, "");
  return bare === undefined || bare === "" ? null : bare;
}

/** `null` on a phone that was built without an address. */
export const servers: Servers | null = readServers(
  {
    // Written out, each: the bundler puts the values in where it sees these names.
    api: process.env.EXPO_PUBLIC_API_BASE_URL,
    whisper: process.env.EXPO_PUBLIC_WHISPER_API_URL,
    streaming: process.env.EXPO_PUBLIC_STREAMING_SERVER_URL,
  },
  pageOrigin(),
);
