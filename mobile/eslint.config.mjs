import expo from "eslint-config-expo/flat.js";

export default [
  { ignores: ["**/*.json", "dist/**", "node_modules/**", "ios/**", "android/**", ".expo/**"] },
  ...expo,
  {
    files: ["**/*.ts", "**/*.tsx"],
    rules: {
      "@typescript-eslint/no-explicit-any": "error",
      "@typescript-eslint/consistent-type-imports": "error",
      "@typescript-eslint/array-type": "off",
      "no-console": "error",
      eqeqeq: "error",
      "prefer-const": "error",
    },
  },
];
