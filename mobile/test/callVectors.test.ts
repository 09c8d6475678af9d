import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { SERVER_EVENTS } from "../src/signaling/messages";
import { play, type Vector } from "./callVectors";

/** What a person or a browser can do, as protocol/README.md lists it. */
const DEEDS = [
  ...["call", "accept", "decline", "hangup", "media", "media-connected", "media-lost", "negotiation-failed"],
  ...["connect", "disconnect", "hold-and-answer", "end-and-answer", "decline-waiting", "swap", "resume", "end-held"],
  ...["dismiss", "leave-circle"],
];
const REQUESTS = [
  ...["call-offer", "call-ringing", "call-answer", "call-decline", "end-call", "call-description", "ice-candidate"],
  ...["call-connected", "call-media", "call-hold", "call-quality", "call-resume"],
];
const OF_NO_CALL: readonly string[] = ["presence", "history-changed", "server-draining", "error"];

const FOLDERS = [join(__dirname, "vectors/calls"), join(__dirname, "../../protocol/vectors/calls")];

const vectors = FOLDERS.filter(existsSync).flatMap((folder) =>
  readdirSync(folder)
    .filter((name) => name.endsWith(".json"))
    .sort()
    .map((name) => ({ name, vector: JSON.parse(readFileSync(join(folder, name), "utf8")) as Vector })),
);

describe("a call, told step by step", () => {
  it.each(vectors)("$name: $vector.title", ({ vector }) => {
    expect(play(vector)).toEqual([]);
  });

  it("finds the shared vectors", () => {
    expect(vectors.length).toBeGreaterThan(20);
  });

  it("has everything done, and heard, that there is", () => {
    const steps = vectors.flatMap(({ vector }) => vector.steps);
    const told = new Set(steps.flatMap(({ does, sends, hears }) => [does, sends, hears && `hears ${hears}`]));
    const heard = SERVER_EVENTS.filter((event) => !OF_NO_CALL.includes(event)).map((event) => `hears ${event}`);
    expect([...DEEDS, ...REQUESTS, ...heard].filter((one) => !told.has(one))).toEqual([]);
  });

  it("fails a vector that leaves a message out", () => {
    const steps = [{ at: 0, device: "a1", does: "call", user: "bob", callId: "c1", media: "video" }];
    expect(play({ title: "", devices: { alice: ["a1"] }, steps })).toHaveLength(1);
  });
});
