import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { Candidate, Description } from "../signaling/messages";
import { Connection, Sender } from "./connection.testing";
import { PeerLink, type LocalTracks } from "./PeerLink";
import { usernameFragmentsOf } from "./sdp";

/** One end of a link: what it said waits in `outbox` until a test delivers or loses it. */
class End {
  readonly outbox: Description[] = [];
  /** Offers of other connections than this one. */
  readonly strangers: Description[] = [];
  interruptions = 0;
  losses = 0;
  /** The steps that failed: of the negotiation, and others. */
  readonly failures: string[] = [];
  readonly link: PeerLink;

  constructor(offers: boolean, yields = false) {
    this.link = new PeerLink(
      { offers, yields, iceServers: [], relayOnly: true },
      {
        described: (description) => this.outbox.push(description),
        gathered: () => undefined,
        connected: () => undefined,
        interrupted: () => (this.interruptions += 1),
        lost: () => (this.losses += 1),
        received: () => undefined,
        replaced: (description) => this.strangers.push(description),
        failed: () => this.failures.push("negotiation"),
        trouble: () => this.failures.push("another step"),
      },
    );
  }

  get connection(): Connection {
    return this.link.connection as unknown as Connection;
  }

  async says(count = 1): Promise<Description[]> {
    await settled();
    expect(this.outbox).toHaveLength(count);
    return this.outbox.splice(0);
  }

  sends(kind: "audio" | "video"): readonly string[] {
    return this.connection.sender(kind).left;
  }

  async hears(descriptions: readonly Description[]): Promise<void> {
    for (const description of descriptions) this.link.describe(description);
    await settled();
  }

  becomes(state: string): void {
    this.connection.connectionState = state;
    this.connection.dispatchEvent(new Event("connectionstatechange"));
  }
}

async function settled(): Promise<void> {
  for (let turn = 0; turn < 50; turn += 1) await Promise.resolve();
}

let alice: End;
let bob: End;

beforeEach(() => {
  Sender.canHoldBack = true;
  vi.useFakeTimers();
  vi.stubGlobal("RTCPeerConnection", Connection);
  alice = new End(true);
  bob = new End(false);
});

afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
  expect([...alice.failures, ...bob.failures]).toEqual([]);
});

async function negotiated(): Promise<void> {
  alice.link.offer();
  await bob.hears(await alice.says());
  await alice.hears(await bob.says());
}

describe("a step that fails", () => {
  const fails = (): Promise<never> => Promise.reject(new Error("no"));

  it.each(["an offer that cannot be made", "a description that cannot be taken", "an offer that cannot be taken up"])(
    "fails the negotiation: %s",
    async (what) => {
      alice.connection.setLocalDescription = fails;
      alice.connection.setRemoteDescription = fails;
      if (what === "an offer that cannot be made") alice.link.offer();
      else if (what === "a description that cannot be taken") alice.link.describe({ type: "offer", sdp: "o=- 9 2 IN" });
      else {
        await alice.link.prepare();
        alice.link.claim([], false);
      }
      await settled();
      expect(alice.failures.splice(0)).toEqual(["negotiation"]);
    },
  );

  it("and is none of the negotiation leaves the call alone", async () => {
    await negotiated();
    for (const kind of ["audio", "video"] as const) alice.connection.sender(kind).replaceTrack = fails;
    alice.link.attach({ audio: "voice", video: null } as unknown as LocalTracks);
    await settled();
    alice.connection.setConfiguration = () => {
      throw new Error("no");
    };
    alice.link.allowDirect();
    await settled();
    expect(alice.failures.splice(0)).toEqual(["another step", "another step"]);
  });
});

describe("a description that was lost", () => {
  it("as the first offer, is said again", async () => {
    alice.link.offer();
    const lost = await alice.says();
    alice.link.restartIce();
    const again = await alice.says();
    expect(again).toEqual(lost);
    await bob.hears(again);
    await alice.hears(await bob.says());
    expect(alice.connection.signalingState).toBe("stable");
  });

  it("as the answer to a restart, is answered again, and belongs to the same offer", async () => {
    await negotiated();
    alice.link.restartIce();
    const offer = await alice.says();
    await bob.hears(offer);
    await bob.says();
    alice.link.restartIce();
    const again = await alice.says();
    expect(again).toEqual(offer);
    await bob.hears(again);
    await alice.hears(await bob.says());
    expect(alice.connection.signalingState).toBe("stable");
    expect(bob.connection.remoteDescription).toEqual(again[0]);
  });

  it("as an offer that crossed another, is said again by who wins", async () => {
    await negotiated();
    alice.link.restartIce();
    await alice.says();
    bob.link.restartIce();
    await alice.hears(await bob.says());
    await bob.hears(await alice.says());
    await alice.hears(await bob.says());
    expect(alice.connection.signalingState).toBe("stable");
    expect(bob.connection.signalingState).toBe("stable");
  });
});

