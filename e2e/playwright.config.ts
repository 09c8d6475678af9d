import { defineConfig } from '@playwright/test';

export default defineConfig({
  testDir: 'tests',
  outputDir: 'results/failures',
  // Two browsers that encode 720p fill two cores: one call at a time.
  workers: 1,
  fullyParallel: false,
  timeout: 240_000,
  expect: { timeout: 30_000 },
  forbidOnly: true,
  // Real browsers on a machine that others use: what fails once and then passes is told as flaky, and is a bug to mend.
  retries: 1,
  reporter: [['list']],
});
