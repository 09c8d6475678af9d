import type { CallLine } from "./CallLine";

declare global {
  interface Window {
    __kith?: {
      /** The live peer connections, by the other side's device. */
      readonly connections: () => Record<string, RTCPeerConnection>;
      /** The state of the call machine. */
      readonly call: () => string;
      /** The same of a second call, which waits or is held. */
      readonly beside: () => string;
    };
  }
}

/** Lets a test, or who wants to look (`await __kith.connections()[...].getStats()`), at the connections of the call. */
export function exposeCalls(calls: CallLine): void {
  window.__kith = {
    connections: () => Object.fromEntries(calls.connections()),
    call: () => calls.view.get().state.at,
    beside: () => calls.view.get().beside.at,
  };
}
