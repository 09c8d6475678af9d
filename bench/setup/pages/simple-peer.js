// As in the README of simple-peer: new SimplePeer({ initiator, stream }), and each 'signal' goes to the other side.
import { signaling } from './signaling.js';

export async function join({ me, rtc, ports, camera, screen }) {
  let peer = null;
  let number = null;
  let early = [];

  const begin = (initiator) => {
    peer = new SimplePeer({ initiator, stream: camera, config: rtc });
    peer.on('signal', (signal) => say({ number, signal }));
    peer.on('stream', (stream) => screen.shows(stream));
    peer.on('error', () => end());
  };
  const end = () => {
    peer?.destroy();
    peer = null;
    early = [];
    screen.ends();
  };
  const say = await signaling({
    me,
    ports,
    heard: ({ number: theirs, signal, bye }) => {
      if (bye) {
        if (theirs === number) end();
      } else if (peer) {
        if (theirs === number) peer.signal(signal);
      } else if (signal.type === 'offer') {
        number = theirs;
        early = [signal];
        screen.rings();
      } else if (theirs === number && early.length > 0) early.push(signal);
    },
  });
  return {
    call() {
      number = crypto.randomUUID?.() ?? String(Math.random());
      begin(true);
    },
    accept() {
      begin(false);
      for (const signal of early.splice(0)) peer.signal(signal);
    },
    hangUp() {
      say({ number, bye: true });
      end();
    },
  };
}
