/** Calls back each time the key D is pressed alone, outside of a field; stops with the function it answers. */
export function onDetailsKey(pressed: () => void): () => void {
  const heard = (event: KeyboardEvent): void => {
    const writing = event.target instanceof HTMLElement && event.target.matches("input, textarea, [contenteditable]");
    if (writing || event.repeat || event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key.toLowerCase() === "d") pressed();
  };
  document.addEventListener("keydown", heard);
  return () => document.removeEventListener("keydown", heard);
}
