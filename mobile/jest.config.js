/** @type {import('jest').Config} */
module.exports = {
  preset: "jest-expo/ios",
  testMatch: ["<rootDir>/src/**/*.component.test.tsx", "<rootDir>/src/**/*.native.test.tsx"],
  setupFilesAfterEnv: ["<rootDir>/jest.setup.js"],
  // The first test waits for all of React Native to be transformed.
  testTimeout: 120_000,
};
