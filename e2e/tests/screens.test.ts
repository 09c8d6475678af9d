import { join } from 'node:path';
import { expect, test } from '../src/family.ts';
import { Person, type Surroundings } from '../src/person.ts';
import { installThinLine, lineCarries } from '../src/thinLine.ts';

const SCREENS = join(import.meta.dirname, '../results/screens');
const SHARED_TAB = 'Holiday plans';
const LONG_NAME = 'Wolfeschlegelsteinhausenbergerdorff-Featherstonehaugh von und zu';

const LOOKS = [
  { device: 'phone', viewport: { width: 390, height: 844 }, colorScheme: 'light' },
  { device: 'phone', viewport: { width: 390, height: 844 }, colorScheme: 'dark' },
  { device: 'desktop', viewport: { width: 1280, height: 800 }, colorScheme: 'light' },
  { device: 'desktop', viewport: { width: 1280, height: 800 }, colorScheme: 'dark' },
] as const;

for (const look of LOOKS) {
  const surroundings: Surroundings = {
    viewport: look.viewport,
    colorScheme: look.colorScheme,
    scripts: [installThinLine],
    flags: [`--auto-select-tab-capture-source-by-title=${SHARED_TAB}`],
  };
  const name = `${look.device}-${look.colorScheme}`;

  test(`every screen is shown and nothing overflows: ${name}`, async ({ family, server }) => {
    test.setTimeout(240_000);
    const picture = async (person: Person, screen: string) => {
      await hasNoSidewaysScroll(person);
      await person.page.screenshot({ path: join(SCREENS, name, `${screen}.png`) });
    };

    const stranger = await Person.arrives('dave', server.url, surroundings);
    try {
      await picturesOfSigningIn(stranger, server.url, picture);
    } finally {
      await stranger.leaves();
    }

    await family.api('alice').createCircle(LONG_NAME.slice(0, 60));
    await family.joins('erin', LONG_NAME);
    const alice = await family.arrives('alice', surroundings);
    const bob = await family.arrives('bob', surroundings);
    await alice.seesStatusOf('bob', /online/i);
    await picture(alice, '20-circle');
    await picturesOfACall(alice, bob, picture);
    await picturesOfTroubleAndScreens(alice, bob, picture);
    await alice.tap('circle-invite');
    await expect(alice.page.getByTestId('invite-url')).toBeVisible();
    await picture(alice, '21-invite');
    await alice.tap('invite-done');
    await alice.page.goto(`${server.url}/history`);
    await expect(alice.page.getByTestId('history-screen')).toContainText('Bob');
    await picture(alice, '22-history');
    await alice.page.goto(`${server.url}/settings`);
    await expect(alice.page.getByTestId('settings-screen')).toBeVisible();
    await picture(alice, '23-settings');
    await alice.page.goto(`${server.url}/`);
    await expect(alice.page.getByTestId('circle-Family')).toBeVisible();
    await picture(alice, '24-circles');
    await server.kill();
    await expect(alice.page.getByTestId('reconnect-banner')).toBeVisible();
    await picture(alice, '25-server-gone');
  });
}

type Picture = (person: Person, screen: string) => Promise<void>;

async function picturesOfSigningIn(dave: Person, url: string, picture: Picture): Promise<void> {
  await dave.page.goto(url);
  await picture(dave, '01-sign-in');
  await dave.page.getByTestId('sign-in-username').fill('dave');
  await dave.page.getByTestId('sign-in-password').fill('not his password');
  await dave.tap('sign-in-submit');
  await expect(dave.page.getByTestId('sign-in-error')).toBeVisible();
  await picture(dave, '02-sign-in-error');
  await dave.tap('go-to-sign-up');
  await picture(dave, '03-sign-up');
  await dave.page.getByTestId('sign-up-display-name').fill('Dave');
  await dave.page.getByTestId('sign-up-username').fill('dave');
  await dave.page.getByTestId('sign-up-password').fill('password');
  await dave.tap('sign-up-submit');
  await dave.reads(/password/i);
  await picture(dave, '04-sign-up-error');
  await dave.page.getByTestId('sign-up-password').fill('the long passphrase of dave');
  await dave.tap('sign-up-submit');
  await expect(dave.page.getByTestId('circles-empty')).toBeVisible();
  await picture(dave, '05-no-circles');
  await dave.page.getByTestId('circle-create').first().click();
  await dave.page.getByTestId('circle-create-name').fill('Investment group');
  await picture(dave, '06-create-circle');
  await dave.tap('circle-create-submit');
  await expect(dave.page.getByTestId('circle-empty')).toBeVisible();
  await picture(dave, '07-empty-circle');
}

async function picturesOfACall(alice: Person, bob: Person, picture: Picture): Promise<void> {
  await alice.calls(bob);
  await bob.isRungBy(alice);
  await picture(alice, '10-calling');
  await picture(bob, '11-incoming');
  await bob.accepts();
  await alice.seesAndHears();
  await picture(alice, '12-call');
  await bob.togglesMute();
  await bob.togglesCamera();
  await expect(alice.page.getByTestId('far-camera-off')).toBeVisible();
  await picture(alice, '13-call-far-muted-and-off');
  await picture(bob, '14-call-own-camera-off');
  await alice.hangsUp();
  await Promise.all([alice.isBackInCircle(), bob.isBackInCircle()]);
  await alice.calls(bob);
  await bob.isRungBy(alice);
  await bob.declines();
  await expect(alice.page.getByTestId('call-ended')).toBeVisible();
  await picture(alice, '15-declined');
  await alice.tap('call-ended-close');
}

/** What a call looks like on a poor line, with its details open, and while a screen is shared. */
async function picturesOfTroubleAndScreens(alice: Person, bob: Person, picture: Picture): Promise<void> {
  await alice.opensTab(SHARED_TAB, { width: 1200, height: 750 });
  await alice.talksTo(bob);
  await lineCarries(alice, 200);
  await expect(alice.page.getByTestId('trouble')).toBeVisible();
  await picture(alice, '30-network-weak');
  await lineCarries(alice, 50);
  await expect(alice.page.getByTestId('video-paused')).toBeVisible();
  await expect(bob.page.getByTestId('far-video-paused')).toBeVisible();
  await picture(alice, '31-video-paused');
  await picture(bob, '32-far-video-paused');
  await alice.tap('call-who');
  await expect(alice.page.getByTestId('call-details')).toContainText('Video paused');
  await picture(alice, '33-details');
  await alice.tap('details-close');
  await lineCarries(alice, 2000);
  await expect(alice.page.getByTestId('video-paused')).toHaveCount(0);
  for (const { page } of [alice, bob]) await expect(page.getByTestId('quality-good')).toBeVisible();
  await alice.tap('call-screen-share');
  await bob.seesPicturesShaped({ width: 1200, height: 750 });
  await expect(bob.page.getByTestId('far-screen')).toBeVisible();
  await picture(alice, '34-sharing');
  await picture(bob, '35-far-shares');
  await alice.tap('sharing-stop');
  await alice.hangsUp();
  await Promise.all([alice.isBackInCircle(), bob.isBackInCircle()]);
}

async function hasNoSidewaysScroll(person: Person): Promise<void> {
  const beyond = await person.page.evaluate(
    () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
  );
  expect(beyond, 'pixels beyond the right edge').toBeLessThanOrEqual(0);
}

