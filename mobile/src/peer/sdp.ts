/** The session id in the origin line: the same for all descriptions of one peer connection (RFC 8829, section 5.2.2). */
export function sessionOf(sdp: string): string | null {
  return /^o=\S+ (\d+) /m.exec(sdp)?.[1] ?? null;
}

/** All fingerprints of a description (RFC 8122, section 5), each once, in an order that no side chooses. */
export function fingerprintsIn(sdp: string): string {
  const lines = [...sdp.matchAll(/^a=fingerprint:(\S+) ([0-9a-f:]+)/gim)];
  const fingerprints = lines.map(([, hash = "", value = ""]) => `${hash.toLowerCase()} ${value.toUpperCase()}`);
  return [...new Set(fingerprints)].sort().join(" ");
}

/**
 * Whether both describe the same peer connection, which has its certificate for good
 * (https://www.w3.org/TR/webrtc/#set-the-configuration). Whoever sits in between could else look for others that make the same safety
 * words, once he has seen the ones of both sides.
 */
export function areOfOneConnection(one: string, other: string): boolean {
  return sessionOf(one) === sessionOf(other) && fingerprintsIn(one) === fingerprintsIn(other);
}

/** The ICE generation a candidate belongs to: its `ufrag` extension (RFC 8839, section 5.1), if it has one. */
export function usernameFragmentOf(candidate: string): string | null {
  return / ufrag (\S+)/.exec(candidate)?.[1] ?? null;
}

/** The ICE generation of each part of a description: its `ice-ufrag` attributes (RFC 8839, section 5.4). */
export function usernameFragmentsOf(sdp: string): ReadonlySet<string> {
  return new Set([...sdp.matchAll(/^a=ice-ufrag:(\S+)/gm)].flatMap(([, fragment]) => fragment ?? []));
}

/**
 * The description with `x-google-start-bitrate` (kbit/s) for each video codec: with it libwebrtc, which knows no other way,
 * begins its bandwidth estimate there. Who applies a description sends by it.
 */
export function startingAt(sdp: string, kbits: number): string {
  const codecs = [...sdp.matchAll(/^a=rtpmap:(\d+) (?:VP8|VP9|H264|H265|AV1)\/90000/gm)].flatMap(
    ([, type]) => type ?? [],
  );
  return codecs.reduce((description, type) => {
    const parameters = new RegExp(`^a=fmtp:${type} [^\r\n]*`, "m");
    if (parameters.test(description)) {
      return description.replace(parameters, (line) => `${line};x-google-start-bitrate=${kbits}`);
    }
    const codec = new RegExp(`^a=rtpmap:${type} [^\r\n]*`, "m");
    return description.replace(codec, (line) => `${line}\r\na=fmtp:${type} x-google-start-bitrate=${kbits}`);
  }, sdp);
}

/**
 * The description with its tracks, which belong to no stream, in one (RFC 8830): a client that shows `streams[0]` finds it
 * there, and libwebrtc keeps sound and picture of a stream in time with each other, and no others.
 */
export function inOneStream(sdp: string): string {
  return sdp.replace(/^(a=(?:ssrc:\d+ )?msid:)- /gm, "$1kith ");
}

/** The answer, with a word on which offer it answers: one that lay in a queue may come when another offer waits. */
export function answering(answer: string, offer: string): string {
  const origin = originOf(offer);
  return origin === null ? answer : withLine(answer, `a=kith-answers:${origin}`);
}

/** Whether the answer may be one to this offer: of other clients' answers that is not known. */
export function isAnswerTo(answer: string, offer: string): boolean {
  const answered = /^a=kith-answers:(.+?)\r?$/m.exec(answer)?.[1];
  return answered === undefined || answered === originOf(offer);
}

/** The offer of a connection that belongs with another one already, with a word on which: `theirs` describes it. */
export function continuing(offer: string, theirs: string): string {
  const session = sessionOf(theirs);
  return session === null ? offer : withLine(offer, `a=kith-continues:${session}`);
}

/** The session that the offer goes on with; `null` if it begins, or comes from a client that does not say. */
export function continuedBy(offer: string): string | null {
  return /^a=kith-continues:(\d+)\r?$/m.exec(offer)?.[1] ?? null;
}

/** A line for the whole description stands ahead of the first medium. */
function withLine(sdp: string, line: string): string {
  const media = /^m=/m.exec(sdp)?.index ?? sdp.length;
  return `${sdp.slice(0, media)}${line}\r\n${sdp.slice(media)}`;
}

/** Session id and version in the origin line (RFC 8866, section 5.2): no two offers of a connection share them. */
function originOf(sdp: string): string | null {
  return /^o=\S+ (\d+ \d+) /m.exec(sdp)?.[1] ?? null;
}
