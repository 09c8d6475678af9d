/** When others may learn this person's network addresses; docs/protocol.md, "Privacy of addresses". */
export type RelayPolicy = "direct" | "until-answered" | "always";

/** An older server knows of no such wish. */
export function readRelayPolicy(value: unknown): RelayPolicy {
  return value === "until-answered" || value === "always" ? value : "direct";
}
