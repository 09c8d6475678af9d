import type { CallShell } from "./CallShell";

declare global {
  interface Window {
    __kith?: {
      /** The live peer connections, by the other side's device. */
      readonly connections: () => Record<string, RTCPeerConnection>;
      /** The state of the call machine. */
      readonly call: () => string;
    };
  }
}

/** Lets a test, or who wants to look (`await __kith.connections()[...].getStats()`), at the connections of the call. */
export function exposeCalls(calls: CallShell): void {
  window.__kith = {
    connections: () => Object.fromEntries(calls.connections()),
    call: () => calls.view.get().state.at,
  };
}
