import { describe, expect, it } from "vitest";
import { readProblem } from "./http";

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
