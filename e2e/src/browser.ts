import { type BrowserContext, type Page, chromium, firefox } from '@playwright/test';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Authority } from './authority.ts';
import { leaveServers } from './iceServers.ts';
import { processesOf } from './processes.ts';

export type { Page };

export interface BrowserOptions {
  /** Chromium, if nothing is said. */
  kind?: 'chromium' | 'firefox';
  /** The fake devices the browser lets pages have; both if nothing is said. Firefox always lets them have both. */
  allowed?: readonly ('camera' | 'microphone')[];
  viewport?: { width: number; height: number };
  colorScheme?: 'light' | 'dark';
  /** Another command that starts Chromium, such as one inside a network namespace, and the flags it needs there. */
  chromium?: { executable: string; flags: string[] };
  /** More flags for Chromium. */
  flags?: readonly string[];
  /** What runs in each page before the app does. */
  scripts?: (() => void)[];
  /** Peer connections get only those of their ICE servers whose URL matches. */
  iceServers?: RegExp;
  /** Trusted besides those the browser knows. */
  authority?: Authority;
}

/** How long a tap waits for what it taps. */
const ACTION_MS = 30_000;
const PHONE = { width: 390, height: 844 };

/** A browser with a fake camera and a profile of its own. */
export class Browser {
  private asleep: number[] = [];

  private constructor(
    readonly context: BrowserContext,
    private readonly profile: string,
  ) {}

  static async open(name: string, options: BrowserOptions = {}): Promise<Browser> {
    const profile = await mkdtemp(join(tmpdir(), `kith-${name}-`));
    const context = await (options.kind === 'firefox' ? openFirefox : openChromium)(profile, options);
    context.setDefaultTimeout(ACTION_MS);
    for (const script of options.scripts ?? []) await context.addInitScript(script);
    if (options.iceServers) await context.addInitScript(leaveServers, options.iceServers.source);
    return new Browser(context, profile);
  }

  /** The page it opened with. */
  async page(): Promise<Page> {
    return this.context.pages()[0] ?? (await this.context.newPage());
  }

  /** One more tab, of that size, with that title; the first one stays in front. */
  async opensTab(title: string, size: { width: number; height: number }): Promise<Page> {
    const tab = await this.context.newPage();
    await tab.setViewportSize(size);
    await tab.setContent(
      `<title>${title}</title><body style="background: #fff8e7; color: #1c2b4a; font: 96px sans-serif"><h1>${title}</h1>`,
    );
    await (await this.page()).bringToFront();
    return tab;
  }

  /** Nothing of it runs any more: no page, no timer, no packet is sent or answered. */
  async sleeps(): Promise<void> {
    this.asleep = await processesOf(this.profile);
    for (const pid of this.asleep) signal(pid, 'SIGSTOP');
  }

  wakes(): void {
    for (const pid of this.asleep.splice(0)) signal(pid, 'SIGCONT');
  }

  async close(): Promise<void> {
    this.wakes();
    await this.context.close();
    await rm(this.profile, { recursive: true, force: true });
  }
}

/** A process that has ended of itself hears nothing: a browser's helpers come and go. */
function signal(pid: number, name: 'SIGSTOP' | 'SIGCONT'): void {
  try {
    process.kill(pid, name);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}

async function openChromium(profile: string, options: BrowserOptions): Promise<BrowserContext> {
  // Chromium looks for the user's authorities in the home directory.
  await options.authority?.isTrustedIn(join(profile, '.pki/nssdb'));
  const context = await chromium.launchPersistentContext(profile, {
    executablePath: options.chromium?.executable ?? process.env['KITH_CHROMIUM'] ?? '/usr/bin/chromium',
    headless: true,
    viewport: options.viewport ?? PHONE,
    colorScheme: options.colorScheme ?? 'light',
    ...(options.authority ? { env: { ...process.env, HOME: profile } } : {}),
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
      '--autoplay-policy=no-user-gesture-required',
      '--use-fake-device-for-media-stream',
      '--deny-permission-prompts',
      ...(options.chromium?.flags ?? []),
      ...(options.flags ?? []),
    ],
  });
  await context.grantPermissions([...(options.allowed ?? ['camera', 'microphone'])]);
  return context;
}

/** The system's Firefox, or the one KITH_FIREFOX names, by WebDriver BiDi: Playwright's own is another, patched one. */
async function openFirefox(profile: string, options: BrowserOptions): Promise<BrowserContext> {
  await options.authority?.isTrustedIn(profile);
  return firefox.launchPersistentContext(profile, {
    channel: 'moz-firefox',
    executablePath: join(import.meta.dirname, 'firefox.mjs'),
    headless: true,
    viewport: options.viewport ?? PHONE,
    firefoxUserPrefs: {
      'media.navigator.streams.fake': true,
      'media.navigator.permission.disabled': true,
      'media.autoplay.default': 0,
      // A call on one machine, and a relay on it.
      'media.peerconnection.ice.loopback': true,
      'layout.css.prefers-color-scheme.content-override': options.colorScheme === 'dark' ? 0 : 1,
      // Nothing is asked of anyone but the test's server.
      'services.settings.server': 'data:,',
      'app.normandy.enabled': false,
      'browser.region.update.enabled': false,
      'dom.push.connection.enabled': false,
      'network.captive-portal-service.enabled': false,
      'extensions.systemAddon.update.enabled': false,
      'media.gmp-manager.url': '',
    },
  });
}
