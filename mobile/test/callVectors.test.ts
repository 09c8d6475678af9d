import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { play, type Vector } from "./callVectors";

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

  it("fails a vector that leaves a message out", () => {
    const steps = [{ at: 0, device: "a1", does: "call", user: "bob", callId: "c1", media: "video" }];
    expect(play({ title: "", devices: { alice: ["a1"] }, steps })).toHaveLength(1);
  });
});
