// The relay of the benchmark on Node's socket.io. Prints its port.
import { createServer } from "node:http";
import { Server } from "socket.io";

const http = createServer();
const io = new Server(http, { perMessageDeflate: false });
io.on("connection", (socket) => {
  socket.on("relay", (message, ack) => {
    io.to(message.to).emit("relayed", message.data);
    ack();
  });
});
http.listen(0, "127.0.0.1", 4096, () => console.log(`port ${http.address().port}`));
