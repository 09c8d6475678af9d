import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { PeerLink } from "../peer/PeerLink";
import type { Description } from "../signaling/messages";
import { ReadyOffer } from "./ReadyOffer";

/** A connection whose offer is there when the test says so. */
class Link {
  closed = false;
  made: (offer: Description) => void = () => undefined;
  private readonly offer = new Promise<Description>((made) => (this.made = made));

  prepare(): Promise<Description> {
    return this.offer;
  }
  close(): void {
    this.closed = true;
  }
}

const OFFER: Description = { type: "offer", sdp: "mine" };

let links: Link[];
let ready: ReadyOffer;

beforeEach(() => {
  vi.useFakeTimers();
  links = [];
  ready = new ReadyOffer(() => {
    const link = new Link();
    links.push(link);
    return link as unknown as PeerLink;
  });
});

afterEach(() => {
  vi.useRealTimers();
});

describe("the offer that rides along", () => {
  it("is made once, and taken once", async () => {
    ready.make();
    ready.make();
    links[0]?.made(OFFER);
    expect(await ready.take()).toMatchObject({ offer: OFFER });
    expect(links).toHaveLength(1);
    const next = ready.take();
    links[1]?.made(OFFER);
    expect(await next).toMatchObject({ offer: OFFER });
    expect(links.map(({ closed }) => closed)).toEqual([false, false]);
  });

  it("is not waited for when it is late, and its connection closes", async () => {
    const taken = ready.take();
    await vi.runAllTimersAsync();
    expect(await taken).toBeNull();
    links[0]?.made(OFFER);
    await vi.runAllTimersAsync();
    expect(links[0]?.closed).toBe(true);
  });

  it("is none where no connection can be made: the call goes out all the same", async () => {
    ready = new ReadyOffer(() => {
      throw new DOMException("Cannot create so many PeerConnections", "UnknownError");
    });
    expect(await ready.take()).toBeNull();
  });

  it("that nobody takes is closed", async () => {
    ready.make();
    links[0]?.made(OFFER);
    ready.discard();
    await vi.runAllTimersAsync();
    expect(links[0]?.closed).toBe(true);
  });

  it("stays open for who took it while its screen goes away", async () => {
    ready.make();
    const taken = ready.take();
    ready.discard();
    links[0]?.made(OFFER);
    expect(await taken).not.toBeNull();
    expect(links[0]?.closed).toBe(false);
  });
});
