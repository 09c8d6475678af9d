import { defineConfig } from "vitest/config";

// Pure things, and what is of browsers: what renders, and what is of phones, is tested by jest-expo (*.component.test.tsx, *.native.test.tsx).
export default defineConfig({
  resolve: { extensions: [".web.ts", ".web.tsx", ".ts", ".tsx", ".mjs", ".js", ".json"] },
  test: {
    include: ["src/**/*.test.ts", "test/**/*.test.ts"],
    environment: "node",
    passWithNoTests: false,
    // Some walk through thousands of calls: on a busy machine that takes longer than the five seconds there are otherwise.
    testTimeout: 60_000,
  },
});
