/** The other side's picture in a small window of its own, over whatever else is on the screen. */
let shown: HTMLVideoElement | null = null;

/** This is the picture it would be, until the function it answers is called. */
export function offersPicture(video: HTMLVideoElement): () => void {
  shown = video;
  return () => {
    if (shown === video) shown = null;
    if (document.pictureInPictureElement === video) document.exitPictureInPicture().catch(() => undefined);
  };
}

export function canDetachPicture(): boolean {
  return document.pictureInPictureEnabled === true;
}

/** Into a window of its own, or back. A browser that is not asked by a tap refuses, and all stays as it is. */
export function detachPicture(): void {
  const done =
    document.pictureInPictureElement !== null ? document.exitPictureInPicture() : shown?.requestPictureInPicture();
  done?.catch(() => undefined);
}
