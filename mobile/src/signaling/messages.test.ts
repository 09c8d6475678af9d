import { describe, expect, it } from "vitest";
import { readAck, readIceServers, readServerMessage, SERVER_EVENTS } from "./messages";

describe("a message from the server", () => {
  it("is read with what it names, and with defaults for the rest", () => {
    const payload = { callId: "c1", from: "bob", device: "b1", name: "Bob", expiresInMs: 45_000 };
    expect(readServerMessage("call-offer", payload)).toEqual({
      event: "call-offer",
      callId: "c1",
      from: "bob",
      device: "b1",
      name: "Bob",
      circleId: null,
      media: "video",
      state: null,
      offer: null,
      replaces: null,
      waiting: false,
      expiresInMs: 45_000,
      iceServers: [],
      relay: "direct",
    });
  });

  it("carries single candidates and batches alike, and none for the end of them", () => {
    const call = { callId: "c1", device: "b1" };
    const one = { candidate: "candidate:1", sdpMid: "0", sdpMLineIndex: 0 };
    const candidates = (payload: object): unknown => {
      const message = readServerMessage("ice-candidate", { ...call, ...payload });
      return message?.event === "ice-candidate" ? message.candidates.map(({ candidate }) => candidate) : null;
    };
    expect(candidates({ candidate: one })).toEqual(["candidate:1"]);
    expect(candidates({ candidates: [one, null, 7, one] })).toEqual(["candidate:1", "candidate:1"]);
    expect(candidates({ candidate: null })).toEqual([]);
  });

  it("names the device that took a call, if that told its name", () => {
    const taken = { callId: "c1", outcome: "declined", device: "b2" };
    expect(readServerMessage("call-elsewhere", taken)).toMatchObject({
      elsewhere: { outcome: "declined", deviceName: null },
    });
    expect(readServerMessage("call-elsewhere", { ...taken, deviceName: "Firefox on Linux" })).toMatchObject({
      elsewhere: { outcome: "declined", deviceName: "Firefox on Linux" },
    });
  });

  it("says what the server knows of this side's media, if it knows anything", () => {
    const state = { callId: "c1", state: "active" };
    expect(readServerMessage("call-state", state)).toMatchObject({ ownMedia: null });
    expect(readServerMessage("call-state", { ...state, ownMedia: { audio: true, screen: "yes" } })).toMatchObject({
      ownMedia: { audio: true, video: false, screen: false, paused: false },
    });
  });

  it("does not take a description that is none, or without end", () => {
    const call = { callId: "c1", device: "b1" };
    expect(
      readServerMessage("call-description", { ...call, description: { type: "pranswer", sdp: "v=0" } }),
    ).toBeNull();
    const endless = { type: "offer", sdp: "x".repeat(300_000) };
    expect(readServerMessage("call-description", { ...call, description: endless })).toBeNull();
  });

  it.each(SERVER_EVENTS)("%s is dropped when it is nonsense", (event) => {
    for (const nonsense of [null, undefined, 7, "text", [], [{}]])
      expect(readServerMessage(event, nonsense)).toBeNull();
  });

  it.each(SERVER_EVENTS)("%s with fields of the wrong kind breaks nothing", (event) => {
    const wrong = { callId: 7, device: {}, from: [], state: "?", candidates: "?", offer: 1, iceServers: {}, error: 3 };
    expect(() => readServerMessage(event, wrong)).not.toThrow();
  });
});

describe("an acknowledgement", () => {
  it("tells what went wrong", () => {
    expect(readAck({ ok: false, error: { code: "busy", message: "In a call." } })).toEqual({
      ok: false,
      error: { code: "busy", message: "In a call." },
    });
  });

  it("that is none counts as a server that is not there", () => {
    for (const nonsense of [null, "ok", { ok: "yes" }])
      expect(readAck(nonsense)).toMatchObject({ ok: false, error: { code: "unavailable" } });
  });
});

describe("ICE servers", () => {
  it("are read whether they name one address or several, and left out when they name none", () => {
    expect(
      readIceServers([{ urls: "stun:a" }, { urls: ["turn:a", 7], username: "u", credential: "c" }, { urls: [] }, "x"]),
    ).toEqual([{ urls: ["stun:a"] }, { urls: ["turn:a"], username: "u", credential: "c" }]);
  });
});
