import { webRTCModule as phone } from "../peer/webrtcModule.testing";
import type { Ack, ServerMessage } from "../signaling/messages";
import { CallLine } from "./CallLine";

const CAMERA_AND_VOICE = { audio: true, video: true, screen: false, paused: false };

/** One message of the server's, as far as this device looks at it. */
function message(event: ServerMessage["event"], device: string, fields: object = {}): ServerMessage {
  const call = {
    callId: "c1",
    from: "bob",
    device,
    name: "",
    circleId: null,
    media: "audio",
    offer: null,
    answer: null,
  };
  const how = {
    state: "offered",
    replaces: null,
    replacedBy: null,
    expiresInMs: 20_000,
    waiting: false,
    iceServers: [],
  };
  const rest = { reason: "completed", by: null, durationMs: null, relay: "direct", renewable: true };
  return { ...call, ...how, ...rest, ...fields, event } as unknown as ServerMessage;
}

const description = (type: "offer" | "answer"): object => ({ description: { type, sdp: "o=- 4 1 IN" } });

let line: CallLine;
let said: string[];
let ack: (callId: string) => Ack;

beforeEach(() => {
  jest.useFakeTimers();
  said = [];
  ack = (callId) => ({ ok: true, fields: { ok: true, callId, state: "offered", iceServers: [], relay: "direct" } });
  line = new CallLine({
    ringer: { ring: () => undefined, stop: () => undefined },
    relayOnly: () => false,
    lessData: () => false,
    newId: () => "c1",
    trouble: () => undefined,
    callWaiting: () => true,
    inputs: () => ({ microphone: null, camera: null }),
  });
  line.online({
    send: () => undefined,
    ask: async (asked) => {
      said.push(asked.event);
      return ack("callId" in asked.payload ? asked.payload.callId : "");
    },
    wake: () => undefined,
  });
});

afterEach(async () => {
  line.hangUp();
  line.stopAsking();
  await settled();
  phone.allowed.microphone = true;
  expect(phone.crashes).toEqual([]);
  expect(phone.open()).toEqual([]);
  jest.useRealTimers();
});

async function settled(): Promise<void> {
  await jest.advanceTimersByTimeAsync(10);
}

const hears = async (...messages: readonly ServerMessage[]): Promise<void> => {
  for (const one of messages) line.heard(one, null);
  await settled();
};

describe("on a phone, whoever calls", () => {
  beforeEach(async () => {
    await hears(message("call-offer", "b1"));
    await hears(message("call-description", "b1", description("offer")));
  });

  it("is not heard before the answer", async () => {
    expect(phone.heard()).toEqual([false]);
    line.accept("audio");
    await settled();
    expect(phone.heard()).toEqual([true]);
  });

  it("is not heard on hold", async () => {
    line.accept("audio");
    await settled();
    await hears(message("call-hold", "b1", { held: true }));
    expect(phone.heard()).toEqual([false]);
    await hears(message("call-hold", "b1", { held: false }));
    expect(phone.heard()).toEqual([true]);
  });
});

it("on a phone, nobody is called by who refuses the microphone", async () => {
  phone.allowed.microphone = false;
  await line.call({ userId: "bob", name: "" }, null, "video");
  expect(line.view.get().asking?.problem).toBe("refused");
  expect(said).toEqual([]);
});

it("on a phone, of the devices that ring only the one that answers is heard", async () => {
  await line.call({ userId: "bob", name: "" }, null, "audio");
  await settled();
  for (const device of ["b1", "b2"]) {
    await hears(message("call-ringing", device), message("call-description", device, description("answer")));
  }
  expect(phone.heard()).toEqual([false, false]);
  await hears(message("call-answer", "b2", { media: CAMERA_AND_VOICE }));
  expect(phone.heard()).toEqual([true]);
});
