import { describe, expect, it } from "vitest";
import type { PeerConnection } from "../peer/webrtc";
import { limitSenders } from "./limitSender";
import { limitsFor, sameLimits } from "./limits";

const CALL = { relayed: false, screen: false, lessData: false, picture: "flowing" } as const;

describe("who uses less data", () => {
  it.each([
    ["directly", {}],
    ["through the relay", { relayed: true }],
    ["of a screen", { screen: true }],
  ])("sends a smaller picture %s, with fewer images", (_how, call) => {
    const limits = limitsFor({ ...CALL, ...call, lessData: true });
    expect(limits).toMatchObject({ videoKbps: 300, framesPerSecond: 15, audioKbps: 32 });
    expect(sameLimits(limits, limitsFor({ ...CALL, ...call }))).toBe(false);
  });

  it("is held to no more where the network carries less", () => {
    expect(limitsFor({ ...CALL, lessData: true, picture: "paused" }).videoKbps).toBeNull();
    expect(limitsFor({ ...CALL, lessData: true, picture: { trialKbps: 120 } }).videoKbps).toBe(120);
  });
});

it("is what the senders are told", async () => {
  const encodings = [{ active: true }, { active: true }];
  const senders = encodings.map((encoding) => ({
    getParameters: () => ({ encodings: [encoding] }),
    setParameters: async ({ encodings: [set] }: { encodings: object[] }) => void Object.assign(encoding, set),
  }));
  const connection = {
    getTransceivers: () => [
      { sender: senders[0], receiver: { track: { kind: "audio" } } },
      { sender: senders[1], receiver: { track: { kind: "video" } } },
    ],
  } as unknown as PeerConnection;
  await limitSenders(connection, limitsFor({ ...CALL, lessData: true }));
  expect(encodings).toEqual([
    { active: true, maxBitrate: 32_000 },
    { active: true, maxBitrate: 300_000, maxFramerate: 15 },
  ]);
});
