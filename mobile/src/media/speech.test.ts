import { expect, it } from "vitest";
import { isSpeaking, listen, LISTEN_MS, SILENCE } from "./speech";

/** Whether somebody is taken to speak after each of these levels. */
function spoken(levels: readonly number[]): boolean[] {
  let speech = SILENCE;
  return levels.map((level, at) => {
    speech = listen(speech, level, at * LISTEN_MS);
    return isSpeaking(speech, at * LISTEN_MS);
  });
}

it("a word is speech, and what follows it for some seconds", () => {
  const word = spoken([...Array<number>(5).fill(0.05), ...Array<number>(60).fill(0.001)]);
  expect(word.indexOf(true)).toBe(3);
  expect(word.lastIndexOf(true)).toBe(4 + 29);
});

it("a door is none, however loud", () => {
  expect(spoken([0.9, 0.9, 0.4, ...Array<number>(20).fill(0.001)])).not.toContain(true);
});

it("a room is none, however long", () => {
  expect(spoken(Array<number>(600).fill(0.01))).not.toContain(true);
});
