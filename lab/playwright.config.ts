/** Plain, because the packages are those of e2e/, beside this folder. */
export default {
  testDir: 'tests',
  outputDir: 'results/failures',
  // Each test fills the machine with browsers of its own, and takes the server's address for itself.
  workers: 1,
  fullyParallel: false,
  timeout: 240_000,
  expect: { timeout: 60_000 },
  forbidOnly: true,
  retries: 0,
  reporter: [['list']],
};
