import { expect, test } from '../src/family.ts';
import { talk } from '../src/person.ts';

test('Firefox calls, mutes, shows no camera for a while, and hangs up', async ({ family }) => {
  const alice = await family.arrives('alice', { kind: 'firefox' });
  const bob = await family.arrives('bob');

  await talk(alice, bob);
  await Promise.all([alice.seesAndHears(), bob.seesAndHears()]);

  await alice.togglesMute();
  await expect(bob.page.getByTestId('far-muted')).toBeVisible();
  await alice.togglesMute();
  await expect(bob.page.getByTestId('far-muted')).toHaveCount(0);
  await alice.togglesCamera();
  await expect(bob.page.getByTestId('far-camera-off')).toBeVisible();
  await alice.togglesCamera();
  await bob.seesAndHears();

  await alice.hangsUp();
  await Promise.all([alice.isBackInCircle(), bob.isBackInCircle()]);
  await Promise.all([alice.hasLetGoOfEverything(), bob.hasLetGoOfEverything()]);
});

test('Firefox answers, is muted by the other side, and hangs up', async ({ family }) => {
  const alice = await family.arrives('alice');
  const bob = await family.arrives('bob', { kind: 'firefox' });

  await talk(alice, bob);
  await Promise.all([alice.seesAndHears(), bob.seesAndHears()]);

  await alice.togglesMute();
  await expect(bob.page.getByTestId('far-muted')).toBeVisible();
  await alice.togglesCamera();
  await expect(bob.page.getByTestId('far-camera-off')).toBeVisible();

  await bob.hangsUp();
  await Promise.all([alice.isBackInCircle(), bob.isBackInCircle()]);
  await Promise.all([alice.hasLetGoOfEverything(), bob.hasLetGoOfEverything()]);
});

test('Firefox declines a call, and takes back one of its own', async ({ family }) => {
  const alice = await family.arrives('alice');
  const bob = await family.arrives('bob', { kind: 'firefox' });

  await alice.calls(bob);
  await bob.isRungBy(alice);
  await bob.declines();
  await alice.reads(/declined/i);
  await alice.tap('call-ended-close');
  await Promise.all([alice.isBackInCircle(), bob.isBackInCircle()]);

  await bob.calls(alice);
  await alice.isRungBy(bob);
  await bob.cancels();
  await Promise.all([alice.isBackInCircle(), bob.isBackInCircle()]);
  await Promise.all([alice.hasLetGoOfEverything(), bob.hasLetGoOfEverything()]);
});

test('Firefox sends no packet before accepting, though the connection is warm', async ({ family }) => {
  const alice = await family.arrives('alice');
  const bob = await family.arrives('bob', { kind: 'firefox' });

  await alice.calls(bob);
  await bob.isRungBy(alice);
  await expect.poll(async () => (await bob.media()).connected, { message: 'warm while it rings' }).toBe(1);
  expect((await bob.media()).packetsSent).toBe(0);

  await bob.accepts();
  await alice.seesAndHears();
});
