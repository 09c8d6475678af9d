import { expect, it } from "vitest";
import {
  answering,
  continuedBy,
  continuing,
  inOneStream,
  isAnswerTo,
  sessionOf,
  startingAt,
  usernameFragmentOf,
  usernameFragmentsOf,
} from "./sdp";

it("reads which connection a description belongs to", () => {
  expect(sessionOf("v=0\r\no=- 4611731400430051336 2 IN IP4 127.0.0.1\r\ns=-\r\n")).toBe("4611731400430051336");
  expect(sessionOf("no description")).toBeNull();
});

it("reads which generation a candidate belongs to", () => {
  expect(usernameFragmentOf("candidate:1 1 udp 1 192.0.2.1 5 typ host generation 0 ufrag Ab+c network-id 1")).toBe(
    "Ab+c",
  );
  expect(usernameFragmentOf("candidate:1 1 udp 1 192.0.2.1 5 typ host")).toBeNull();
});

it("reads which generations a description is of", () => {
  expect(usernameFragmentsOf("a=ice-ufrag:Ab+c\r\na=ice-pwd:x\r\na=ice-ufrag:9/d\r\n")).toEqual(
    new Set(["Ab+c", "9/d"]),
  );
});

it("asks for a start bitrate in each video codec, and in nothing else", () => {
  const sdp = [
    "a=rtpmap:111 opus/48000/2",
    "a=fmtp:111 minptime=10",
    "a=rtpmap:96 VP8/90000",
    "a=rtpmap:97 rtx/90000",
    "a=fmtp:97 apt=96",
    "a=rtpmap:103 H264/90000",
    "a=fmtp:103 packetization-mode=1",
    "",
  ].join("\r\n");
  expect(startingAt(sdp, 800).split("\r\n")).toEqual([
    "a=rtpmap:111 opus/48000/2",
    "a=fmtp:111 minptime=10",
    "a=rtpmap:96 VP8/90000",
    "a=fmtp:96 x-google-start-bitrate=800",
    "a=rtpmap:97 rtx/90000",
    "a=fmtp:97 apt=96",
    "a=rtpmap:103 H264/90000",
    "a=fmtp:103 packetization-mode=1;x-google-start-bitrate=800",
    "",
  ]);
});

it("an answer says which offer it answers, ahead of the first medium", () => {
  const [offer, later, other] = ["o=- 7 2 IN IP4 0", "o=- 7 3 IN IP4 0", "o=- 8 2 IN IP4 0"].map(
    (origin) => `v=0\r\n${origin} 0\r\ns=-\r\nm=audio 9\r\n`,
  ) as [string, string, string];
  const answer = answering("v=0\r\no=- 9 2 IN IP4 0 0\r\ns=-\r\nm=audio 9\r\nm=video 9\r\n", offer);
  expect(answer.split("\r\n").slice(2, 5)).toEqual(["s=-", "a=kith-answers:7 2", "m=audio 9"]);
  expect([offer, later, other].map((one) => isAnswerTo(answer, one))).toEqual([true, false, false]);
});

it("an answer of a client that does not say so may answer any offer", () => {
  expect(isAnswerTo("o=- 9 2 IN IP4 0\r\n", "o=- 7 2 IN IP4 0\r\n")).toBe(true);
});

it("puts what is sent into one stream, and leaves one that is there", () => {
  const sdp = "m=audio\r\na=msid:- voice\r\nm=video\r\na=msid:- picture\r\na=ssrc:1 msid:- picture\r\n";
  expect(inOneStream(sdp)).toBe(
    "m=audio\r\na=msid:kith voice\r\nm=video\r\na=msid:kith picture\r\na=ssrc:1 msid:kith picture\r\n",
  );
  expect(inOneStream("a=msid:theirs picture\r\n")).toBe("a=msid:theirs picture\r\n");
});

it("an offer says which connection it goes on with, ahead of the first medium", () => {
  const first = "v=0\r\no=- 9 2 IN IP4 0 0\r\ns=-\r\nm=audio 9\r\n";
  const offer = continuing(first, "v=0\r\no=- 7 3 IN IP4 0\r\ns=-\r\n");
  expect(offer.split("\r\n").slice(2, 5)).toEqual(["s=-", "a=kith-continues:7", "m=audio 9"]);
  expect([offer, first].map(continuedBy)).toEqual(["7", null]);
  expect(continuing(first, "no description")).toBe(first);
});
