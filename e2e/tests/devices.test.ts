import { type Family, expect, test } from '../src/family.ts';
import { type Person, historyOf } from '../src/person.ts';

/** Alice calls bob, and both of his devices ring, warm. */
async function bothRing(family: Family): Promise<[alice: Person, phone: Person, tablet: Person]> {
  const [alice, phone, tablet] = await Promise.all(['alice', 'bob', 'bob'].map((name) => family.arrives(name)));
  await alice!.calls(phone!);
  for (const device of [phone!, tablet!]) {
    await device.isRungBy(alice!);
    await expect.poll(async () => (await device.media()).connected, { message: 'warm while it rings' }).toBe(1);
    await expect.poll(() => device.heldBack(), { message: 'camera and microphone are ready' }).toEqual(['audio', 'video']);
  }
  return [alice!, phone!, tablet!];
}

async function isOver(device: Person): Promise<void> {
  await device.isBackInCircle();
  await device.hasLetGoOfEverything();
}

test('one device takes the call: the other stops, says so, and has sent nothing', async ({ family }) => {
  const [alice, phone, tablet] = await bothRing(family);

  await phone.accepts();

  await tablet.reads(/answered on /i);
  await isOver(tablet);
  await Promise.all([alice.seesAndHears(), phone.seesAndHears()]);
  await phone.hangsUp();
  await Promise.all([alice, phone].map(isOver));
  expect(await tablet.page.evaluate(() => window.probe.packetsEverSent())).toBe(0);
  expect(await phone.page.evaluate(() => window.probe.packetsEverSent())).toBeGreaterThan(0);
  for (const person of [alice, phone]) {
    expect((await historyOf(family.api(person), 1))[0]).toMatchObject({ reason: 'completed' });
  }
});

test('one device declines the call: the other stops, too, and says so', async ({ family }) => {
  const [alice, phone, tablet] = await bothRing(family);

  await tablet.declines();

  await phone.reads(/declined on /i);
  await alice.reads(/bob declined/i);
  await Promise.all([alice.hasLetGoOfEverything(), isOver(phone), isOver(tablet)]);
  for (const person of [alice, phone]) {
    expect((await historyOf(family.api(person), 1))[0]).toMatchObject({ reason: 'declined' });
  }
});

test('both devices take the call at once: one has it, and of the other nothing is seen or heard', async ({ family }) => {
  const [alice, phone, tablet] = await bothRing(family);

  // What the loser says goes away by itself: it is looked for from the beginning.
  const lost = Promise.any([phone, tablet].map((device) => device.glimpses(/answered on /i).then(() => device)));
  const at = Date.now() + 2_000;
  await Promise.all([phone, tablet].map((device) => device.tapsAt(at, 'incoming-accept')));

  const loser = await lost;
  const winner = loser === phone ? tablet : phone;
  await alice.seesAndHears();
  await expect.poll(() => alice.page.evaluate(() => window.probe.openConnections())).toBe(1);
  await isOver(loser);
  await Promise.all([alice.seesAndHears(), winner.seesAndHears()]);
  expect(await alice.page.evaluate(() => window.probe.perceived())).toEqual({ open: 1, closed: 0 });

  await winner.hangsUp();
  await Promise.all([alice, winner].map(isOver));
  for (const person of [alice, winner]) {
    expect((await historyOf(family.api(person), 1))[0]).toMatchObject({ reason: 'completed' });
  }
});
