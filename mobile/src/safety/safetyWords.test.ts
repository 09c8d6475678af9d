import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { safetyText } from "./safetyText";
import { SAFETY_WORDS, wordsOf } from "./safetyWords";
import { WORDS } from "./words";

interface Vector {
  readonly title: string;
  readonly one: string;
  readonly other: string;
  readonly words: readonly string[] | null;
}

const VECTORS = JSON.parse(
  readFileSync(join(__dirname, "../../../protocol/vectors/safety-words.json"), "utf8"),
) as readonly Vector[];

function wordsFor(one: string, other: string): readonly string[] | null {
  const text = safetyText(one, other);
  return text === null ? null : wordsOf(createHash("sha256").update(text).digest());
}

describe("the words of a call", () => {
  it.each(VECTORS)("$title", ({ one, other, words }) => {
    expect(wordsFor(one, other)).toEqual(words);
    expect(wordsFor(other, one)).toEqual(words);
  });

  it("are others where somebody sits in between", () => {
    const fingerprint = (byte: string): string => `a=fingerprint:sha-256 ${Array(32).fill(byte).join(":")}\r\n`;
    const [alice, mallory, bob] = [fingerprint("A1"), fingerprint("3F"), fingerprint("B0")];
    expect(wordsFor(alice, mallory)).not.toEqual(wordsFor(mallory, bob));
    // Told beside the right one, it would be another text, too.
    expect(wordsFor(alice, bob + mallory)).not.toEqual(wordsFor(alice, bob));
  });
});

it("there is a word for each byte, easy to tell from all others", () => {
  expect(WORDS).toHaveLength(256);
  expect(new Set(WORDS).size).toBe(256);
  for (const word of WORDS) expect(word).toMatch(/^[a-z]{3,9}$/);
  expect([...WORDS].sort()).toEqual(WORDS);
  expect(wordsOf(new Uint8Array(32))).toHaveLength(SAFETY_WORDS);
});
