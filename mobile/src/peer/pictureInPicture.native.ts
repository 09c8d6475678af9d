/** Phones' systems have a way of their own, which this app does not use. */
export function canDetachPicture(): boolean {
  return false;
}

export function detachPicture(): void {}
