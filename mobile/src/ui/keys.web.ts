import { preferences } from "../settings/preferences";

/**
 * Calls back each time this key is pressed alone, outside of a field; stops with the function it answers. Letters do nothing for
 * who has switched them off: https://www.w3.org/TR/WCAG22/#character-key-shortcuts
 */
export function onKey(key: string, pressed: () => void): () => void {
  const heard = (event: KeyboardEvent): void => {
    const writing = event.target instanceof HTMLElement && event.target.matches("input, textarea, [contenteditable]");
    if (writing || event.repeat || event.ctrlKey || event.metaKey || event.altKey) return;
    if (key.length === 1 && !preferences.get().shortcuts) return;
    if (event.key.toLowerCase() === key) pressed();
  };
  document.addEventListener("keydown", heard);
  return () => document.removeEventListener("keydown", heard);
}
