import { describe, expect, it } from "vitest";
import { readProblem, timeOf } from "./http";

describe("a problem", () => {
  it("tells the detail, and what is wrong with each field", () => {
    const errors = [{ field: "username", message: "This name is taken." }, { nonsense: true }];
    const problem = readProblem(
      400,
      { title: "Bad Request", detail: "Some fields are wrong.", code: "x", errors },
      null,
    );
    expect(problem).toMatchObject({
      status: 400,
      detail: "Some fields are wrong.",
      code: "x",
      fields: { username: "This name is taken." },
    });
  });

  it("says when to try again", () => {
    expect(readProblem(429, { detail: "Too many tries." }, "30").detail).toBe(
      "Too many tries. Try again in 30 seconds.",
    );
  });

  it.each([401, 403, 404, 418, 500, 502])("%d has words of its own when the server says nothing", (status) => {
    expect(readProblem(status, {}, null).detail).toMatch(/\.$/);
  });
});

it.each([
  ["2026-01-02T03:04:05Z", 1_767_323_045_000],
  [1_767_323_045, 1_767_323_045_000],
  [1_767_323_045_000, 1_767_323_045_000],
  ["soon", null],
  [null, null],
])("%j is a time", (value, time) => {
  expect(timeOf(value)).toBe(time);
});
