/**
 * The description with an Opus that repairs small losses by itself (in-band FEC) and falls silent when nobody speaks (DTX):
 * what a receiver asks for, in RFC 7587, section 6.1. The payload types of all else stay as they are.
 */
export function withRobustVoice(sdp: string): string {
  const opus = [...sdp.matchAll(/^a=rtpmap:(\d+) opus\/48000\/2[ \t]*\r?$/gim)].flatMap(([, type]) => type ?? []);
  return opus.reduce((description, type) => withParameters(description, type, { useinbandfec: "1", usedtx: "1" }), sdp);
}

function withParameters(sdp: string, payloadType: string, wanted: Readonly<Record<string, string>>): string {
  const line = new RegExp(`^a=fmtp:${payloadType} ([^\\r\\n]*)`, "m");
  const before = line.exec(sdp)?.[1];
  const kept = (before ?? "")
    .split(";")
    .map((one) => one.trim())
    .filter((one) => one !== "" && !((one.split("=")[0] ?? "") in wanted));
  const all = [...kept, ...Object.entries(wanted).map(([name, value]) => `${name}=${value}`)].join(";");
  if (before !== undefined) return sdp.replace(line, () => `a=fmtp:${payloadType} ${all}`);
  const codec = new RegExp(`^a=rtpmap:${payloadType} [^\\r\\n]*`, "m");
  return sdp.replace(codec, (map) => `${map}\r\na=fmtp:${payloadType} ${all}`);
}

/** Codecs with RED (RFC 2198) in front: each packet carries the one before again, so that a lost one is not heard. */
export function redundantFirst<C extends { readonly mimeType: string }>(codecs: readonly C[]): readonly C[] {
  const isRed = ({ mimeType }: C): boolean => mimeType.toLowerCase() === "audio/red";
  return [...codecs.filter(isRed), ...codecs.filter((codec) => !isRed(codec))];
}
