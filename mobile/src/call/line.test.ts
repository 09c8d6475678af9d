import { describe, expect, it } from "vitest";
import type { ServerMessage } from "../signaling/messages";
import { outgoing } from "./callCourse";
import type { CallCommand, CallState } from "./callState";
import { behind, lineStep, NO_CALLS, type Line, type LineEvent, type Slot } from "./line";
import { keptOf, keptIn } from "./kept";

const TRACKS = { audio: {}, video: {} } as unknown as Parameters<typeof outgoing>[1];
const ALL_OF_IT = { audio: true, video: true, screen: false, paused: false };
const HOLD_AND_ANSWER = { type: "take-waiting", first: "hold", media: "video" } as const;

/** A device in a test, with its calls: alice's is "a", from device a1; carol's is "c", from c1. */
class Bob {
  line: Line = NO_CALLS;
  private commands: (CallCommand & { of: Slot })[] = [];

  constructor() {
    this.happens({ type: "connected" });
  }

  happens(event: LineEvent): this {
    const [next, commands] = lineStep(this.line, event, 1_000_000);
    this.line = next;
    this.commands.push(...commands.map(({ slot, command }) => ({ ...command, of: slot })));
    return this;
  }

  front(): CallState {
    return this.line.calls[this.line.front];
  }

  beside(): CallState {
    return this.line.calls[behind(this.line)];
  }

  did(): string[] {
    return this.commands.splice(0).map((command) => {
      if (command.do === "send") {
        const { event, payload } = command.message;
        return `${event} ${"callId" in payload ? payload.callId : ""}${"held" in payload ? ` ${payload.held}` : ""}`.trim();
      }
      return command.do === "ring" ? `ring ${command.tone}` : command.do;
    });
  }

  hears(event: ServerMessage["event"], callId: string, fields: Record<string, unknown> = {}): this {
    const who = callId === "a" ? "alice" : "carol";
    const defaults = {
      from: who,
      device: `${callId}1`,
      name: who,
      circleId: null,
      media: "video",
      state: "offered",
      offer: null,
    };
    const more = { replaces: null, expiresInMs: 20_000, waiting: false, iceServers: [], replacedBy: null, by: null };
    const message = { ...defaults, ...more, durationMs: null, ...fields, event, callId };
    return this.happens({ type: "heard", message: message as unknown as ServerMessage });
  }

  comesUp(callId: string): this {
    const slot: Slot = "callId" in this.line.calls[0] && this.line.calls[0].callId === callId ? 0 : 1;
    return this.happens({ type: "in", slot, event: { type: "link-connected", device: `${callId}1` } });
  }

  sendsTo(callId: string): boolean {
    const call = this.line.calls.find((one) => "callId" in one && one.callId === callId);
    return call !== undefined && outgoing(call, TRACKS).audio !== null;
  }

  static talking(): Bob {
    const bob = new Bob().hears("call-offer", "a");
    bob.happens({ type: "accept", media: "video" }).comesUp("a").did();
    return bob;
  }

  static waitedFor(): Bob {
    const bob = Bob.talking().hears("call-offer", "c", { waiting: true });
    return bob;
  }

  static inTwo(): Bob {
    const bob = Bob.waitedFor().happens(HOLD_AND_ANSWER).comesUp("c");
    bob.did();
    return bob;
  }
}

