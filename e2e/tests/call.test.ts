import { expect, test } from '../src/family.ts';
import { GuideClient } from '../src/guideClient.ts';
import { historyOf, talk } from '../src/person.ts';

test('two people see and hear each other, and both histories hold the call once', async ({ family }) => {
  const alice = await family.arrives('alice');
  const bob = await family.arrives('bob');

  await talk(alice, bob);
  await Promise.all([alice.seesAndHears(), bob.seesAndHears()]);

  await bob.togglesMute();
  await expect(alice.page.getByTestId('far-muted')).toBeVisible();
  await bob.togglesMute();
  await expect(alice.page.getByTestId('far-muted')).toHaveCount(0);
  await bob.togglesCamera();
  await expect(alice.page.getByTestId('far-camera-off')).toBeVisible();
  await bob.togglesCamera();
  await alice.seesAndHears();

  await alice.hangsUp();
  await Promise.all([alice.isBackInCircle(), bob.isBackInCircle()]);
  await Promise.all([alice.hasLetGoOfEverything(), bob.hasLetGoOfEverything()]);

  const [hers, his] = [await historyOf(family.api(alice), 1), await historyOf(family.api(bob), 1)];
  expect(hers[0]).toMatchObject({ reason: 'completed', direction: 'outgoing', peer: { username: 'bob' } });
  expect(his[0]).toMatchObject({ reason: 'completed', direction: 'incoming', peer: { username: 'alice' } });
  expect(hers[0]!.callId).toBe(his[0]!.callId);
  expect(hers[0]!.durationMs).toBeGreaterThan(0);
});

test('both call each other at one moment: it is one call, answered at once', async ({ family }) => {
  const [alice, bob] = [await family.arrives('alice'), await family.arrives('bob')];
  await Promise.all([alice.seesStatusOf('bob', /online/i), bob.seesStatusOf('alice', /online/i)]);

  const at = Date.now() + 2_000;
  await Promise.all([alice.tapsAt(at, 'call-bob'), bob.tapsAt(at, 'call-alice')]);

  await Promise.all([alice.seesAndHears(), bob.seesAndHears()]);
  for (const person of [alice, bob]) {
    await expect.poll(() => person.page.evaluate(() => window.probe.openConnections())).toBe(1);
  }
  await bob.hangsUp();
  await Promise.all([alice.isBackInCircle(), bob.isBackInCircle()]);
  const [hers, his] = [await historyOf(family.api(alice), 1), await historyOf(family.api(bob), 1)];
  expect(hers[0]).toMatchObject({ reason: 'completed', callId: his[0]!.callId });
});

test('a call is made, taken back, taken and ended by the keyboard alone', async ({ family }) => {
  const alice = await family.arrives('alice');
  const bob = await family.arrives('bob');
  await alice.seesStatusOf('bob', /online/i);
  const focus = ({ page }: typeof alice) => page.evaluate(() => document.activeElement?.getAttribute('data-testid'));

  await alice.page.getByTestId('call-bob').focus();
  await alice.page.keyboard.press('Enter');
  await expect.poll(() => focus(alice)).toBe('calling-screen');
  await alice.page.keyboard.press('Tab');
  await expect.poll(() => focus(alice)).toBe('calling-cancel');
  await bob.isRungBy(alice);
  await alice.page.keyboard.press('Enter');
  await expect.poll(() => focus(alice)).toBe('call-bob');
  await expect(bob.page.getByTestId('incoming-call')).toHaveCount(0);

  await alice.page.keyboard.press('Enter');
  await bob.isRungBy(alice);
  await expect(bob.page.getByRole('alertdialog')).toBeFocused();
  await bob.page.keyboard.press('Shift+Tab');
  await expect.poll(() => focus(bob)).toBe('incoming-accept');
  await bob.page.keyboard.press('Enter');
  await expect.poll(() => focus(bob)).toBe('call-screen');
  await bob.isInCall();
  await bob.page.getByTestId('call-end').focus();
  await bob.page.keyboard.press('Enter');
  await Promise.all([alice.isBackInCircle(), bob.isBackInCircle()]);
  await expect.poll(() => focus(alice)).toBe('call-bob');
});

test('the callee hangs up', async ({ family }) => {
  const alice = await family.arrives('alice');
  const bob = await family.arrives('bob');

  await talk(alice, bob);
  await bob.hangsUp();

  await Promise.all([alice.isBackInCircle(), bob.isBackInCircle()]);
  await Promise.all([alice.hasLetGoOfEverything(), bob.hasLetGoOfEverything()]);
});

