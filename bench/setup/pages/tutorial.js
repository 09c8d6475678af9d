// The usual tutorial: ring, accept, and only then an offer, its answer, and candidates as they come.
import { signaling } from './signaling.js';

export async function join({ me, rtc, ports, camera, screen }) {
  let connection = null;
  let early = [];

  const open = () => {
    connection = new RTCPeerConnection(rtc);
    connection.onicecandidate = ({ candidate }) => candidate && say({ candidate });
    connection.ontrack = ({ streams }) => screen.shows(streams[0]);
    for (const track of camera.getTracks()) connection.addTrack(track, camera);
  };
  const end = () => {
    connection?.close();
    connection = null;
    early = [];
    screen.ends();
  };
  const addEarly = async () => {
    for (const candidate of early.splice(0)) await connection.addIceCandidate(candidate);
  };
  const hear = {
    call: () => screen.rings(),
    async accepted() {
      open();
      await connection.setLocalDescription(await connection.createOffer());
      say({ offer: connection.localDescription });
    },
    async offer({ offer }) {
      open();
      await connection.setRemoteDescription(offer);
      await connection.setLocalDescription(await connection.createAnswer());
      say({ answer: connection.localDescription });
      await addEarly();
    },
    async answer({ answer }) {
      await connection.setRemoteDescription(answer);
      await addEarly();
    },
    async candidate({ candidate }) {
      if (connection?.remoteDescription) await connection.addIceCandidate(candidate);
      else early.push(candidate);
    },
    bye: () => end(),
  };
  const say = await signaling({ me, ports, heard: (message) => hear[Object.keys(message)[0]]?.(message) });
  return {
    call: () => say({ call: true }),
    accept: () => say({ accepted: true }),
    hangUp() {
      say({ bye: true });
      end();
    },
  };
}
