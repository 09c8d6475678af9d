import { Browser, type Page } from '../../e2e/src/browser.ts';
import type { Home } from './net.ts';

/** What the browser chose: candidate types, the protocol to the relay if there is one, and the measured round trip. */
export interface Route {
  local: string;
  remote: string;
  relayProtocol: string | null;
  rttMs: number;
}

/** An empty page with a peer connection and a data channel, and nothing of Kith's: signaling is the test's own. */
export class PlainPage {
  private constructor(
    private readonly page: Page,
    private readonly browser: Browser,
  ) {}

  static async at(home: Home, iceServers: RTCIceServer[]): Promise<PlainPage> {
    const browser = await Browser.open('plain', {
      chromium: { executable: await home.host.launcher(process.env['KITH_CHROMIUM'] ?? '/usr/bin/chromium'), flags: [] },
    });
    const page = await browser.page();
    await page.evaluate((servers) => {
      const connection = new RTCPeerConnection({ iceServers: servers });
      connection.createDataChannel('lab', { negotiated: true, id: 0 });
      window.plain = { connection };
    }, iceServers);
    return new PlainPage(page, browser);
  }

  /** Connects with the other, descriptions complete with every candidate, within some seconds; or returns false. */
  async connects(other: PlainPage): Promise<boolean> {
    const offer = await this.page.evaluate(describe, undefined);
    const answer = await other.page.evaluate(describe, offer);
    await this.page.evaluate((description) => window.plain.connection.setRemoteDescription(description!), answer);
    const [here, there] = await Promise.all([this.page.evaluate(isConnected), other.page.evaluate(isConnected)]);
    return here && there;
  }

  /** Once the pair is chosen and its round trip has been measured. */
  async route(): Promise<Route> {
    return this.page.evaluate(async () => {
      for (;;) {
        const reports = await window.plain.connection.getStats();
        const transport = [...reports.values()].find((report) => report.type === 'transport');
        const pair = reports.get(transport?.selectedCandidatePairId);
        // Three checks, so that no hole-punching is in the average.
        if (pair?.responsesReceived >= 3) {
          const local = reports.get(pair.localCandidateId);
          return {
            local: local.candidateType,
            remote: reports.get(pair.remoteCandidateId).candidateType,
            relayProtocol: local.relayProtocol ?? null,
            rttMs: pair.currentRoundTripTime * 1000,
          };
        }
        await new Promise((again) => setTimeout(again, 50));
      }
    });
  }

  async close(): Promise<void> {
    await this.browser.close();
  }
}

/** Makes an offer, or an answer to one, with its candidates in it: all, or where UDP goes nowhere, those of 3 seconds. */
async function describe(offer: RTCSessionDescriptionInit | undefined): Promise<RTCSessionDescriptionInit> {
  const { connection } = window.plain;
  if (offer) await connection.setRemoteDescription(offer);
  await connection.setLocalDescription();
  const deadline = performance.now() + 3000;
  while (connection.iceGatheringState !== 'complete' && performance.now() < deadline) {
    await new Promise((again) => setTimeout(again, 20));
  }
  return connection.localDescription!.toJSON();
}

async function isConnected(): Promise<boolean> {
  const { connection } = window.plain;
  const deadline = performance.now() + 20_000;
  while (connection.connectionState !== 'connected') {
    if (performance.now() > deadline || connection.connectionState === 'failed') return false;
    await new Promise((again) => setTimeout(again, 50));
  }
  return true;
}

declare global {
  interface Window {
    plain: { connection: RTCPeerConnection };
  }
}
