/** @type {import('jest').Config} */
module.exports = {
  preset: "jest-expo/web",
  testMatch: ["<rootDir>/src/**/*.component.test.tsx"],
};
