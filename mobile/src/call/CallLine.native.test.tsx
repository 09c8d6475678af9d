import { webRTCModule as phone } from "../peer/webrtcModule.testing";
import type { Ack } from "../signaling/messages";
import { CallLine } from "./CallLine";

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

it("on a phone, nobody is called by who refuses the microphone", async () => {
  phone.allowed.microphone = false;
  await line.call({ userId: "bob", name: "" }, null, "video");
  expect(line.view.get().asking?.problem).toBe("refused");
  expect(said).toEqual([]);
});
