import { type Family, expect, test } from '../src/family.ts';
import { pictures } from '../src/looks.ts';
import { type Person, historyOf } from '../src/person.ts';

/** Alice and bob talk, and carol calls bob. */
async function threePeople(family: Family): Promise<[Person, Person, Person]> {
  const alice = await family.arrives('alice');
  const bob = await family.arrives('bob');
  await alice.talksTo(bob);
  const carol = await family.arrives('carol');
  await carol.callsWhoTalks(bob);
  await carol.reads(/on another call/i);
  await bob.hasWaiting(carol);
  return [alice, bob, carol];
}

/** How many packets one sends, on hold, while the other is seen and heard. */
async function sentWhileHeard(held: Person, other: Person): Promise<number> {
  const before = (await held.media()).packetsSent;
  await other.seesAndHears();
  return (await held.media()).packetsSent - before;
}

test('a second call is taken while the first is held, and they are swapped', async ({ family }) => {
  const [alice, bob, carol] = await threePeople(family);
  await alice.seesAndHears();

  await bob.tap('waiting-hold-answer');
  await bob.isInCallWith(carol);
  await bob.holds(alice);
  await Promise.all([carol.seesAndHears(), bob.seesAndHears(), alice.isOnHold()]);
  await bob.sendsOnConnections(1);
  await expect.poll(() => sentWhileHeard(alice, carol)).toBe(0);

  await bob.tap('held-swap');
  await bob.isInCallWith(alice);
  await bob.holds(carol);
  await Promise.all([alice.seesAndHears(), bob.seesAndHears(), carol.isOnHold()]);

  await alice.hangsUp();
  await expect(bob.page.getByTestId('on-hold')).toBeVisible();
  await carol.isOnHold();
  await bob.tap('call-unhold');
  await Promise.all([carol.seesAndHears(), bob.seesAndHears()]);

  await bob.hangsUp();
  await Promise.all([alice, bob, carol].map((person) => person.isBackInCircle()));
  await Promise.all([alice, bob, carol].map((person) => person.hasLetGoOfEverything()));
  const his = await historyOf(family.api(bob), 2);
  expect(his.map((call) => [call.peer.username, call.reason])).toEqual([
    ['carol', 'completed'],
    ['alice', 'completed'],
  ]);
});

test('who is called while talking sends the second caller nothing before taking the call', async ({ family }) => {
  const [alice, bob, carol] = await threePeople(family);
  const sent = async () => (await bob.page.evaluate(() => window.probe.packetsSentByConnection())).sort((a, b) => a - b);
  await expect.poll(async () => (await sent()).length, { message: 'the second connection is warm' }).toBe(2);
  await alice.seesAndHears();
  expect((await sent())[0]).toBe(0);
  expect((await carol.media()).packetsReceived).toBe(0);

  await bob.tap('waiting-hold-answer');
  await carol.seesAndHears();
});

test('a shared screen stops when its call is held, and the camera is back when it goes on', async ({ family }) => {
  const alice = await family.arrives('alice');
  const bob = await family.arrives('bob', { flags: ['--auto-select-tab-capture-source-by-title=Slides'] });
  await bob.opensTab('Slides', { width: 1000, height: 800 });
  await alice.talksTo(bob);
  await bob.tap('call-screen-share');
  await alice.seesPicturesShaped({ width: 1000, height: 800 });

  const carol = await family.arrives('carol', { allowed: ['microphone'] });
  await carol.callsWhoTalks(bob);
  await bob.tap('waiting-hold-answer');
  await bob.isInCallWith(carol);
  await Promise.all([carol.hears(), alice.isOnHold()]);
  await bob.tap('held-swap');

  await alice.seesPicturesShaped({ width: 1280, height: 720 });
  await expect(bob.page.getByTestId('sharing-screen')).toHaveCount(0);
  await expect(alice.page.getByTestId('far-screen')).toHaveCount(0);
});