test('a declined call tells the caller so', async ({ family }) => {
  const alice = await family.arrives('alice');
  const bob = await family.arrives('bob');

  await alice.calls(bob);
  await bob.isRungBy(alice);
  await bob.declines();

  await alice.reads(/declined/i);
  await Promise.all([alice.hasLetGoOfEverything(), bob.hasLetGoOfEverything()]);
  await bob.isBackInCircle();
  expect((await historyOf(family.api(bob), 1))[0]).toMatchObject({ reason: 'declined' });
});

test('a cancelled call stops ringing', async ({ family }) => {
  const alice = await family.arrives('alice');
  const bob = await family.arrives('bob');

  await alice.calls(bob);
  await bob.isRungBy(alice);
  await alice.cancels();

  await Promise.all([alice.isBackInCircle(), bob.isBackInCircle()]);
  await Promise.all([alice.hasLetGoOfEverything(), bob.hasLetGoOfEverything()]);
  expect((await historyOf(family.api(alice), 1))[0]).toMatchObject({ reason: 'cancelled' });
});

test('without a camera the call goes on as audio, and says what to do', async ({ family }) => {
  const alice = await family.arrives('alice', { allowed: ['microphone'] });
  const bob = await family.arrives('bob');

  await talk(alice, bob);

  await Promise.all([alice.seesAndHears(), bob.hears()]);
  await alice.reads(/camera/i);
  await expect(bob.page.getByTestId('far-camera-off')).toBeVisible();
  await alice.hangsUp();
  await Promise.all([alice.hasLetGoOfEverything(), bob.hasLetGoOfEverything()]);
});

test('without a microphone nobody is called, and the help says why', async ({ family }) => {
  const alice = await family.arrives('alice', { allowed: [] });
  const bob = await family.arrives('bob');
  await alice.seesStatusOf('bob', /online/i);

  await alice.tap('call-bob');

  await alice.reads(/could not hear you/i);
  await alice.tap('microphone-help-close');
  await Promise.all([alice.isBackInCircle(), bob.isBackInCircle()]);
  expect(await family.api(bob).calls()).toEqual([]);
});

test('for a call to who is not there camera and microphone stay closed', async ({ family }) => {
  const alice = await family.arrives('alice');

  await alice.tap('call-bob');

  await alice.reads(/cannot be reached/i);
  await alice.hasOpenedNothing();
});

test('for a call that is refused camera and microphone stay closed', async ({ family }) => {
  const alice = await family.arrives('alice');
  const [elsewhere, carol] = [
    await GuideClient.connects(family.server.url, family.session('alice')),
    await GuideClient.connects(family.server.url, family.session('carol')),
  ];
  elsewhere.offers(carol, 'v=0');
  await carol.hears('call-offer');
  carol.answers(elsewhere, 'v=0');
  await elsewhere.hears('call-answer');

  await alice.tap('call-bob');

  await alice.reads(/could not be made/i);
  await alice.hasOpenedNothing();
  elsewhere.leaves();
  carol.leaves();
});

test('a call forced to relay goes through the embedded relay, both ways', async ({ family }) => {
  const alice = await family.arrives('alice', { query: '?relay=1' });
  const bob = await family.arrives('bob', { query: '?relay=1' });

  await talk(alice, bob);

  await Promise.all([alice.seesAndHears(), bob.seesAndHears()]);
  for (const each of [alice, bob]) expect(await each.route()).toMatchObject([{ local: 'relay' }]);
});

test('the callee sends no packet before accepting, though the connection is warm', async ({ family }) => {
  const alice = await family.arrives('alice');
  const bob = await family.arrives('bob');

  await alice.calls(bob);
  await bob.isRungBy(alice);
  await expect.poll(async () => (await bob.media()).connected, { message: 'warm while it rings' }).toBe(1);
  await expect.poll(() => bob.heldBack(), { message: 'camera and microphone are ready' }).toEqual(['audio', 'video']);
  // Ten pictures of the camera later nothing of it has left.
  const seen = await bob.framesCaptured();
  await expect.poll(() => bob.framesCaptured()).toBeGreaterThan(seen + 10);
  expect((await bob.media()).packetsSent).toBe(0);

  await bob.accepts();
  await alice.seesAndHears();
});

test.describe('when nobody answers', () => {
  test.use({ settings: { KITH_RING_SECONDS: '10' } });

  test('the ringing ends on both sides, and is a missed call', async ({ family }) => {
    const alice = await family.arrives('alice');
    const bob = await family.arrives('bob');

    await alice.calls(bob);
    await bob.isRungBy(alice);

    await alice.reads(/no answer|did(n.t| not) answer/i);
    await bob.isBackInCircle();
    await Promise.all([alice.hasLetGoOfEverything(), bob.hasLetGoOfEverything()]);
    expect((await historyOf(family.api(bob), 1))[0]).toMatchObject({ reason: 'no_answer' });
  });
});
