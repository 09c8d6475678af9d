import { fingerprintsIn } from "../peer/sdp";

/**
 * What two people compare to hear whether anybody sits between them. Media is encrypted for whoever has the certificate whose fingerprint
 * the descriptions tell (RFC 8827, section 5.6.4), and those go through the server.
 */

/** What the words are made from, the same on both sides; `null` unless both descriptions tell a fingerprint. */
export function safetyText(oneSdp: string, otherSdp: string): string | null {
  const sides = [fingerprintsIn(oneSdp), fingerprintsIn(otherSdp)];
  return sides.includes("") ? null : sides.sort().join("\n");
}
