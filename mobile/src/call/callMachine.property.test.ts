import { describe, expect, it } from "vitest";
import { SERVER_EVENTS, type Ack, type ServerMessage } from "../signaling/messages";
import { step } from "./callMachine";
import { dice } from "./dice.testing";
import { keptOf, keptIn, type KeptCall } from "./kept";
import { Phone } from "./phone.testing";
import { IDLE, type CallCommand, type CallEvent, type CallState } from "./callState";

const WALKS = 4_000;
const STEPS = 30;
const DEVICES = ["b1", "b2", "*", "c1"];
const CALLS = ["c1", "c2"];
const REQUESTS = [
  ...(["call-offer", "call-answer", "call-resume", "call-decline", "end-call"] as const),
  ...(["call-hold", "call-media", "call-connected"] as const),
];
const OF_NO_CALL: readonly string[] = ["presence", "history-changed", "server-draining", "error"];

/** Calls that a page which was loaded anew comes back to. */
const KEPT: readonly KeptCall[] = [
  new Phone().calls("bob").serverTakes(),
  new Phone().hears("call-offer", { from: "bob" }).accepts(),
  Phone.inCall(),
  Phone.inCall().happens({ type: "hold", held: true }),
].flatMap(({ state, now }) => keptIn(keptOf([state], true, now, "alice"), now)?.calls ?? []);

/** Any event there is, of any call, from any device. */
function anything(random: () => number): CallEvent {
  const one = <T>(of: readonly T[]): T => of[Math.floor(random() * of.length)] as T;
  const callId = one(CALLS);
  const device = one(DEVICES);
  const description = { type: one(["offer", "answer"] as const), sdp: `o=- ${one([1, 2])} 2 IN IP4 0.0.0.0\r\n` };
  const relay = one(["direct", "until-answered", "always"] as const);
  const ack = (): Ack | null =>
    one<Ack | null>([
      null,
      { ok: false, error: { code: one(["conflict", "busy", "not_found"]), message: "" } },
      {
        ok: true,
        fields: { callId: one(CALLS), state: one(["offered", "connecting", "ended"]), relay, iceServers: [] },
      },
      { ok: true, fields: { calls: [{ callId, state: one(["ringing", "active", "reconnecting", "ended"]) }] } },
      { ok: true, fields: {} },
    ]);
  const event = one(SERVER_EVENTS);
  const message = {
    event,
    ...(OF_NO_CALL.includes(event) ? {} : { callId }),
    device,
    from: one(["bob", "carol"]),
    name: "",
    circleId: null,
    media: one(["audio", "video"]),
    offer: one([null, description]),
    answer: one([null, description]),
    description,
    candidates: one([[], [{ candidate: "candidate:1" }]]),
    replaces: one([null, "c1"]),
    replacedBy: one([null, null, "c2"]),
    expiresInMs: one([null, 45_000]),
    iceServers: [],
    relay,
    elsewhere: { outcome: one(["answered", "declined"]), deviceName: null },
    reason: one(["completed", "busy", "replaced"]),
    by: null,
    durationMs: one([null, 5]),
    sending: { audio: true, video: true, screen: false },
    held: one([null, true, false]),
    peerHeld: one([null, true, false]),
    ownMedia: one([null, { audio: true, video: false, screen: false, paused: false }]),
    state: one(["ringing", "active", "ended", "reconnecting", "reconnected"]),
    userId: "bob",
    status: "online",
    reconnectInMs: 5,
    unseenMissed: 1,
    code: "conflict",
    message: "",
  } as unknown as ServerMessage;
  return one<() => CallEvent>([
    () => ({ type: "call", callId, peer: { userId: "bob", name: "" }, circleId: null, media: "video", offer: null }),
    () => ({ type: "accept", media: one(["audio", "video"]) }),
    () => ({ type: "decline" }),
    () => ({ type: "hang-up" }),
    () => ({ type: "hold", held: random() < 0.5 }),
    () => ({ type: "media", sending: { audio: random() < 0.5 } }),
    () => ({ type: "dismiss" }),
    () => ({ type: "connected" }),
    () => ({ type: "disconnected" }),
    () => ({ type: "acked", request: one(REQUESTS), callId, ack: ack() }),
    () => ({ type: "link-connected", device }),
    () => ({ type: "link-lost", device }),
    () => ({ type: "link-failed", device }),
    () => ({ type: "link-replaced", device, description }),
    () => ({ type: "restored", call: one(KEPT) }),
    () => ({ type: "left-unsaid", goodbyes: [{ event: "end-call", payload: { callId } }] }),
    () => ({ type: "described", device, description }),
    () => ({ type: "gathered", device, candidates: [{ candidate: "candidate:1" }] }),
    () => ({ type: "captured", audio: random() < 0.5, video: random() < 0.5 }),
    () => ({ type: "timer", timer: one(["ring", "connect", "retry", "grace", "resume", "goodbye"]) }),
    () => ({ type: "heard", message }),
    () => ({ type: "heard", message }),
    () => ({ type: "heard", message, seq: one([null, 1, 2, 3]) }),
    () => ({ type: "heard", message, seq: one([null, 1, 2, 3]) }),
  ])();
}

/** Whether media may start: this side accepts, or calls and is answered, be it by a call that crossed its own. */
function mayStart(before: CallState, event: CallEvent): boolean {
  if (before.at === "incoming") return event.type === "accept";
  if (before.at !== "calling") return before.at !== "idle" && before.at !== "ended";
  return (
    (event.type === "acked" && event.request === "call-offer") ||
    (event.type === "heard" && (event.message.event === "call-answer" || event.message.event === "call-offer"))
  );
}

function starts(commands: readonly CallCommand[]): boolean {
  return commands.some((command) => command.do === "attach-media");
}

describe("whatever comes, in whatever order", () => {
  it("starts no media before the answer, and leaves nothing open when it is over", () => {
    const reached = new Set<string>();
    for (let seed = 1; seed <= WALKS; seed++) {
      const random = dice(seed);
      const open = new Set<string>();
      const told: CallEvent[] = [];
      const story = (): string => told.map((event) => JSON.stringify(event)).join("\n");
      let state: CallState = IDLE;
      for (let i = 0; i < STEPS; i++) {
        const event = anything(random);
        told.push(event);
        const [next, commands] = step(state, event, 1_000 * i);
        if (starts(commands) && !mayStart(state, event)) expect.fail(`media starts:\n${story()}`);
        for (const command of commands) {
          if (command.do === "open-link" || command.do === "claim-link") open.add(command.device);
          if (command.do === "close-link") open.delete(command.device);
        }
        state = next;
        reached.add(state.at);
        const over = state.at === "ended" || state.at === "idle";
        if (over && open.size > 0) expect.fail(`${[...open].join()} is left open:\n${story()}`);
      }
    }
    expect([...reached].sort()).toEqual([
      "active",
      "calling",
      "connecting",
      "ended",
      "idle",
      "incoming",
      "reconnecting",
    ]);
  });
});
