import { expect, it } from "vitest";
import { redundantFirst, withRobustVoice } from "./voice";

const SDP = [
  "m=audio 9 UDP/TLS/RTP/SAVPF 63 111 0",
  "a=rtpmap:63 red/48000/2",
  "a=fmtp:63 111/111",
  "a=rtpmap:111 opus/48000/2",
  "a=rtcp-fb:111 transport-cc",
  "a=fmtp:111 minptime=10;useinbandfec=0",
  "a=rtpmap:0 PCMU/8000",
  "m=video 9 UDP/TLS/RTP/SAVPF 96 97",
  "a=rtpmap:96 VP8/90000",
  "a=rtpmap:97 rtx/90000",
  "a=fmtp:97 apt=96",
  "",
].join("\r\n");

it("asks for in-band FEC and DTX, keeps what else Opus was told, and touches nothing else", () => {
  expect(withRobustVoice(SDP)).toBe(SDP.replace("minptime=10;useinbandfec=0", "minptime=10;useinbandfec=1;usedtx=1"));
});

it("asks for it where Opus was told nothing", () => {
  const bare = SDP.replace("a=fmtp:111 minptime=10;useinbandfec=0\r\n", "");
  expect(withRobustVoice(bare)).toContain(
    "a=rtpmap:111 opus/48000/2\r\na=fmtp:111 useinbandfec=1;usedtx=1\r\na=rtcp-fb:111 transport-cc\r\n",
  );
});

it("says it once, however often it is asked", () => {
  expect(withRobustVoice(withRobustVoice(SDP))).toBe(withRobustVoice(SDP));
});

it.each(["", "m=audio 9 RTP/AVP 0\r\na=rtpmap:0 PCMU/8000\r\n"])("leaves a description without Opus alone", (sdp) => {
  expect(withRobustVoice(sdp)).toBe(sdp);
});

it("puts RED in front where there is one, and keeps the order of the others", () => {
  const names = (...mimeTypes: string[]): { mimeType: string }[] => mimeTypes.map((mimeType) => ({ mimeType }));
  expect(redundantFirst(names("audio/opus", "audio/red", "audio/PCMU"))).toEqual(
    names("audio/red", "audio/opus", "audio/PCMU"),
  );
  expect(redundantFirst(names("audio/opus", "audio/PCMU"))).toEqual(names("audio/opus", "audio/PCMU"));
});