describe("a candidate", () => {
  const of = (fragment: string): Candidate => ({
    candidate: `candidate:1 1 udp 1 192.0.2.1 5 typ host ufrag ${fragment}`,
    sdpMid: "0",
    sdpMLineIndex: 0,
    usernameFragment: fragment,
  });

  it("waits for the description it belongs to", async () => {
    alice.link.offer();
    const first = await alice.says();
    alice.connection.signalingState = "stable";
    alice.connection.restartIce();
    alice.link.offer();
    const second = await alice.says();
    const fragment = /ice-ufrag:(\S+)/.exec(second[0]?.sdp ?? "")?.[1] ?? "";
    await bob.hears(first);
    bob.link.addCandidates([of(fragment)]);
    await settled();
    expect(bob.connection.added).toEqual([]);
    await bob.hears(second);
    expect(bob.connection.added).toHaveLength(1);
  });

  it("without a generation is added at once", async () => {
    alice.link.offer();
    await bob.hears(await alice.says());
    bob.link.addCandidates([{ candidate: "candidate:1 1 udp 1 192.0.2.1 5 typ host", sdpMid: "0", sdpMLineIndex: 0 }]);
    await settled();
    expect(bob.connection.added).toHaveLength(1);
  });

  it("of another connection is forgotten once this one stands", async () => {
    await negotiated();
    alice.link.addCandidates([of("2g2")]);
    await settled();
    alice.becomes("connected");
    await alice.hears([{ type: "offer", sdp: (bob.connection.localDescription?.sdp ?? "") + "a=ice-ufrag:2g2\r\n" }]);
    expect(alice.connection.added).toEqual([]);
  });
});

describe("a connection", () => {
  it("that stands is not interrupted", () => {
    alice.becomes("connecting");
    alice.becomes("connected");
    expect(alice.interruptions).toBe(0);
  });

  it.each(["disconnected", "failed"])("that is %s is told as interrupted at once", (state) => {
    alice.becomes(state);
    expect(alice.interruptions).toBe(1);
  });

  it("that failed is lost at once", () => {
    alice.becomes("failed");
    expect(alice.losses).toBe(1);
  });

  it("that is interrupted is lost when it does not come back by itself", () => {
    alice.becomes("disconnected");
    expect(alice.losses).toBe(0);
    vi.advanceTimersByTime(3_000);
    expect(alice.losses).toBe(1);
  });

  it("that is interrupted for a moment is not lost", () => {
    alice.becomes("disconnected");
    vi.advanceTimersByTime(2_000);
    alice.becomes("connected");
    vi.advanceTimersByTime(60_000);
    expect(alice.losses).toBe(0);
  });
});

describe("a link that was opened anew", () => {
  it("takes no answer to an offer of the one before", async () => {
    alice.link.offer();
    const old = await alice.says();
    const [before, anew] = [bob, new End(true)];
    anew.link.offer();
    const offer = await anew.says();
    await before.hears(old);
    await anew.hears(await before.says());
    expect(anew.connection.signalingState).toBe("have-local-offer");
    const fresh = new End(false);
    await fresh.hears(offer);
    await anew.hears(await fresh.says());
    expect(anew.connection.signalingState).toBe("stable");
    expect(anew.connection.remoteDescription?.sdp).toContain(fresh.connection.localDescription?.sdp.trimEnd());
  });
});

