import { WORDS } from "./words";

/**
 * Whoever sits in between looks for a certificate by which the words of both sides agree, while the call comes up: among 2^64. Four words
 * would be 2^32, which a graphics card goes through in seconds, and six 2^48, for which a hundred of them need a minute or two.
 */
export const SAFETY_WORDS = 8;

/** The words of the SHA-256 of that text. */
export function wordsOf(digest: Uint8Array): readonly string[] {
  return [...digest.subarray(0, SAFETY_WORDS)].flatMap((byte) => WORDS[byte] ?? []);
}
