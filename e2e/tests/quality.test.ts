import { expect, test } from '../src/family.ts';
import type { Person } from '../src/person.ts';
import { installThinLine, lineCarries } from '../src/thinLine.ts';

const THIN = { scripts: [installThinLine] };

test('a line that carries no picture keeps the voice, both are told, and the picture comes back', async ({ family }) => {
  const alice = await family.arrives('alice', THIN);
  const bob = await family.arrives('bob');
  await alice.talksTo(bob);

  await lineCarries(alice, 50);
  await expect(alice.page.getByTestId('video-paused')).toContainText('Your video is paused: poor network');
  await expect(bob.page.getByTestId('far-video-paused')).toContainText('Video paused: poor network');
  await expect(bob.page.getByTestId('far-camera-off')).toHaveCount(0);
  await sendsNoPicture(alice);
  await bob.hears();

  await lineCarries(alice, 1000);
  await alice.sendsPicturesAgain();
  await expect(bob.page.getByTestId('far-video-paused')).toHaveCount(0);
  await bob.seesAndHears();
});

test('who would rather go on by voice alone chooses so, and the line does not undo it', async ({ family }) => {
  const alice = await family.arrives('alice', THIN);
  const bob = await family.arrives('bob');
  await alice.talksTo(bob);
  await lineCarries(alice, 50);
  await expect(alice.page.getByTestId('video-paused')).toBeVisible();

  await alice.tap('audio-only');

  await expect(bob.page.getByTestId('far-camera-off')).toBeVisible();
  await expect(alice.page.getByTestId('video-paused')).toHaveCount(0);
  await lineCarries(alice, 2000);
  await bob.hears();
  await expect(bob.page.getByTestId('far-camera-off')).toBeVisible();
  await sendsNoPicture(alice);
  await alice.togglesCamera();
  await bob.seesAndHears();
});

test('the voice goes out twice over, by RED, with FEC and DTX asked for', async ({ family }) => {
  const alice = await family.arrives('alice');
  const bob = await family.arrives('bob');
  await alice.talksTo(bob);

  for (const person of [alice, bob]) {
    const asked = await remoteVoice(person);
    expect(asked.first).toBe('red/48000/2');
    expect(asked.opus.split(';')).toEqual(expect.arrayContaining(['useinbandfec=1', 'usedtx=1']));
  }
});

test('someone whose browser knows no RED is talked to all the same', async ({ family }) => {
  const withoutRed = (): void => {
    type Describe = (description: RTCSessionDescriptionInit) => Promise<void>;
    const prototype = RTCPeerConnection.prototype as { setRemoteDescription: Describe };
    const native = prototype.setRemoteDescription;
    prototype.setRemoteDescription = function ({ type, sdp = '' }) {
      const without = sdp.replace(/^a=(rtpmap|fmtp):63 .*\r\n/gm, '').replace(/^(m=audio .*?) 63\b/m, '$1');
      return native.call(this, { type, sdp: without });
    };
  };
  const alice = await family.arrives('alice');
  const bob = await family.arrives('bob', { scripts: [withoutRed] });
  await alice.talksTo(bob);

  expect((await remoteVoice(alice)).first).toBe('opus/48000/2');
  await bob.seesAndHears();
});

test('the picture is held to what is sensible: less through the relay', async ({ family }) => {
  const alice = await family.arrives('alice', { query: '?relay=1' });
  const bob = await family.arrives('bob');
  await alice.talksTo(bob);

  await expect.poll(() => limitOf(alice, 'video')).toBe(1_000_000);
  await expect.poll(() => limitOf(bob, 'video')).toBe(1_000_000);
  expect(await limitOf(alice, 'audio')).toBe(32_000);
});

