/** Runs in the page before the app: its peer connections are left only the ICE servers whose URL matches. */
export function leaveServers(pattern: string): void {
  const leave = (configuration: RTCConfiguration): RTCConfiguration => ({
    ...configuration,
    iceServers: (configuration.iceServers ?? []).flatMap((server) => {
      const urls = [server.urls].flat().filter((url) => new RegExp(pattern).test(url));
      return urls.length === 0 ? [] : [{ ...server, urls }];
    }),
  });
  const Native = window.RTCPeerConnection;
  window.RTCPeerConnection = class extends Native {
    constructor(configuration: RTCConfiguration = {}) {
      super(leave(configuration));
    }

    override setConfiguration(configuration: RTCConfiguration = {}): void {
      super.setConfiguration(leave(configuration));
    }
  };
}
