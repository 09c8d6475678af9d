// A call as the usual tutorial makes it: the stock socket.io-client, RTCPeerConnection and five messages, nothing else.
const { token, me, other } = JSON.parse(decodeURIComponent(location.hash.slice(1)));
const byId = (id) => document.getElementById(id);

let connection = null;
let camera = null;
let offered = null;
let early = [];

const socket = io({ auth: { token } });

async function open() {
  camera = await navigator.mediaDevices.getUserMedia({ video: true, audio: true });
  byId('local').srcObject = camera;
  connection = new RTCPeerConnection();
  connection.onicecandidate = ({ candidate }) => {
    if (candidate) socket.emit('ice-candidate', { candidate, to: other });
  };
  connection.ontrack = ({ streams }) => {
    byId('remote').srcObject = streams[0];
  };
  for (const track of camera.getTracks()) connection.addTrack(track, camera);
  byId('hang-up').hidden = false;
}

function end() {
  connection?.close();
  camera?.getTracks().forEach((track) => track.stop());
  [connection, camera, offered, early] = [null, null, null, []];
  byId('remote').srcObject = null;
  byId('ringing').hidden = true;
  byId('hang-up').hidden = true;
}

async function takes(description) {
  await connection.setRemoteDescription(description);
  for (const candidate of early.splice(0)) await connection.addIceCandidate(candidate);
}

byId('call').onclick = async () => {
  await open();
  const offer = await connection.createOffer();
  await connection.setLocalDescription(offer);
  socket.emit('call-offer', { offer, to: other, from: me });
};

byId('accept').onclick = async () => {
  byId('ringing').hidden = true;
  await open();
  await takes(offered);
  const answer = await connection.createAnswer();
  await connection.setLocalDescription(answer);
  socket.emit('call-answer', { answer, to: other });
};

byId('hang-up').onclick = () => {
  socket.emit('end-call', { to: other });
  end();
};

socket.on('call-offer', ({ offer, name }) => {
  offered = offer;
  byId('caller').textContent = name;
  byId('ringing').hidden = false;
});
socket.on('call-answer', ({ answer }) => takes(answer));
socket.on('ice-candidate', async ({ candidate }) => {
  if (connection?.remoteDescription) await connection.addIceCandidate(candidate);
  else early.push(candidate);
});
socket.on('call-decline', end);
socket.on('end-call', end);
socket.on('connect', () => {
  document.body.dataset.ready = 'yes';
});
