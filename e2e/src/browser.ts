import { type BrowserContext, type Page, chromium } from '@playwright/test';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export type { Page };

export interface BrowserOptions {
  /** The fake devices the browser lets pages have; both if nothing is said. */
  allowed?: readonly ('camera' | 'microphone')[];
  viewport?: { width: number; height: number };
  colorScheme?: 'light' | 'dark';
  /** Another command that starts Chromium, such as one inside a network namespace, and the flags it needs there. */
  chromium?: { executable: string; flags: string[] };
  /** More flags for Chromium. */
  flags?: readonly string[];
  /** What runs in each page before the app does. */
  scripts?: (() => void)[];
}

/** How long a tap waits for what it taps. */
const ACTION_MS = 20_000;
const PHONE = { width: 390, height: 844 };

/** Chromium with a fake camera and a profile of its own. */
export class Browser {
  private constructor(
    readonly context: BrowserContext,
    private readonly profile: string,
  ) {}

  static async open(name: string, options: BrowserOptions = {}): Promise<Browser> {
    const profile = await mkdtemp(join(tmpdir(), `kith-${name}-`));
    const context = await chromium.launchPersistentContext(profile, {
      executablePath: options.chromium?.executable ?? process.env['KITH_CHROMIUM'] ?? '/usr/bin/chromium',
      headless: true,
      viewport: options.viewport ?? PHONE,
      colorScheme: options.colorScheme ?? 'light',
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
    context.setDefaultTimeout(ACTION_MS);
    await context.grantPermissions([...(options.allowed ?? ['camera', 'microphone'])]);
    for (const script of options.scripts ?? []) await context.addInitScript(script);
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

  async close(): Promise<void> {
    await this.context.close();
    await rm(this.profile, { recursive: true, force: true });
  }
}
