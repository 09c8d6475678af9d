export function pageOrigin(): string | null {
  return typeof location === "undefined" ? null : location.origin;
}

/** `?name=value` of the page. */
export function pageQuery(name: string): string | null {
  return typeof location === "undefined" ? null : new URLSearchParams(location.search).get(name);
}