test('who wants to use less data sends a smaller picture, which both the call and the picture show', async ({ family }) => {
  const alice = await family.arrives('alice', { viewport: { width: 1280, height: 900 } });
  const bob = await family.arrives('bob');
  await alice.tap('settings-open');
  await alice.tap('less-data');
  await alice.tap('circle-Family');
  await alice.talksTo(bob);

  await expect(alice.page.getByTestId('using-less-data')).toBeVisible();
  await expect.poll(() => limitOf(alice, 'video')).toBe(300_000);
  expect(await limitOf(bob, 'video')).not.toBe(300_000);
  await expect.poll(() => framesIn(bob), { message: 'images a second' }).toBeLessThanOrEqual(16);
  await bob.seesAndHears();
});

test('the call details tell the course and the numbers of the call, and can be copied', async ({ family }) => {
  const alice = await family.arrives('alice');
  const bob = await family.arrives('bob');
  await alice.calls(bob);
  await bob.isRungBy(alice);
  await expect.poll(async () => (await alice.media()).connected, { message: 'warm while it rings' }).toBe(1);
  await bob.accepts();
  await Promise.all([alice.seesAndHears(), bob.seesAndHears()]);
  await alice.page.getByTestId('call-who').click();
  const details = alice.page.getByTestId('call-details');

  for (const told of ['Offered', 'Ringing', 'Connection warm', 'Answered', 'Connected', 'First picture', 'First sound']) {
    await expect(details).toContainText(told);
  }
  await expect(details).toContainText(/host to (host|prflx)/);
  await expect(details).toContainText(/VP8 out, VP8 in/);

  await alice.page.evaluate(() => {
    Object.defineProperty(navigator, 'clipboard', {
      value: { writeText: async (text: string) => void (window.copied = text) },
    });
  });
  await alice.tap('details-copy');
  await expect(alice.page.getByTestId('details-copy')).toContainText('Copied');
  const copied = await alice.page.evaluate(() => window.copied ?? '');
  expect(copied).toContain('Timeline (caller)');
  expect(copied).not.toMatch(/\d+\.\d+\.\d+\.\d+|[0-9a-f]+:[0-9a-f:]+:/);
  await alice.tap('details-close');
  await expect(details).toHaveCount(0);
  await alice.page.keyboard.press('d');
  await expect(details).toBeVisible();
});

/** Images that came in and were decoded, each second; 100 where that is not known yet. */
async function framesIn(person: Person): Promise<number> {
  const rows = await person.page.evaluate(() => window.probe.stats());
  const picture = rows.find(({ type, kind }) => type === 'inbound-rtp' && kind === 'video');
  return Number(picture?.['framesPerSecond'] ?? 100);
}

async function sendsNoPicture(person: Person): Promise<void> {
  await expect
    .poll(async () => {
      const before = (await person.media()).videoBytesSent;
      await person.hears();
      return (await person.media()).videoBytesSent - before;
    })
    .toBe(0);
}

/** What this side was asked to send: the first codec of the voice, and the parameters of Opus. */
function remoteVoice(person: Person): Promise<{ first: string; opus: string }> {
  return person.page.evaluate(() => {
    const [connection] = Object.values(window.__kith!.connections());
    const sdp = connection?.remoteDescription?.sdp ?? '';
    const first = /^m=audio \S+ \S+ (\d+)/m.exec(sdp)?.[1];
    const opus = /^a=rtpmap:(\d+) opus/m.exec(sdp)?.[1];
    return {
      first: new RegExp(`^a=rtpmap:${first} (\\S+)`, 'm').exec(sdp)?.[1] ?? '',
      opus: new RegExp(`^a=fmtp:${opus} (\\S+)`, 'm').exec(sdp)?.[1] ?? '',
    };
  });
}

/** What the sender of that kind is held to, in bit/s. */
function limitOf(person: Person, kind: string): Promise<number | undefined> {
  return person.page.evaluate((wanted) => {
    const [connection] = Object.values(window.__kith!.connections());
    const sender = connection?.getSenders().find(({ track }) => track?.kind === wanted);
    return sender?.getParameters().encodings[0]?.maxBitrate;
  }, kind);
}

declare global {
  interface Window {
    copied?: string;
  }
}
