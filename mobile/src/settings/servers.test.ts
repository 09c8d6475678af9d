import { expect, it } from "vitest";
import { readServers } from "./servers";

it("is the page's own origin in the browser", () => {
  const origin = "https://kith.example";
  expect(readServers({}, origin)).toEqual({ api: origin, whisper: origin, streaming: origin });
});

it("is what a phone was built with", () => {
  expect(readServers({ api: "https://a.example/", streaming: " https://s.example " }, null)).toEqual({
    api: "https://a.example",
    whisper: "https://a.example",
    streaming: "https://s.example",
  });
});

it("is nowhere for a phone that was built without", () => {
  expect(readServers({ streaming: "https://s.example" }, null)).toBeNull();
});
