import { type Page, expect } from '@playwright/test';
import { Api, type CallRecord, type Session } from './api.ts';
import { Browser, type BrowserOptions } from './browser.ts';
import { type Media, type Route, installProbe } from './probe.ts';

export interface Surroundings extends BrowserOptions {
  /** What follows the address, such as `?relay=1`. */
  query?: string;
  /** By what way the server is reached, if not by its own address. */
  url?: string;
}

/** Someone at a browser with a profile of its own. */
export class Person {
  private constructor(
    readonly name: string,
    readonly page: Page,
    private readonly browser: Browser,
    private readonly url: string,
  ) {}

  static async arrives(name: string, url: string, surroundings: Surroundings = {}): Promise<Person> {
    const browser = await Browser.open(name, surroundings);
    await browser.context.addInitScript(installProbe);
    return new Person(name, await browser.page(), browser, surroundings.url ?? url);
  }

  async leaves(): Promise<void> {
    await this.browser.close();
  }

  /** Opens the sign-in link of an account. */
  async signsInAs(session: Session, query = ''): Promise<void> {
    await this.page.goto(`${this.url}/${query}#token=${session.refreshToken}`);
    await expect(this.page.getByTestId('circles-screen')).toBeVisible();
  }

  async opensCircle(name: string): Promise<void> {
    await this.tap(`circle-${name}`);
  }

  async seesStatusOf(name: string, status: RegExp): Promise<void> {
    await expect(this.page.getByTestId(`member-${name}`)).toContainText(status);
  }

  async calls(other: Person): Promise<void> {
    await this.seesStatusOf(other.name, /online/i);
    await this.tap(`call-${other.name}`);
    await expect(this.page.getByTestId('calling-cancel')).toBeVisible();
  }

  /** Calls someone who talks with somebody else. */
  async callsWhoTalks(other: Person): Promise<void> {
    await this.seesStatusOf(other.name, /in a call/i);
    await this.tap(`call-${other.name}`);
  }

  /** The call of a third waits beside the one that runs. */
  async hasWaiting(other: Person): Promise<void> {
    await expect(this.page.getByTestId('waiting-call')).toContainText(displayName(other.name));
  }

  async isInCallWith(other: Person): Promise<void> {
    await expect(this.page.getByTestId('call-name')).toHaveText(displayName(other.name));
  }

  async holds(other: Person): Promise<void> {
    await expect(this.page.getByTestId('held-name')).toHaveText(displayName(other.name));
  }

  /** Sees that the other side put the call on hold; nothing leaves this browser. */
  async isOnHold(): Promise<void> {
    await expect(this.page.getByTestId('on-hold')).toBeVisible();
    await this.sendsOnConnections(0);
  }

  /** On how many of its connections something is sent. */
  async sendsOnConnections(count: number): Promise<void> {
    await expect.poll(() => this.page.evaluate(() => window.probe.sendingConnections())).toBe(count);
  }

  async isRungBy(other: Person): Promise<void> {
    await expect(this.page.getByTestId('incoming-call')).toContainText(displayName(other.name));
  }

  async accepts(): Promise<void> {
    await this.tap('incoming-accept');
  }

  async declines(): Promise<void> {
    await this.tap('incoming-decline');
  }

  async cancels(): Promise<void> {
    await this.tap('calling-cancel');
  }

  async hangsUp(): Promise<void> {
    await this.tap('call-end');
  }

  async togglesMute(): Promise<void> {
    await this.tap('call-mute');
  }

  async togglesCamera(): Promise<void> {
    await this.tap('call-camera');
  }

  /** Sees pictures that move and hears a sound, by what the browser decoded. */
  async seesAndHears(): Promise<void> {
    await expect(this.page.getByTestId('remote-video')).toBeVisible();
    await this.mediaGrows('framesDecoded');
    await this.hears();
  }

  /** Pictures of that shape arrive; how large they are depends on the line, too. */
  async seesPicturesShaped(shape: { width: number; height: number }): Promise<void> {
    await expect
      .poll(async () => {
        const { frameWidth, frameHeight } = await this.media();
        return frameWidth / frameHeight;
      })
      .toBeCloseTo(shape.width / shape.height, 1);
    await this.mediaGrows('framesDecoded');
  }

  async hears(): Promise<void> {
    await this.mediaGrows('soundEnergy');
  }

  /** Another tab beside the app's, of that title. */
  opensTab(title: string, size: { width: number; height: number }): Promise<Page> {
    return this.browser.opensTab(title, size);
  }

  /** A second tab with all that the app keeps for the first one. */
  async duplicatesTab(): Promise<Page> {
    const [copy] = await Promise.all([
      this.page.context().waitForEvent('page'),
      this.page.evaluate(() => void window.open(location.href)),
    ]);
    return copy;
  }

  /** The browser loses the page, as when it runs out of memory, and the person loads it anew. */
  async crashesAndReloads(): Promise<void> {
    const inspector = await this.page.context().newCDPSession(this.page);
    const crashed = this.page.waitForEvent('crash');
    // There is nobody left to answer.
    void inspector.send('Page.crash').catch(() => undefined);
    await crashed;
    await inspector.send('Page.reload');
  }

