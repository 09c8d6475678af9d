import { CryptoDigestAlgorithm, digest } from "expo-crypto";

export async function sha256(text: string): Promise<Uint8Array> {
  // Fingerprints are ASCII.
  const bytes = Uint8Array.from(text, (character) => character.charCodeAt(0));
  return new Uint8Array(await digest(CryptoDigestAlgorithm.SHA256, bytes));
}
