import { expect, test } from '../src/family.ts';

const DESKTOP = { width: 1280, height: 800 };

test('a missed call is news on every device until it is looked at', async ({ family }) => {
  const [alice, bob] = [await family.arrives('alice'), await family.arrives('bob', { viewport: DESKTOP })];
  const tablet = await family.arrives('bob', { viewport: DESKTOP });
  await alice.calls(bob);
  await bob.isRungBy(alice);
  await alice.cancels();
  for (const device of [bob, tablet]) {
    await expect(device.page.getByTestId('history-badge')).toHaveText('1');
  }

  await tablet.tap('history-open');

  await expect(tablet.page.getByText('New', { exact: true })).toBeVisible();
  await expect(bob.page.getByTestId('history-badge')).toHaveCount(0);
  await bob.tap('history-open');
  await bob.reads(/Missed video call/);
  await expect(bob.page.getByText('New', { exact: true })).toHaveCount(0);
});
