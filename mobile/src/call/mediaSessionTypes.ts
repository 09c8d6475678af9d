/** A call as the browser's own controls show it, and what they can do with it. */
export interface MediaSessionOptions {
  readonly name: string;
  readonly audio: boolean;
  readonly video: boolean;
  readonly toggleMicrophone: () => void;
  readonly toggleCamera: () => void;
  readonly hangUp: () => void;
}