describe("an offer of another connection", () => {
  it("is told, and leaves this one as it was", async () => {
    await negotiated();
    const anew = new End(true);
    anew.link.offer();
    const offer = await anew.says();
    await bob.hears(offer);
    expect(bob.strangers).toEqual(offer);
    expect(bob.connection.remoteDescription?.sdp).toBe(alice.connection.localDescription?.sdp);
  });

  it("is one that calls itself the same and has another certificate", async () => {
    await negotiated();
    const before = bob.connection.remoteDescription;
    alice.link.restartIce();
    const [offer] = await alice.says();
    const forged = { type: "offer", sdp: `${offer?.sdp}a=fingerprint:sha-256 3F:3F\r\n` } as const;
    await bob.hears([forged]);
    expect(bob.strangers).toEqual([forged]);
    expect(bob.connection.remoteDescription).toBe(before);
    expect(await bob.says(0)).toEqual([]);
  });

  it("wins over the first offer of one that yields, and loses to any other", async () => {
    const yielding = new End(true, true);
    alice.link.offer();
    yielding.link.offer();
    const [hers, his] = [await alice.says(), await yielding.says()];
    await yielding.hears(hers);
    await alice.hears(his);
    expect(yielding.strangers).toEqual(hers);
    expect(await yielding.says(0)).toEqual([]);
    expect(await alice.says()).toEqual(hers);
    expect(alice.strangers).toEqual([]);
  });
});

describe("an offer that goes on with a connection which is no more", () => {
  /** Bob's page was loaded anew, as Alice looked for another path of the connection that went with it. */
  async function reloadsMeanwhile(of: End, anew: End): Promise<readonly [Description[], Description[]]> {
    await negotiated();
    of.link.restartIce();
    anew.link.offer();
    return [await of.says(), await anew.says()];
  }

  /** The offer of the connection made anew is taken by another, as the call machine has it. */
  async function taken(by: End, offer: readonly Description[], anew: End): Promise<void> {
    await by.hears(offer);
    await anew.hears(await by.says());
    for (const one of [by, anew]) expect(one.connection.signalingState).toBe("stable");
    expect(anew.connection.remoteDescription?.sdp).toContain(by.connection.localDescription?.sdp.trimEnd());
  }

  it.each([
    ["the callee, who yields", true],
    ["the caller", false],
  ])("is not taken by the one made anew: by %s", async (_, yields) => {
    const anew = new End(true, yields);
    const old = yields ? alice : bob;
    const [continued, offer] = await reloadsMeanwhile(old, anew);
    await anew.hears(continued);
    expect(anew.strangers).toEqual([]);
    // Whoever said it has no use for anything else than this.
    expect(await anew.says()).toEqual(offer);
    await old.hears(offer);
    expect(old.strangers).toEqual(offer);
    await taken(new End(false), offer, anew);
  });

  it("changes nothing for the one made anew once that has its answer", async () => {
    const anew = new End(true, true);
    const [continued, offer] = await reloadsMeanwhile(alice, anew);
    await alice.hears(offer);
    const taker = new End(false);
    await taken(taker, offer, anew);
    await anew.hears(continued);
    expect(anew.strangers).toEqual([]);
    expect(await anew.says(0)).toEqual([]);
    expect(anew.connection.signalingState).toBe("stable");
  });

  it("is not answered by another such offer, for that would have no end", async () => {
    await negotiated();
    const [one, other] = [new End(true), new End(false)];
    one.link.offer();
    await other.hears(await one.says());
    await one.hears(await other.says());
    one.link.restartIce();
    alice.link.restartIce();
    const [his, hers] = [await one.says(), await alice.says()];
    await alice.hears(his);
    await one.hears(hers);
    expect([...(await alice.says(0)), ...(await one.says(0))]).toEqual([]);
  });

  it("is no offer to one that waits for the first", async () => {
    const fresh = new End(false);
    await negotiated();
    alice.link.restartIce();
    await fresh.hears(await alice.says());
    expect(await fresh.says(0)).toEqual([]);
    expect(fresh.connection.remoteDescription).toBeNull();
  });

  it("and was never answered, is a first one: who yields gives way to it", async () => {
    const anew = new End(true, true);
    alice.link.offer();
    await alice.says();
    alice.link.restartIce();
    anew.link.offer();
    await anew.says();
    const offer = await alice.says();
    await anew.hears(offer);
    expect(anew.strangers).toEqual(offer);
  });
});

it("an offer that goes on from an answer which was lost is not taken: what it answered is said again", async () => {
  const [yielding, taker] = [new End(true, true), new End(false)];
  yielding.link.offer();
  const offer = await yielding.says();
  await taker.hears(offer);
  await taker.says();
  taker.link.restartIce();
  await yielding.hears(await taker.says());
  expect(yielding.strangers).toEqual([]);
  expect(await yielding.says()).toEqual(offer);
  await taker.hears(offer);
  await yielding.hears(await taker.says());
  for (const one of [yielding, taker]) expect(one.connection.signalingState).toBe("stable");
});

const camera = { audio: "sound", video: "picture" } as unknown as LocalTracks;

