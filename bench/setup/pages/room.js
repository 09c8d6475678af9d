// What every tutorial builds: a page that opens camera and microphone when it loads, a button to call, one to accept.
const { client, me, other, rtc, ports } = JSON.parse(decodeURIComponent(location.hash.slice(1)));
const { join } = await import(`./${client}.js`);

const camera = await navigator.mediaDevices.getUserMedia({
  video: { width: { ideal: 1280 }, height: { ideal: 720 }, frameRate: { ideal: 30 } },
  audio: { echoCancellation: true, noiseSuppression: true, autoGainControl: true },
});
const byId = (id) => document.getElementById(id);
byId('local').srcObject = camera;

const screen = {
  rings() {
    byId('ringing').hidden = false;
  },
  shows(stream) {
    byId('remote').srcObject = stream;
    byId('ringing').hidden = true;
    byId('hang-up').hidden = false;
  },
  ends() {
    byId('remote').srcObject = null;
    byId('ringing').hidden = true;
    byId('hang-up').hidden = true;
  },
};

const actions = await join({ me, other, rtc, ports, camera, screen });
byId('call').onclick = () => actions.call();
byId('accept').onclick = () => actions.accept();
byId('hang-up').onclick = () => actions.hangUp();
document.body.dataset.ready = 'yes';
