import type { MediaSessionOptions } from "./mediaSessionTypes";

/** Phones have no such session. */
export function followMediaSession(_options: MediaSessionOptions): () => void {
  return () => undefined;
}