  /** Is in a call with the other, who took it, and both see and hear. */
  async talksTo(other: Person): Promise<void> {
    await talk(this, other);
    await Promise.all([this.seesAndHears(), other.seesAndHears()]);
  }

  async isInCall(): Promise<void> {
    await expect(this.page.getByTestId('call-end')).toBeVisible();
  }

  async isBackInCircle(): Promise<void> {
    for (const screen of ['call-screen', 'calling-screen', 'incoming-call']) {
      await expect(this.page.getByTestId(screen)).toHaveCount(0);
    }
    await expect(this.page.getByTestId('circle-screen')).toBeVisible();
  }

  async reads(text: RegExp): Promise<void> {
    await expect(this.page.getByText(text).first()).toBeVisible();
  }

  /** Reads it at some moment, however short. */
  async glimpses(text: RegExp): Promise<void> {
    const isThere = (words: string): boolean => new RegExp(words, 'i').test(document.body.innerText);
    await this.page.waitForFunction(isThere, text.source, { polling: 50 });
  }

  /** The line carries pictures again; after each trial in vain the app waits longer for the next one. */
  async sendsPicturesAgain(): Promise<void> {
    await expect(this.page.getByTestId('video-paused')).toHaveCount(0, { timeout: 90_000 });
  }

  /** No camera light, no microphone, no open connection. */
  async hasLetGoOfEverything(): Promise<void> {
    await expect.poll(() => this.page.evaluate(() => window.probe.liveTracks())).toBe(0);
    await expect.poll(() => this.page.evaluate(() => window.probe.openConnections())).toBe(0);
  }

  /** The browser and all it does stands still: no timer runs, no packet is sent or answered. */
  async fallsAsleep(): Promise<void> {
    await this.browser.sleeps();
  }

  /** Its page hears what pages hear that were frozen: a browser without a screen freezes none by itself. */
  async wakesUp(): Promise<void> {
    this.browser.wakes();
    await this.page.evaluate(() => document.dispatchEvent(new Event('resume')));
  }

  /** Neither camera nor microphone was asked for since the page is there. */
  async hasOpenedNothing(): Promise<void> {
    expect(await this.page.evaluate(() => window.probe.capturesWanted())).toBe(0);
  }

  /** What captures its voice, or its picture, is taken out of the computer. */
  async losesItsOwn(kind: 'audio' | 'video'): Promise<void> {
    await this.page.evaluate((lost) => {
      for (const connection of Object.values(window.__kith?.connections() ?? {})) {
        for (const { track } of connection.getSenders()) {
          if (track?.kind !== lost) continue;
          track.stop();
          track.dispatchEvent(new Event('ended'));
        }
      }
    }, kind);
  }

  media(): Promise<Media> {
    return this.page.evaluate(() => window.probe.media());
  }

  /** What waits at a sender and is not let out, by kind. */
  heldBack(): Promise<string[]> {
    return this.page.evaluate(() =>
      Object.values(window.__kith?.connections() ?? {})
        .flatMap((connection) => connection.getSenders())
        .filter((sender) => sender.track && sender.getParameters().encodings.every(({ active }) => !active))
        .map((sender) => sender.track!.kind)
        .sort(),
    );
  }

  /** How many pictures this side's own camera has shown here. */
  framesCaptured(): Promise<number> {
    return this.page
      .getByTestId('local-video')
      .evaluate((video: HTMLVideoElement) => video.getVideoPlaybackQuality().totalVideoFrames);
  }

  route(): Promise<Route[]> {
    return this.page.evaluate(() => window.probe.route());
  }

  async tap(testId: string): Promise<void> {
    await this.page.getByTestId(testId).click();
  }

  /** The same at that moment, to the millisecond. */
  async tapsAt(moment: number, testId: string): Promise<void> {
    await this.page.getByTestId(testId).evaluate(
      (button: HTMLElement, at) =>
        new Promise<void>((tapped) =>
          setTimeout(() => {
            button.click();
            tapped();
          }, at - Date.now()),
        ),
      moment,
    );
  }

  private async mediaGrows(field: keyof Media): Promise<void> {
    let least = (await this.media())[field];
    const grows = async (): Promise<boolean> => {
      const now = (await this.media())[field];
      const more = now > least;
      // A connection that was replaced took its count with it.
      least = Math.min(least, now);
      return more;
    };
    await expect.poll(grows, { message: `${this.name}: ${field} grows` }).toBe(true);
  }
}

/** One calls, the other accepts. */
export async function talk(caller: Person, callee: Person): Promise<void> {
  await caller.calls(callee);
  await callee.isRungBy(caller);
  await callee.accepts();
  await Promise.all([caller.isInCall(), callee.isInCall()]);
}

export function displayName(username: string): string {
  return username.charAt(0).toUpperCase() + username.slice(1);
}

/** A person's history as the server tells it, once it holds that many calls. */
export async function historyOf(api: Api, count: number): Promise<CallRecord[]> {
  await expect.poll(async () => (await api.calls()).length).toBe(count);
  return api.calls();
}
