/** The browser's address bar and its back button. */
export function openAt(opened: (path: string) => void): () => void {
  opened(location.pathname);
  const popped = (): void => opened(location.pathname);
  window.addEventListener("popstate", popped);
  return () => window.removeEventListener("popstate", popped);
}

export function pushPath(path: string): void {
  history.pushState(null, "", path + location.search);
}

export function replacePath(path: string): void {
  history.replaceState(null, "", path + location.search);
}

/** The refresh token of a sign-in link (`#token=...`), taken out of the address and the history at once. */
export function takeLinkToken(): string | null {
  const token = new URLSearchParams(location.hash.slice(1)).get("token");
  if (token === null) return null;
  history.replaceState(null, "", location.pathname + location.search);
  return token === "" ? null : token;
}
