import { expect, test } from '../src/family.ts';
import type { Person } from '../src/person.ts';

const TITLE = 'Slides';
const SLIDES = { width: 1000, height: 800 };
const CAMERA = { width: 1280, height: 720 };
/** The browser's picker, answered: this tab. */
const PICKED = { flags: [`--auto-select-tab-capture-source-by-title=${TITLE}`] };

test('a shared screen is seen whole, and the camera comes back when the sharing stops', async ({ family }) => {
  const alice = await family.arrives('alice', PICKED);
  const bob = await family.arrives('bob');
  await alice.opensTab(TITLE, SLIDES);
  await alice.talksTo(bob);

  await alice.tap('call-screen-share');
  await bob.seesPicturesShaped(SLIDES);
  await expect(bob.page.getByTestId('far-screen')).toHaveText('Alice shares a screen');
  await expect(bob.page.getByTestId('remote-video')).toHaveCSS('object-fit', 'contain');
  await expect(alice.page.getByTestId('sharing-screen')).toContainText('Bob sees your screen');
  await expect(alice.page.getByTestId('local-screen')).toBeVisible();
  await bob.hears();

  await alice.tap('sharing-stop');
  await bob.seesPicturesShaped(CAMERA);
  await expect(bob.page.getByTestId('far-screen')).toHaveCount(0);
  await endsAndLetsGo(alice, bob);
});

test('sharing that the browser ends is over: the camera comes back', async ({ family }) => {
  const alice = await family.arrives('alice', PICKED);
  const bob = await family.arrives('bob');
  const slides = await alice.opensTab(TITLE, SLIDES);
  await alice.talksTo(bob);
  await alice.tap('call-screen-share');
  await bob.seesPicturesShaped(SLIDES);

  await slides.close();

  await expect(alice.page.getByTestId('sharing-screen')).toHaveCount(0);
  await bob.seesPicturesShaped(CAMERA);
  await endsAndLetsGo(alice, bob);
});

test('a screen is shared in a call without cameras, too', async ({ family }) => {
  const alice = await family.arrives('alice', PICKED);
  const bob = await family.arrives('bob');
  await alice.opensTab(TITLE, SLIDES);
  await alice.tap('member-bob');
  await alice.tap('member-call-audio');
  await bob.isRungBy(alice);
  await bob.accepts();
  await Promise.all([alice.hears(), bob.hears()]);

  await alice.tap('call-screen-share');

  await bob.seesPicturesShaped(SLIDES);
  await expect(bob.page.getByTestId('remote-video')).toBeVisible();
  await alice.tap('call-screen-share');
  await expect(bob.page.getByTestId('far-camera-off')).toBeVisible();
  await endsAndLetsGo(alice, bob);
});

test('who chooses nothing to share shares nothing, and nothing is said of it', async ({ family }) => {
  const refuse = (): void => {
    const denied = () => Promise.reject(new DOMException('Permission denied', 'NotAllowedError'));
    navigator.mediaDevices.getDisplayMedia = denied;
  };
  const alice = await family.arrives('alice', { scripts: [refuse] });
  const bob = await family.arrives('bob');
  await alice.talksTo(bob);

  await alice.tap('call-screen-share');

  await bob.seesAndHears();
  await expect(alice.page.getByTestId('sharing-screen')).toHaveCount(0);
  await expect(alice.page.getByTestId('toast')).toHaveCount(0);
});

test('a browser that cannot share a screen has no button for it', async ({ family }) => {
  const withoutSharing = (): void => {
    Object.defineProperty(MediaDevices.prototype, 'getDisplayMedia', { value: undefined });
  };
  const alice = await family.arrives('alice', { scripts: [withoutSharing] });
  const bob = await family.arrives('bob');
  await alice.talksTo(bob);

  await expect(alice.page.getByTestId('call-screen-share')).toHaveCount(0);
  await expect(bob.page.getByTestId('call-screen-share')).toBeVisible();
});

async function endsAndLetsGo(alice: Person, bob: Person): Promise<void> {
  await alice.hangsUp();
  await Promise.all([alice.isBackInCircle(), bob.isBackInCircle()]);
  await alice.hasLetGoOfEverything();
}
