/** A phone's app comes from no page. */
export function pageOrigin(): string | null {
  return null;
}

export function pageQuery(_name: string): string | null {
  return null;
}
