// The relay on Node's socket.io. Prints `listening PORT NAME` once it listens, and ends when its standard input does.
import { createServer } from 'node:http';
import { createRequire } from 'node:module';
import { Server } from 'socket.io';

const { version } = createRequire(import.meta.url)('socket.io/package.json');
const httpServer = createServer();
const io = new Server(httpServer, { transports: ['websocket'], serveClient: false });

/** Sockets that wait for the other one of their pair, by the pair's name. */
const waiting = new Map();

io.on('connection', (socket) => {
  const { pair } = socket.handshake.query;
  const partner = waiting.get(pair);
  if (partner) {
    waiting.delete(pair);
    partner.data.partner = socket;
    socket.data.partner = partner;
  } else {
    waiting.set(pair, socket);
  }
  socket.on('message', (payload, ack) => {
    socket.data.partner.emit('message', payload);
    ack({ ok: true });
  });
  socket.on('disconnect', () => {
    if (waiting.get(pair) === socket) waiting.delete(pair);
  });
});

httpServer.listen(Number(process.env.PORT ?? 0), '127.0.0.1', () => {
  console.log(`listening ${httpServer.address().port} socket.io ${version}, Node ${process.versions.node}`);
});
process.stdin.on('end', () => process.exit()).resume();
