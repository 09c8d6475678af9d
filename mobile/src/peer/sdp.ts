/** The session id in the origin line: the same for all descriptions of one peer connection (RFC 8829, section 5.2.2). */
export function sessionOf(sdp: string): string | null {
  return /^o=\S+ (\d+) /m.exec(sdp)?.[1] ?? null;
}

/** The ICE generation a candidate belongs to: its `ufrag` extension (RFC 8839, section 5.1), if it has one. */
export function usernameFragmentOf(candidate: string): string | null {
  return / ufrag (\S+)/.exec(candidate)?.[1] ?? null;
}

/** The ICE generation of each part of a description: its `ice-ufrag` attributes (RFC 8839, section 5.4). */
export function usernameFragmentsOf(sdp: string): ReadonlySet<string> {
  return new Set([...sdp.matchAll(/^a=ice-ufrag:(\S+)/gm)].flatMap(([, fragment]) => fragment ?? []));
}
