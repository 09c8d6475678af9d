/** Phones have no keys. */
export function onDetailsKey(_pressed: () => void): () => void {
  return () => undefined;
}
