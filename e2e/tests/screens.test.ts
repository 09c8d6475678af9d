import { expect, test } from '../src/family.ts';
import { pictures } from '../src/looks.ts';
import { Person, type Surroundings } from '../src/person.ts';
import { installThinLine, lineCarries } from '../src/thinLine.ts';

const SHARED_TAB = 'Holiday plans';
const LONG_NAME = 'Wolfeschlegelsteinhausenbergerdorff-Featherstonehaugh von und zu';

const SURROUNDINGS: Surroundings = {
  scripts: [installThinLine],
  flags: [`--auto-select-tab-capture-source-by-title=${SHARED_TAB}`],
};

test('every screen is shown in every look, and nothing overflows', async ({ family, server }) => {
  test.setTimeout(900_000);
  const stranger = await Person.arrives('dave', server.url, SURROUNDINGS);
  try {
    await picturesOfSigningIn(stranger, server.url);
  } finally {
    await stranger.leaves();
  }

  await family.api('alice').createCircle(LONG_NAME.slice(0, 60));
  await family.joins('erin', LONG_NAME);
  const alice = await family.arrives('alice', SURROUNDINGS);
  const bob = await family.arrives('bob', SURROUNDINGS);
  await alice.seesStatusOf('bob', /online/i);
  await pictures(alice, '20-circle');
  await picturesOfACall(alice, bob);
  await picturesOfTroubleAndScreens(alice, bob);
  await alice.tap('circle-invite');
  await expect(alice.page.getByTestId('invite-url')).toBeVisible();
  await pictures(alice, '21-invite');
  await alice.tap('invite-done');
  await alice.page.goto(`${server.url}/history`);
  await expect(alice.page.getByTestId('history-screen')).toContainText('Bob');
  await pictures(alice, '22-history');
  await alice.page.goto(`${server.url}/settings`);
  await expect(alice.page.getByTestId('settings-screen')).toBeVisible();
  await pictures(alice, '23-settings');
  await alice.page.goto(`${server.url}/`);
  await expect(alice.page.getByTestId('circle-Family')).toBeVisible();
  await pictures(alice, '24-circles');
  await server.kill();
  await expect(alice.page.getByTestId('reconnect-banner')).toBeVisible();
  await pictures(alice, '25-server-gone');
});

async function picturesOfSigningIn(dave: Person, url: string): Promise<void> {
  await dave.page.goto(url);
  await pictures(dave, '01-sign-in');
  await dave.page.getByTestId('sign-in-username').fill('dave');
  await dave.page.getByTestId('sign-in-password').fill('not his password');
  await dave.tap('sign-in-submit');
  await expect(dave.page.getByTestId('sign-in-error')).toBeVisible();
  await pictures(dave, '02-sign-in-error');
  await dave.tap('go-to-sign-up');
  await pictures(dave, '03-sign-up');
  await dave.page.getByTestId('sign-up-display-name').fill('Dave');
  await dave.page.getByTestId('sign-up-username').fill('dave');
  await dave.page.getByTestId('sign-up-password').fill('password');
  await dave.tap('sign-up-submit');
  await dave.reads(/password/i);
  await pictures(dave, '04-sign-up-error');
  await dave.page.getByTestId('sign-up-password').fill('the long passphrase of dave');
  await dave.tap('sign-up-submit');
  await expect(dave.page.getByTestId('circles-empty')).toBeVisible();
  await pictures(dave, '05-no-circles');
  await dave.page.getByTestId('circle-create').first().click();
  await dave.page.getByTestId('circle-create-name').fill('Investment group');
  await pictures(dave, '06-create-circle');
  await dave.tap('circle-create-submit');
  await expect(dave.page.getByTestId('circle-empty')).toBeVisible();
  await pictures(dave, '07-empty-circle');
}

async function picturesOfACall(alice: Person, bob: Person): Promise<void> {
  await alice.calls(bob);
  await bob.isRungBy(alice);
  await pictures(alice, '10-calling');
  await pictures(bob, '11-incoming');
  await bob.accepts();
  await alice.seesAndHears();
  await pictures(alice, '12-call');
  await bob.togglesMute();
  await bob.togglesCamera();
  await expect(alice.page.getByTestId('far-camera-off')).toBeVisible();
  await pictures(alice, '13-call-far-muted-and-off');
  await pictures(bob, '14-call-own-camera-off');
  await alice.hangsUp();
  await Promise.all([alice.isBackInCircle(), bob.isBackInCircle()]);
  await alice.calls(bob);
  await bob.isRungBy(alice);
  await bob.declines();
  await expect(alice.page.getByTestId('call-ended')).toBeVisible();
  await pictures(alice, '15-declined');
  await alice.tap('call-ended-close');
}

/** What a call looks like on a poor line, with its details open, and while a screen is shared. */
async function picturesOfTroubleAndScreens(alice: Person, bob: Person): Promise<void> {
  await alice.talksTo(bob);
  await lineCarries(alice, 200);
  await expect(alice.page.getByTestId('trouble')).toBeVisible();
  await pictures(alice, '30-network-weak');
  await lineCarries(alice, 50);
  await expect(alice.page.getByTestId('video-paused')).toBeVisible();
  await expect(bob.page.getByTestId('far-video-paused')).toBeVisible();
  await pictures(alice, '31-video-paused');
  await pictures(bob, '32-far-video-paused');
  await alice.tap('call-who');
  await expect(alice.page.getByTestId('call-details')).toContainText('Video paused');
  await pictures(alice, '33-details');
  await alice.tap('details-close');
  await alice.tap('call-devices');
  await expect(alice.page.getByTestId('speaker-0')).toBeVisible();
  await pictures(alice, '36-devices');
  await alice.tap('devices-close');
  await lineCarries(alice, 2000);
  await alice.sendsPicturesAgain();
  // For the looks only: how good the line of a busy machine is, is not what is shown.
  for (const { page } of [alice, bob])
    await page
      .getByTestId('quality-good')
      .waitFor()
      .catch(() => undefined);
  await alice.opensTab(SHARED_TAB, { width: 1200, height: 750 });
  await alice.tap('call-screen-share');
  await bob.seesPicturesShaped({ width: 1200, height: 750 });
  await expect(bob.page.getByTestId('far-screen')).toBeVisible();
  // Her own in the end: whatever size her window takes, the shared tab takes, too.
  await pictures(bob, '35-far-shares');
  await pictures(alice, '34-sharing');
  await alice.tap('sharing-stop');
  await alice.hangsUp();
  await Promise.all([alice.isBackInCircle(), bob.isBackInCircle()]);
}