describe("a second call while talking", () => {
  it("waits softly beside the first, and opens no camera", () => {
    const bob = Bob.waitedFor();
    expect(bob.front()).toMatchObject({ at: "active", callId: "a" });
    expect(bob.beside()).toMatchObject({ at: "incoming", callId: "c", waiting: true });
    expect(bob.did()).toEqual(["call-ringing c", "ring waiting", "open-link", "start-timer"]);
    expect([bob.sendsTo("a"), bob.sendsTo("c")]).toEqual([true, false]);
  });

  it("is let be where it does not say that it waits", () => {
    const bob = Bob.talking().hears("call-offer", "c");
    expect(bob.beside().at).toBe("idle");
    expect(bob.front()).toMatchObject({ callId: "a" });
  });

  it("is taken after the first is held, in this order, and nothing goes to the first", () => {
    const bob = Bob.waitedFor();
    bob.did();
    const did = bob.happens(HOLD_AND_ANSWER).did();
    expect(did.slice(0, 2)).toEqual(["call-hold a true", "attach-media"]);
    expect(did).toContain("call-answer c");
    expect(bob.front()).toMatchObject({ callId: "c" });
    expect(bob.beside()).toMatchObject({ callId: "a", held: true });
    expect([bob.sendsTo("a"), bob.sendsTo("c")]).toEqual([false, true]);
  });

  it("is taken after the first is ended, and the camera stays open", () => {
    const bob = Bob.waitedFor();
    bob.did();
    const did = bob.happens({ type: "take-waiting", first: "end", media: "video" }).did();
    expect(did.indexOf("end-call a")).toBeLessThan(did.indexOf("call-answer c"));
    expect(did).not.toContain("release-media");
    expect(bob.front()).toMatchObject({ callId: "c" });
    expect(bob.beside()).toMatchObject({ at: "ended", callId: "a" });
  });

  it("is declined without a trace in the first", () => {
    const bob = Bob.waitedFor();
    const first = bob.front();
    bob.did();
    const did = bob.happens({ type: "decline-waiting" }).did();
    expect(did).toContain("call-decline c");
    expect(did).not.toContain("release-media");
    expect(bob.front()).toBe(first);
  });

  it("once declined does not ring again, whichever call is over when the server rings anew", () => {
    const bob = Bob.waitedFor().happens({ type: "disconnected" }).happens({ type: "decline-waiting" });
    bob.happens({ type: "dismiss-beside" }).happens({ type: "hang-up" }).happens({ type: "connected" }).did();
    bob.hears("call-offer", "c", { waiting: true }).hears("call-offer", "c");
    expect(bob.did()).toEqual([]);
  });

  it("goes on ringing when the first is over, as any other once the server says so", () => {
    const bob = Bob.waitedFor();
    bob.did();
    expect(bob.hears("end-call", "a", { reason: "completed" }).did()).not.toContain("stop-ringing");
    expect(bob.front()).toMatchObject({ at: "incoming", callId: "c" });
    const did = bob.hears("call-state", "c", { state: "ringing", held: false, peerHeld: false }).did();
    expect(did).toEqual(["ring incoming", "preview", "start-timer"]);
  });

  it("rings as any other where it waits no more when this device comes back, the first being over by then", () => {
    const bob = Bob.waitedFor().happens({ type: "disconnected" }).happens({ type: "connected" });
    bob.did();
    const did = bob.hears("call-offer", "c").did();
    expect(did).toEqual(["call-ringing c", "ring incoming", "close-link", "open-link", "preview", "start-timer"]);
    const ack = { ok: true, fields: { calls: [{ callId: "a", state: "ended", reason: "completed" }] } } as const;
    bob.happens({ type: "in", slot: 0, event: { type: "acked", request: "call-resume", callId: "a", ack } });
    expect(bob.front()).toMatchObject({ at: "incoming", callId: "c", waiting: false });
    // Camera and microphone are this call's by now.
    expect(bob.did().filter((what) => what === "stop-ringing" || what === "release-media")).toEqual([]);
  });

  it("cannot be taken twice", () => {
    const bob = Bob.inTwo().happens({ type: "take-waiting", first: "end", media: "video" });
    expect(bob.did()).toEqual([]);
  });
});

