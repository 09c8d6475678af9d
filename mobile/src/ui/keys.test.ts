import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { preferences } from "../settings/preferences";
import { onKey } from "./keys";

const before = preferences.get();
let page: EventTarget;

beforeEach(() => {
  page = new EventTarget();
  vi.stubGlobal("document", page);
  vi.stubGlobal("HTMLElement", class {});
});

afterEach(() => {
  preferences.set(before);
  vi.unstubAllGlobals();
});

/** What of these keys is heard by who listens to the M and to Escape. */
function heard(keys: readonly object[]): string[] {
  const all: string[] = [];
  const stops = ["m", "escape"].map((key) => onKey(key, () => all.push(key)));
  for (const key of keys) page.dispatchEvent(Object.assign(new Event("keydown"), key));
  stops.forEach((stop) => stop());
  page.dispatchEvent(Object.assign(new Event("keydown"), { key: "m" }));
  return all;
}

it("a key is heard alone, once a press, until nobody listens any more", () => {
  expect(heard([{ key: "M" }, { key: "x" }, { key: "Escape" }])).toEqual(["m", "escape"]);
  expect(
    heard([
      { key: "m", ctrlKey: true },
      { key: "m", metaKey: true },
      { key: "m", repeat: true },
    ]),
  ).toEqual([]);
});

it("letters do nothing for who has switched them off; Escape does", () => {
  preferences.set({ ...before, shortcuts: false });
  expect(heard([{ key: "m" }, { key: "Escape" }])).toEqual(["escape"]);
});
