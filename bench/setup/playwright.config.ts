/** Plain, because the packages are those of e2e/. */
export default {
  testDir: '.',
  testMatch: '*.bench.ts',
  outputDir: 'results/failures',
  workers: 1,
  fullyParallel: false,
  timeout: 7_200_000,
  expect: { timeout: 20_000 },
  forbidOnly: true,
  retries: 0,
  reporter: [['line']],
};