describe("a call that is held", () => {
  it("is swapped with the other: never two at once", () => {
    const bob = Bob.inTwo();
    const did = bob.happens({ type: "swap" }).did();
    expect(did.filter((what) => what.startsWith("call-hold"))).toEqual(["call-hold c true", "call-hold a false"]);
    expect([bob.sendsTo("a"), bob.sendsTo("c")]).toEqual([true, false]);
    expect(bob.front()).toMatchObject({ callId: "a" });
  });

  it("comes to the front when the other ends, held still, and the camera is closed until it goes on", () => {
    const bob = Bob.inTwo();
    expect(bob.hears("end-call", "c", { reason: "completed" }).did()).toContain("release-media");
    expect(bob.front()).toMatchObject({ callId: "a", held: true });
    expect(bob.sendsTo("a")).toBe(false);
    expect(bob.happens({ type: "resume" }).did()).toEqual(["call-hold a false", "capture", "attach-media"]);
    expect(bob.sendsTo("a")).toBe(true);
  });

  it("ends by itself, and leaves the other alone", () => {
    const bob = Bob.inTwo();
    const did = bob.happens({ type: "end-held" }).did();
    expect(did).toContain("end-call a");
    expect(did).not.toContain("release-media");
    expect(bob.front()).toMatchObject({ callId: "c", at: "active" });
  });

  it("keeps what it means to send, whatever happens to camera and microphone meanwhile", () => {
    const bob = Bob.inTwo();
    bob.happens({ type: "in", slot: 0, event: { type: "captured", audio: true, video: false } });
    expect(bob.beside()).toMatchObject({ sending: { video: true } });
  });

  it("shares no screen, not even when it goes on, and the other side knows", () => {
    const bob = Bob.talking().happens({ type: "media", sending: { screen: true } });
    bob.hears("call-offer", "c", { waiting: true }).did();
    const did = bob.happens(HOLD_AND_ANSWER).did();
    expect(did.slice(0, 3)).toEqual(["call-hold a true", "call-media a", "attach-media"]);
    expect(bob.beside()).toMatchObject({ held: true, sending: { video: true, screen: false } });
    bob.happens({ type: "swap" });
    expect(bob.front()).toMatchObject({ callId: "a", sending: { video: true, screen: false } });
  });

  it.each(["this", "the other"])("by %s side, gives a picture that was paused a new try", (side) => {
    const bob = Bob.talking().happens({ type: "media", sending: { paused: true } });
    if (side === "this")
      bob.hears("call-offer", "c", { waiting: true }).happens(HOLD_AND_ANSWER).happens({ type: "swap" });
    else bob.hears("call-hold", "a", { held: true }).hears("call-hold", "a", { held: false });
    expect(bob.front()).toMatchObject({
      callId: "a",
      sending: { paused: false },
      told: { video: true, paused: false },
    });
  });

  it("is resumed before the other after a lost connection, and the server learns what it missed", () => {
    const bob = Bob.inTwo().happens({ type: "disconnected" }).happens({ type: "connected" });
    expect(bob.did().filter((what) => what.startsWith("call-"))).toHaveLength(2);
    bob.hears("call-state", "a", { state: "active", held: false, peerHeld: false, ownMedia: ALL_OF_IT });
    expect(bob.did()).toEqual(["call-hold a true"]);
    bob.hears("call-state", "c", { state: "active", held: false, peerHeld: true, ownMedia: ALL_OF_IT });
    expect(bob.front()).toMatchObject({ callId: "c", farHeld: true });
    expect(bob.sendsTo("c")).toBe(false);
  });

  it("by the other side, sends nothing either until they go on", () => {
    const bob = Bob.talking().hears("call-hold", "a", { held: true });
    expect(bob.did()).toEqual(["attach-media"]);
    expect(bob.sendsTo("a")).toBe(false);
    bob.hears("call-hold", "a", { held: false });
    expect(bob.sendsTo("a")).toBe(true);
  });

  it("and the other both end when the person signs out", () => {
    const bob = Bob.inTwo().happens({ type: "sign-out" });
    const did = bob.did();
    expect(did).toContain("end-call a");
    expect(did).toContain("end-call c");
    expect(did).toContain("release-media");
  });
});

it("nothing is left when the person signs out, not the call either that came in while one was on its way", () => {
  const peer = { userId: "alice", name: "alice" };
  const bob = new Bob().happens({ type: "call", callId: "a", peer, circleId: null, media: "video", offer: null });
  bob.hears("call-offer", "c").happens({ type: "sign-out" });
  expect(bob.line).toEqual(NO_CALLS);
  expect(bob.did()).toContain("stop-ringing");
});

it("nothing of one person's calls is told in the name of the next", () => {
  const bob = Bob.inTwo().happens({ type: "disconnected" }).happens({ type: "sign-out" });
  bob.did();
  expect(bob.happens({ type: "connected" }).did()).toEqual([]);
});

it("a call that was kept while the page was loaded anew is the one in front", () => {
  const before = Bob.talking().front();
  const bob = new Bob().happens({ type: "disconnected" });
  const call = keptIn(keptOf([before], true, 1_000_000, "alice"), 1_000_000)?.calls[0];
  if (call !== undefined) bob.happens({ type: "restored", call }).did();
  expect(bob.front()).toMatchObject({ at: "reconnecting", callId: "a" });
  expect(bob.happens({ type: "connected" }).did()).toEqual(["call-resume"]);
});

it("of two calls that were kept the held one comes back held, beside the other", () => {
  const before = Bob.inTwo();
  const bob = new Bob().happens({ type: "disconnected" });
  const kept = keptIn(keptOf([before.front(), before.beside()], true, 1_000_000, "alice"), 1_000_000);
  const [front, held] = kept?.calls ?? [];
  if (front === undefined || held === undefined) throw new Error("one of them was not kept");
  bob.happens({ type: "restored", call: front });
  bob.happens({ type: "in", slot: behind(bob.line), event: { type: "restored", call: held } }).did();
  expect(bob.front()).toMatchObject({ at: "reconnecting", callId: "c", held: false });
  expect(bob.beside()).toMatchObject({ at: "reconnecting", callId: "a", held: true });
  expect(bob.happens({ type: "connected" }).did()).toEqual(["call-resume", "call-resume"]);
  const calls = [{ callId: "a", state: "active", device: "a1" }];
  const ack = { ok: true, fields: { calls } } as const;
  const resumed = { type: "acked", request: "call-resume", callId: "a", ack } as const;
  expect(bob.happens({ type: "in", slot: behind(bob.line), event: resumed }).did()).toContain("open-link");
  expect(bob.sendsTo("a")).toBe(false);
  expect(bob.sendsTo("c")).toBe(true);
});
