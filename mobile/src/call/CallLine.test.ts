import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { ServerMessage } from "../signaling/messages";
import { CallLine } from "./CallLine";
import type { Outlet } from "./CallShell";

/** What was done at the device, in order. */
let done: string[];

class Connection extends EventTarget {
  static last: Connection | null = null;
  connectionState = "new";
  constructor() {
    super();
    Connection.last = this;
    done.push("connection");
  }
  becomes(state: string): void {
    this.connectionState = state;
    this.dispatchEvent(new Event("connectionstatechange"));
  }
  addTransceiver(): object {
    return { sender: {}, receiver: {} };
  }
  getTransceivers(): object[] {
    return [];
  }
  async createOffer(): Promise<object> {
    return { type: "offer", sdp: "mine" };
  }
  close(): void {
    done.push("closed");
  }
}

const outlet: Outlet = {
  send: ({ event }) => done.push(event),
  ask: ({ event }) => {
    done.push(event);
    return new Promise(() => undefined);
  },
  wake: () => done.push("looks whether the server is there"),
};

function heard(line: CallLine, event: "call-offer" | "end-call", callId: string, waiting = false): void {
  const offer = { from: callId, device: `${callId}1`, name: "", circleId: null, media: "audio", offer: null };
  const how = { state: "offered", replaces: null, replacedBy: null, expiresInMs: 20_000, waiting, iceServers: [] };
  const end = { reason: "completed", by: null, durationMs: null };
  line.heard({ ...offer, ...how, ...end, relay: "direct", event, callId } as unknown as ServerMessage, null);
}

const did = (): string[] => done.splice(0);

let line: CallLine;

beforeEach(() => {
  vi.useFakeTimers();
  vi.stubGlobal("RTCPeerConnection", Connection);
  vi.stubGlobal("navigator", { permissions: { query: async () => ({ state: "granted" }) } });
  done = [];
  line = new CallLine({
    ringer: { ring: (tone) => done.push(`ring ${tone}`), stop: () => undefined },
    relayOnly: () => false,
    lessData: () => false,
    newId: () => "mine",
    trouble: () => undefined,
    callWaiting: () => true,
    inputs: () => ({ microphone: null, camera: null }),
  });
  line.online(outlet);
});

afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

describe("an offer made ahead", () => {
  it("is at hand while a screen is open from which somebody may be called", async () => {
    const leave = line.getReady();
    await vi.advanceTimersByTimeAsync(0);
    expect(did()).toEqual(["connection"]);
    leave();
    await vi.advanceTimersByTimeAsync(0);
    expect(did()).toEqual(["closed"]);
  });

  it("is one, whichever of the two calls is in front by then, and goes with the screen", async () => {
    const leave = line.getReady();
    heard(line, "call-offer", "a");
    line.accept("audio");
    heard(line, "call-offer", "c", true);
    line.takeWaiting("end");
    heard(line, "end-call", "c");
    await vi.advanceTimersByTimeAsync(0);
    did();
    await line.call({ userId: "bob", name: "" }, null, "audio");
    expect(did()).toEqual(["call-offer"]);
    line.hangUp();
    await vi.advanceTimersByTimeAsync(0);
    did();
    leave();
    await vi.advanceTimersByTimeAsync(0);
    expect(did()).toEqual(["closed"]);
  });
});

describe("a page that said it goes away", () => {
  it("and stayed, has the server wait for it as for any other", () => {
    heard(line, "call-offer", "a");
    line.accept("audio");
    did();
    line.stay();
    expect(did()).toEqual([]);
    line.leave();
    line.stay();
    line.stay();
    expect(did()).toEqual(["call-leave", "call-resume"]);
  });
});

describe("a call that comes in", () => {
  it("rings at once, and makes its connection when that is on the screen", async () => {
    heard(line, "call-offer", "a");
    expect(did()).toEqual(["call-ringing", "ring incoming"]);
    await vi.advanceTimersByTimeAsync(0);
    expect(did()).toEqual(["connection"]);
  });
});

describe("when somebody signs out", () => {
  it("the call is ended, and nothing of it is left to who comes next", async () => {
    heard(line, "call-offer", "a");
    await vi.advanceTimersByTimeAsync(0);
    line.accept("audio");
    did();
    line.signOut();
    expect(did()).toContain("end-call");
    expect(line.view.get().state.at).toBe("idle");
    expect(line.course.get()).toBeNull();
  });

  it("a call that was about to be made is not", async () => {
    const placed = line.call({ userId: "bob", name: "" }, null, "audio");
    line.signOut();
    await placed;
    expect(did()).toEqual(["connection", "closed"]);
  });
});

const VOICE = { kind: "audio", readyState: "live", stop: () => undefined, addEventListener: () => undefined };

describe("a call that comes in while the browser asks whether the microphone may be used", () => {
  let answers: (allowed: boolean) => Promise<void>;

  beforeEach(async () => {
    const asked = new Promise<boolean>((allowed) => {
      answers = async (answer) => {
        allowed(answer);
        await vi.advanceTimersByTimeAsync(200);
      };
    });
    const getUserMedia = async (): Promise<object> => {
      if (!(await asked)) throw new DOMException("", "NotAllowedError");
      return { getAudioTracks: () => [VOICE], getVideoTracks: () => [], getTracks: () => [VOICE] };
    };
    vi.stubGlobal("navigator", {
      permissions: { query: async () => ({ state: "prompt" }) },
      mediaDevices: { getUserMedia, enumerateDevices: async () => [] },
    });
    vi.stubGlobal("MediaStream", class {});
    void line.call({ userId: "bob", name: "Bob" }, null, "audio");
    await vi.advanceTimersByTimeAsync(0);
    expect(line.view.get().asking).toMatchObject({ peer: { name: "Bob" } });
    heard(line, "call-offer", "a");
  });

  it("is seen, and the other once it is declined", async () => {
    expect(line.view.get()).toMatchObject({ asking: null, state: { at: "incoming" } });
    line.decline();
    expect(line.view.get().asking).toMatchObject({ peer: { name: "Bob" } });
    did();
    await answers(true);
    expect(did()).toContain("call-offer");
  });

  it("does not let the other be made without a voice", async () => {
    line.decline();
    did();
    await answers(false);
    expect(did()).not.toContain("call-offer");
    expect(line.view.get().asking).toMatchObject({ peer: { name: "Bob" }, problem: "refused" });
  });

  it("is the only one once it is taken", async () => {
    line.accept("audio");
    line.hangUp();
    did();
    await answers(true);
    expect(did()).not.toContain("call-offer");
    expect(line.view.get()).toMatchObject({ asking: null, state: { at: "ended" } });
  });
});

describe("media that is interrupted", () => {
  const LOOKS = "looks whether the server is there";

  it("in a call has the way to the server looked at, at once", async () => {
    heard(line, "call-offer", "a");
    await vi.advanceTimersByTimeAsync(0);
    line.accept("audio");
    Connection.last?.becomes("connected");
    expect(did()).not.toContain(LOOKS);
    Connection.last?.becomes("disconnected");
    expect(did()).toEqual([LOOKS]);
  });

  it("while it rings is nobody's business", async () => {
    heard(line, "call-offer", "a");
    await vi.advanceTimersByTimeAsync(0);
    Connection.last?.becomes("failed");
    expect(did()).not.toContain(LOOKS);
  });
});
