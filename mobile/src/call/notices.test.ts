import { beforeEach, expect, it } from "vitest";
import { createStore, type Store } from "../ui/store";
import { IDLE, type CallState } from "./callState";
import { followNotices } from "./notices";
import { Phone } from "./phone.testing";

/** The notices that are shown, by title. */
let shown: string[];
let bob: Phone;
let calls: Store<{ state: CallState; beside: CallState }>;

beforeEach(() => {
  shown = [];
  bob = new Phone();
  calls = createStore<{ state: CallState; beside: CallState }>({ state: IDLE, beside: IDLE });
  followNotices(calls, ({ title }) => {
    shown.push(title);
    return () => (shown = shown.filter((one) => one !== title));
  });
});

const told = (): string[] => {
  calls.set({ state: bob.state, beside: IDLE });
  return shown;
};

it("a call is told of once, while it rings", () => {
  bob.hears("call-offer", { name: "Alice" });
  expect(told()).toEqual(["Alice calls you"]);
  bob.hears("call-offer", { name: "Alice" });
  expect(told()).toEqual(["Alice calls you"]);
  bob.accepts();
  expect(told()).toEqual([]);
});

it("one that was missed stays told, and a call that was declined or ended is none", () => {
  bob.hears("call-offer", { name: "Alice" });
  told();
  bob.hears("end-call", { reason: "cancelled" });
  expect(told()).toEqual(["You missed a call from Alice"]);
  bob.happens({ type: "dismiss" });
  expect(told()).toEqual(["You missed a call from Alice"]);
  bob.hears("call-offer", { name: "Carol" }, "c2");
  told();
  bob.happens({ type: "decline" });
  expect(told()).toEqual(["You missed a call from Alice"]);
});

it("a call that waits beside another is told of, too", () => {
  bob.hears("call-offer", { name: "Carol", waiting: true });
  calls.set({ state: Phone.inCall().state, beside: bob.state });
  expect(shown).toEqual(["Carol calls you"]);
});

it("of one's own calls nothing is told", () => {
  bob = Phone.inCall();
  told();
  bob.hears("end-call", { reason: "connection_lost" });
  expect(told()).toEqual([]);
});
