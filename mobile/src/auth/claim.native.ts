/** `taken` by another page, or `untold` where nobody can tell. */
export type Claim = "mine" | "taken" | "untold";

/** One app, one process: what is its own is nobody else's. */
export async function claim(_name: string): Promise<Claim> {
  return "mine";
}
