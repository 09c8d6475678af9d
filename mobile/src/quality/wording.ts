import type { Verdict } from "./verdict";

/** What people are told of how their call goes; `null` while there is nothing to tell. */
export function troubleIn({ grade, side }: Verdict, name: string): string | null {
  if (grade === "good") return null;
  const how = grade === "fair" ? "weak" : "poor";
  switch (side) {
    case "own":
      return `Your network is ${how}`;
    case "far":
      return `${name}’s network is ${how}`;
    case "path":
      return `The connection is ${how}`;
  }
}

/** For a screen reader, always something. */
export function verdictIn(verdict: Verdict, name: string): string {
  return troubleIn(verdict, name) ?? "The connection is good";
}
