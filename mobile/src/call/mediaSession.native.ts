export interface MediaSessionOptions {
  readonly name: string;
  readonly audio: boolean;
  readonly video: boolean;
  readonly toggleMicrophone: () => void;
  readonly toggleCamera: () => void;
  readonly hangUp: () => void;
}

/** Phones have no such session. */
export function followMediaSession(_options: MediaSessionOptions): () => void {
  return () => undefined;
}
