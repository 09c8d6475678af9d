// A client in a process of its own, to be killed or stopped: node client-process.js <url> <name> <transport>
import { io } from "socket.io-client";

const [url, name, transport] = process.argv.slice(2);
const socket = io(url, { transports: [transport], query: { name }, reconnection: false });
socket.on("connect", () => console.log("connected"));
