import { rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { expect, test } from '../src/family.ts';
import type { Person } from '../src/person.ts';
import { recordedVoice } from '../src/voice.ts';

test('a headset that is pulled out makes way for another microphone, and the voice goes on', async ({ family }) => {
  const alice = await family.arrives('alice');
  const bob = await family.arrives('bob');
  await alice.talksTo(bob);

  await alice.losesItsOwn('audio');

  await expect(alice.page.getByTestId('microphone-help')).toContainText('Another one is used now');
  await bob.hears();
  await expect(bob.page.getByTestId('far-muted')).toHaveCount(0);
  await alice.page.getByTestId('microphone-help').getByTestId('help-close').click();
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

test('who speaks while muted is told so, and by the key M is heard again', async ({ family }) => {
  const voice = await recordedVoice();
  const alice = await family.arrives('alice', { flags: [`--use-file-for-fake-audio-capture=${voice}`] });
  const bob = await family.arrives('bob');
  await alice.talksTo(bob);
  const told = alice.page.getByTestId('muted-voice');

  await alice.page.keyboard.press('m');

  await expect(bob.page.getByTestId('far-muted')).toBeVisible();
  await expect(told).toContainText('Bob cannot hear you');
  await alice.page.keyboard.press('m');
  await expect(told).toHaveCount(0);
  await expect(bob.page.getByTestId('far-muted')).toHaveCount(0);
  await alice.page.keyboard.press('v');
  await expect(bob.page.getByTestId('far-camera-off')).toBeVisible();
  await alice.hangsUp();
  await alice.hasLetGoOfEverything();
  await rm(dirname(voice), { recursive: true });
});

test('camera, microphone and speaker are chosen in the call, and used in the next one', async ({ family }) => {
  const alice = await family.arrives('alice', { flags: ['--use-fake-device-for-media-stream=device-count=3'] });
  const bob = await family.arrives('bob');
  await alice.talksTo(bob);

  await alice.tap('call-devices');
  for (const device of ['camera-3', 'microphone-1', 'speaker-1']) await alice.tap(device);

  const chosen = ['fake_device_2', 'Fake Audio Input 1'];
  await expect.poll(() => sendersOf(alice)).toEqual(chosen);
  await expect.poll(() => alice.page.locator('audio').evaluate((audio: HTMLAudioElement) => audio.sinkId)).not.toBe('');
  await expect(alice.page.getByTestId('camera-3')).toHaveAttribute('aria-checked', 'true');
  await alice.page.keyboard.press('Escape');
  await expect(alice.page.getByTestId('devices')).toHaveCount(0);
  await bob.seesAndHears();

  await alice.page.reload();
  await bob.seesAndHears();
  await expect.poll(() => sendersOf(alice)).toEqual(chosen);
});

test('a page that may not sound says so, and sounds once it is touched', async ({ family }) => {
  // What a test asks of a page counts as its user's activation, so touches are told apart here.
  const refuse = (): void => {
    const native = HTMLMediaElement.prototype.play;
    let touched = false;
    window.addEventListener('pointerup', () => (touched = true), { capture: true });
    HTMLMediaElement.prototype.play = function () {
      if (this.muted || touched) return native.call(this);
      return Promise.reject(new DOMException('The page was never touched', 'NotAllowedError'));
    };
  };
  const alice = await family.arrives('alice', { scripts: [refuse] });
  const bob = await family.arrives('bob');
  await alice.talksTo(bob);

  await alice.page.reload();

  await expect(alice.page.getByTestId('sound-refused')).toHaveText('Tap to hear Bob');
  await alice.tap('sound-refused');
  await expect(alice.page.getByTestId('sound-refused')).toHaveCount(0);
  await alice.seesAndHears();
});

test('the other side goes into a small window, and back', async ({ family }) => {
  const alice = await family.arrives('alice', { viewport: { width: 1280, height: 800 } });
  const bob = await family.arrives('bob');
  await alice.talksTo(bob);
  const detached = () => alice.page.evaluate(() => document.pictureInPictureElement?.getAttribute('data-testid') ?? null);

  await alice.tap('call-small-picture');
  await expect.poll(detached).toBe('remote-video');
  await alice.tap('call-small-picture');
  await expect.poll(detached).toBeNull();
});

/** The names of what captures a person's picture and voice. */
async function sendersOf(person: Person): Promise<string[]> {
  return person.page.evaluate(() =>
    Object.values(window.__kith?.connections() ?? {})
      .flatMap((connection) => connection.getSenders())
      .flatMap(({ track }) => (track === null ? [] : [track.label]))
      .sort()
      .reverse(),
  );
}
