import { randomUUID } from "expo-crypto";

/** A UUID, version 4. */
export function randomId(): string {
  return randomUUID();
}
