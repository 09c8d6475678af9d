import { describe, expect, it } from "vitest";
import { codeOf, pathOf, pathOfLink, routeOf, type Route } from "./route";

describe("a place", () => {
  it.each<Route>([
    { to: "circles" },
    { to: "circle", id: "a/b c?" },
    { to: "invite", code: "7kQm2xVbT9" },
    { to: "history" },
    { to: "settings" },
  ])("$to is found again by its path", (route) => {
    expect(routeOf(pathOf(route))).toEqual(route);
  });

  it.each(["/nowhere", "/i/", "/c/%E0%A4%A", "", "/i/%zz"])("%s leads to the circles", (path) => {
    expect(routeOf(path)).toEqual({ to: "circles" });
  });
});

describe("an invite", () => {
  it.each(["https://kith.example/i/abc123", "kith://i/abc123", "/i/abc123", "abc123", "  abc123\n"])(
    "is found in %j",
    (pasted) => {
      expect(codeOf(pasted)).toBe("abc123");
    },
  );

  it.each(["", "two words", "https://kith.example/", "<script>"])("is not found in %j", (pasted) => {
    expect(codeOf(pasted)).toBeNull();
  });

  it("keeps its code whatever the host", () => {
    expect(pathOfLink("http://192.0.2.7:3001/i/x?relay=1")).toBe("/i/x?relay=1");
  });
});
