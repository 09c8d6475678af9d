import { expect, test } from '../src/family.ts';

test('a headset that is pulled out makes way for another microphone, and the voice goes on', async ({ family }) => {
  const alice = await family.arrives('alice');
  const bob = await family.arrives('bob');
  await alice.talksTo(bob);

  await alice.losesItsOwn('audio');

  await expect(alice.page.getByTestId('microphone-help')).toContainText('Another one is used now');
  await bob.hears();
  await expect(bob.page.getByTestId('far-muted')).toHaveCount(0);
  await alice.tap('help-close');
  await expect(alice.page.getByTestId('microphone-help')).toHaveCount(0);
  await alice.hangsUp();
  await alice.hasLetGoOfEverything();
});

test('a camera that is unplugged leaves the voice, is told of on both sides, and can be turned on again', async ({
  family,
}) => {
  const alice = await family.arrives('alice');
  const bob = await family.arrives('bob');
  await alice.talksTo(bob);

  await alice.losesItsOwn('video');

  await expect(alice.page.getByTestId('camera-help')).toContainText('went away');
  await expect(bob.page.getByTestId('far-camera-off')).toBeVisible();
  await bob.hears();
  await alice.togglesCamera();
  await expect(alice.page.getByTestId('camera-help')).toHaveCount(0);
  await bob.seesAndHears();
});