describe("tracks that are ready", () => {
  it("wait at the senders, and nothing of them leaves", async () => {
    bob.link.ready(camera);
    await negotiated();
    alice.link.restartIce();
    await bob.hears(await alice.says());
    await alice.hears(await bob.says());
    expect(bob.connection.sender("video").track).toBe("picture");
    expect([...bob.sends("audio"), ...bob.sends("video")]).toEqual([]);
  });

  it("leave in the very task that lets them out", async () => {
    bob.link.ready(camera);
    await negotiated();
    bob.link.attach(camera);
    expect([...bob.sends("audio"), ...bob.sends("video")]).toEqual(["sound", "picture"]);
  });

  it("are held back again while they change", async () => {
    bob.link.ready(camera);
    await negotiated();
    bob.link.ready({ audio: null, video: "another" } as unknown as LocalTracks);
    await settled();
    expect(bob.connection.sender("audio").track).toBeNull();
    expect(bob.connection.sender("video").track).toBe("another");
    expect([...bob.sends("audio"), ...bob.sends("video")]).toEqual([]);
  });

  it("stay where they are if the call is taken without them", async () => {
    bob.link.ready(camera);
    await negotiated();
    bob.link.attach({ audio: camera.audio, video: null });
    await settled();
    expect(bob.sends("audio")).toEqual(["sound"]);
    expect(bob.sends("video")).toEqual([]);
    bob.link.attach(camera);
    await settled();
    expect(bob.sends("video").at(-1)).toBe("picture");
  });

  it("are small at first, for a while", async () => {
    bob.link.ready(camera);
    await negotiated();
    bob.link.attach(camera);
    await settled();
    expect(bob.connection.sender("video").encoding).toEqual({ active: true, scaleResolutionDownBy: 2 });
    vi.advanceTimersByTime(1_500);
    await settled();
    expect(bob.connection.sender("video").encoding).toEqual({ active: true, scaleResolutionDownBy: 1 });
  });

  it("of a client that cannot hold them back go nowhere before they may", async () => {
    Sender.canHoldBack = false;
    bob.link.ready(camera);
    await negotiated();
    expect(bob.connection.sender("video").track).toBeNull();
    bob.link.attach(camera);
    await settled();
    expect(bob.sends("video")).toEqual(["picture"]);
  });
});

describe("a link through the relay", () => {
  it("may leave it from the next restart of ICE on", async () => {
    await negotiated();
    alice.link.allowDirect();
    alice.link.restartIce();
    await bob.hears(await alice.says());
    await alice.hears(await bob.says());
    expect(alice.connection.policy).toBe("all");
    expect(alice.connection.signalingState).toBe("stable");
  });
});

it("a link gathers by fresh credentials from the next restart of ICE on", async () => {
  await negotiated();
  alice.link.renewServers([{ urls: ["turn:relay"], username: "later", credential: "secret" }]);
  alice.link.restartIce();
  await alice.says();
  expect(alice.connection.servers).toEqual([{ urls: ["turn:relay"], username: "later", credential: "secret" }]);
  expect(alice.connection.policy).toBe("relay");
});

describe("an offer that waits for its answer as fresh credentials come", () => {
  const FRESH = [{ urls: ["turn:relay"], username: "later", credential: "secret" }];

  it("is taken back: this side was away, and what the offer tells of the network may be past", async () => {
    await negotiated();
    alice.link.restartIce();
    const old = await alice.says();
    alice.link.renewServers(FRESH);
    alice.link.restartIce();
    const fresh = await alice.says();
    expect(fresh).not.toEqual(old);
    expect(usernameFragmentsOf(fresh[0]?.sdp ?? "")).not.toEqual(usernameFragmentsOf(old[0]?.sdp ?? ""));
    await bob.hears(old);
    await alice.hears(await bob.says());
    expect(alice.connection.signalingState).toBe("have-local-offer");
    await bob.hears(fresh);
    await alice.hears(await bob.says());
    for (const one of [alice, bob]) expect(one.connection.signalingState).toBe("stable");
    alice.link.restartIce();
    const next = await alice.says();
    alice.link.restartIce();
    expect(await alice.says()).toEqual(next);
  });

  it("is said again where it is the first of its connection, for another might not fit what it was answered with", async () => {
    alice.link.offer();
    const first = await alice.says();
    alice.link.renewServers(FRESH);
    alice.link.restartIce();
    expect(await alice.says()).toEqual(first);
  });
});
