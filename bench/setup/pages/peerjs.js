// As in the documentation of PeerJS: peer.call(id, stream), and on 'call': call.answer(stream).
export async function join({ me, other, rtc, ports, camera, screen }) {
  const peer = new peerjs.Peer(me, { host: location.hostname, port: ports.peerjs, path: '/', config: rtc });
  await new Promise((open, failed) => {
    peer.on('open', open);
    peer.on('error', failed);
  });
  let current = null;
  let closesThere = null;
  const follow = (call) => {
    current = call;
    // PeerJS hangs up by a data channel: before that is up the other side would not hear of it until ICE fails.
    closesThere = new Promise((can) => call.on('willCloseOnRemote', can));
    call.on('stream', (stream) => screen.shows(stream));
    call.on('close', () => {
      current = null;
      screen.ends();
    });
  };
  peer.on('call', (call) => {
    follow(call);
    screen.rings();
  });
  return {
    call: () => follow(peer.call(other, camera)),
    accept: () => current.answer(camera),
    async hangUp() {
      await closesThere;
      current?.close();
    },
  };
}