test('who reloads the page while holding a call is back in the other one, and holds the first', async ({ family }) => {
  const [alice, bob, carol] = await threePeople(family);
  await bob.tap('waiting-hold-answer');
  await Promise.all([carol.seesAndHears(), alice.isOnHold()]);

  await bob.page.reload();

  await bob.isInCallWith(carol);
  await bob.holds(alice);
  await Promise.all([carol.seesAndHears(), bob.seesAndHears()]);
  await expect(alice.page.getByTestId('far-reconnecting')).toHaveCount(0);
  await alice.isOnHold();
  await bob.tap('held-swap');
  await Promise.all([alice.seesAndHears(), bob.seesAndHears(), carol.isOnHold()]);
});

test('a held call is ended by itself, from either side', async ({ family }) => {
  const [alice, bob, carol] = await threePeople(family);
  await bob.tap('waiting-hold-answer');
  await Promise.all([carol.seesAndHears(), alice.isOnHold()]);

  await bob.tap('held-end');

  await alice.isBackInCircle();
  await expect(bob.page.getByTestId('held-call')).toHaveCount(0);
  await Promise.all([carol.seesAndHears(), bob.seesAndHears(), alice.hasLetGoOfEverything()]);
});

test('a second call is taken and the first ended', async ({ family }) => {
  const [alice, bob, carol] = await threePeople(family);

  await bob.tap('waiting-end-answer');

  await alice.isBackInCircle();
  await bob.isInCallWith(carol);
  await Promise.all([carol.seesAndHears(), bob.seesAndHears(), alice.hasLetGoOfEverything()]);
  await carol.hangsUp();
  await Promise.all([bob.isBackInCircle(), bob.hasLetGoOfEverything(), carol.hasLetGoOfEverything()]);
});

test('a second call is declined, and the running call hears nothing of it', async ({ family }) => {
  const [alice, bob, carol] = await threePeople(family);

  await bob.tap('waiting-decline');

  await carol.reads(/declined/i);
  await expect(bob.page.getByTestId('waiting-call')).toHaveCount(0);
  await Promise.all([alice.seesAndHears(), bob.seesAndHears(), carol.hasLetGoOfEverything()]);
});

test('when the first call ends, the one that waited rings', async ({ family }) => {
  const [alice, bob, carol] = await threePeople(family);

  await alice.hangsUp();

  await bob.isRungBy(carol);
  await carol.reads(/ringing/i);
  await bob.accepts();
  await Promise.all([carol.seesAndHears(), bob.seesAndHears()]);
});

test('without call waiting who talks is busy, and misses the call', async ({ family }) => {
  const alice = await family.arrives('alice');
  const bob = await family.arrives('bob');
  await bob.page.goto(`${family.server.url}/settings`);
  await bob.tap('call-waiting');
  await bob.page.goto(`${family.server.url}/`);
  await bob.opensCircle('Family');
  await alice.talksTo(bob);

  const carol = await family.arrives('carol', { allowed: ['microphone'] });
  await carol.callsWhoTalks(bob);

  await carol.reads(/in another call/i);
  await carol.isBackInCircle();
  await carol.hasOpenedNothing();
  await Promise.all([alice.seesAndHears(), bob.seesAndHears()]);
  expect((await historyOf(family.api(bob), 1))[0]).toMatchObject({ reason: 'busy', missed: true });
});

test('what waits and what is held is shown in every look', async ({ family }) => {
  const [alice, bob, carol] = await threePeople(family);
  await pictures(carol, '40-calling-who-talks');
  // A call does not wait long enough for the pictures of both sides.
  await carol.cancels();
  await expect(bob.page.getByTestId('waiting-call')).toHaveCount(0);
  await carol.callsWhoTalks(bob);
  await bob.hasWaiting(carol);
  await pictures(bob, '41-call-waiting');
  await bob.tap('waiting-hold-answer');
  await Promise.all([bob.seesAndHears(), alice.isOnHold()]);
  await pictures(bob, '42-call-held');
  await pictures(alice, '43-on-hold');
  await carol.hangsUp();
  await expect(bob.page.getByTestId('call-unhold')).toBeVisible();
  await pictures(bob, '44-resume');
  await bob.hangsUp();
  await bob.isBackInCircle();
  await bob.page.goto(`${family.server.url}/settings`);
  await expect(bob.page.getByTestId('call-waiting')).toBeVisible();
  await pictures(bob, '45-settings');
});
