/** A plain signaling server: what one says, the other hears. Messages of a call that is over are left out. */
export async function signaling({ me, ports, heard }) {
  const socket = new WebSocket(`ws://${location.hostname}:${ports.signaling}/?me=${me}`);
  await new Promise((open, failed) => {
    socket.onopen = open;
    socket.onerror = failed;
  });
  socket.onmessage = ({ data }) => heard(JSON.parse(data));
  return (message) => socket.send(JSON.stringify(message));
}
