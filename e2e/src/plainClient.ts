import { expect } from '@playwright/test';
import { join } from 'node:path';
import type { Session } from './api.ts';
import { Person, displayName } from './person.ts';

const HERE = join(import.meta.dirname, '..');
const FILES: Record<string, string> = {
  'tutorial.html': 'pages/tutorial.html',
  'tutorial.js': 'pages/tutorial.js',
  'socket.io.min.js': 'node_modules/socket.io-client/dist/socket.io.min.js',
};

/** Someone who calls one other with a client of the usual kind, by the five bare messages, with camera and microphone. */
export class PlainClient {
  private constructor(
    readonly person: Person,
    private readonly other: string,
  ) {}

  static async arrives(url: string, session: Session, other: Session): Promise<PlainClient> {
    const person = await Person.arrives(session.user.username, url);
    await person.page.route(`${url}/plain/*`, (route) =>
      route.fulfill({ path: join(HERE, FILES[new URL(route.request().url()).pathname.slice('/plain/'.length)]!) }),
    );
    const who = { token: session.token, me: session.user.id, other: other.user.id };
    await person.page.goto(`${url}/plain/tutorial.html#${encodeURIComponent(JSON.stringify(who))}`);
    await person.page.locator('body[data-ready]').waitFor();
    return new PlainClient(person, other.user.username);
  }

  async calls(): Promise<void> {
    await this.person.page.locator('#call').click();
  }

  async accepts(): Promise<void> {
    await expect(this.person.page.locator('#caller')).toHaveText(displayName(this.other));
    await this.person.page.locator('#accept').click();
  }

  async hangsUp(): Promise<void> {
    await this.person.page.locator('#hang-up').click();
  }

  /** Not only do pictures arrive: its page shows them. */
  async showsPictures(): Promise<void> {
    const shown = () =>
      this.person.page
        .getByTestId('remote-video')
        .evaluate((video: HTMLVideoElement) => video.getVideoPlaybackQuality().totalVideoFrames);
    const before = await shown();
    await expect.poll(shown).toBeGreaterThan(before);
  }

  async isBack(): Promise<void> {
    await expect(this.person.page.locator('#hang-up')).toBeHidden();
    await this.person.hasLetGoOfEverything();
  }
}
