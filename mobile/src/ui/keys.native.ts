/** Phones have no keys. */
export function onKey(_key: string, _pressed: () => void): () => void {
  return () => undefined;
}
