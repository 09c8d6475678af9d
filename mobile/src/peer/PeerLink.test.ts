import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { Candidate, Description } from "../signaling/messages";
import { PeerLink, type LocalTracks } from "./PeerLink";

interface Encoding {
  active: boolean;
  scaleResolutionDownBy?: number;
}

/** What sends one kind of media, as far as it matters whether a packet leaves. */
class Sender {
  static canHoldBack = true;
  track: string | null = null;
  encoding: Encoding = { active: true };
  /** Everything that ever could leave. */
  readonly left: string[] = [];

  async replaceTrack(track: string | null): Promise<void> {
    this.track = track;
    this.note();
  }
  getParameters(): { encodings: Encoding[] } {
    return { encodings: Sender.canHoldBack ? [{ ...this.encoding }] : [] };
  }
  async setParameters({ encodings }: { encodings: Encoding[] }): Promise<void> {
    this.encoding = { active: true, ...encodings[0] };
    this.note();
  }
  private note(): void {
    if (this.track !== null && this.encoding.active) this.left.push(this.track);
  }
}

/** A browser's peer connection as far as negotiation goes: states, descriptions, generations; no network. */
class Connection extends EventTarget {
  static made = 0;
  signalingState = "stable";
  connectionState = "new";
  policy = "";
  servers: readonly object[] = [];
  localDescription: Description | null = null;
  remoteDescription: Description | null = null;
  readonly added: string[] = [];
  private readonly session = ++Connection.made;
  private generation = 1;
  private version = 1;

  readonly transceivers: { sender: Sender; receiver: { track: { kind: string } }; direction: string }[] = [];

  addTransceiver(kind: string): object {
    const transceiver = { sender: new Sender(), receiver: { track: { kind } }, direction: "sendrecv" };
    this.transceivers.push(transceiver);
    return transceiver;
  }
  getTransceivers(): object[] {
    return this.transceivers;
  }
  sender(kind: "audio" | "video"): Sender {
    const one = this.transceivers.find(({ receiver }) => receiver.track.kind === kind);
    if (one === undefined) throw new Error(`no transceiver for ${kind}`);
    return one.sender;
  }
  async createOffer(): Promise<object> {
    return { type: "offer", sdp: "" };
  }
  restartIce(): void {
    this.generation += 1;
  }
  setConfiguration(configuration: { iceTransportPolicy: string; iceServers: readonly object[] }): void {
    this.policy = configuration.iceTransportPolicy;
    this.servers = configuration.iceServers;
  }
  close(): void {}
  async setLocalDescription(wanted?: { type: string }): Promise<void> {
    if (wanted?.type === "rollback") {
      this.signalingState = "stable";
      return;
    }
    const type = this.signalingState === "have-remote-offer" ? "answer" : "offer";
    const sdp = `o=- ${this.session} ${++this.version} IN IP4 127.0.0.1\r\na=ice-ufrag:${this.session}g${this.generation}\r\n`;
    this.localDescription = { type, sdp };
    this.signalingState = type === "offer" ? "have-local-offer" : "stable";
  }
  async setRemoteDescription(description: Description): Promise<void> {
    this.remoteDescription = description;
    if (this.transceivers.length === 0) for (const kind of ["audio", "video"]) this.addTransceiver(kind);
    this.signalingState = description.type === "offer" ? "have-remote-offer" : "stable";
  }
  async addIceCandidate({ candidate }: Candidate): Promise<void> {
    this.added.push(candidate);
  }
}

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
    expect(bob.connection.remoteDescription?.sdp).toBe(alice.connection.localDescription?.sdp);
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
