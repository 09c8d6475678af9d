const FOCUSABLE = "button, [role=button], input, a[href], [tabindex='0']";

/**
 * Keeps the keyboard inside a dialog while it is open: focus goes in, Tab goes round, Escape closes; afterwards focus goes
 * back to where it was. https://www.w3.org/WAI/ARIA/apg/patterns/dialog-modal/
 */
export function holdFocus(container: unknown, onEscape: () => void): () => void {
  if (!(container instanceof HTMLElement)) return () => undefined;
  const before = document.activeElement;
  if (!container.contains(before)) container.focus();
  const keys = (event: KeyboardEvent): void => {
    if (event.key === "Escape") onEscape();
    if (event.key !== "Tab") return;
    const all = [...container.querySelectorAll<HTMLElement>(FOCUSABLE)];
    const first = all[0];
    const last = all[all.length - 1];
    if (first === undefined || last === undefined) return;
    const here = document.activeElement;
    if (event.shiftKey && (here === first || here === container)) {
      event.preventDefault();
      last.focus();
    } else if (!event.shiftKey && here === last) {
      event.preventDefault();
      first.focus();
    }
  };
  document.addEventListener("keydown", keys);
  return () => {
    document.removeEventListener("keydown", keys);
    if (before instanceof HTMLElement) before.focus();
  };
}

/** Where the keyboard is. */
export function focused(): unknown {
  return document.activeElement;
}

/** Brings the keyboard there, unless it is inside already. */
export function takeFocus(container: unknown): void {
  if (container instanceof HTMLElement && !container.contains(document.activeElement)) container.focus();
}
