import { expect, it } from "vitest";
import type { Verdict } from "./verdict";
import { troubleIn, verdictIn } from "./wording";

it.each<[Verdict, string | null]>([
  [{ grade: "good", side: "path" }, null],
  [{ grade: "fair", side: "own" }, "Your network is weak"],
  [{ grade: "poor", side: "far" }, "Bob’s network is poor"],
  [{ grade: "poor", side: "path" }, "The connection is poor"],
])("%o is told as %s", (verdict, words) => {
  expect(troubleIn(verdict, "Bob")).toBe(words);
});

it("tells a screen reader of a good connection, too", () => {
  expect(verdictIn({ grade: "good", side: "path" }, "Bob")).toBe("The connection is good");
});
