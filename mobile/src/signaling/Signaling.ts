import { io, type ManagerOptions, type Socket } from "socket.io-client";
import { createStore, type Store } from "../ui/store";
import {
  readAck,
  readSeq,
  readServerMessage,
  SERVER_EVENTS,
  type Ack,
  type ClientMessage,
  type ServerMessage,
} from "./messages";

export type Connection = "connecting" | "online" | "offline";

export interface SignalingOptions {
  readonly url: string;
  readonly device: {
    /** Asked at every connection. */
    readonly id: () => string;
    readonly name: string;
    readonly platform: string;
    /** What the device can do, asked at every connection. */
    readonly features: () => readonly string[];
  };
  /** A valid token; `renew` asks for a new one even if the old looks good. */
  readonly token: (renew: boolean) => Promise<string>;
  /** Messages of a call are numbered. */
  readonly heard: (message: ServerMessage, seq: number | null) => void;
  readonly online: () => void;
  readonly offline: () => void;
  /** Another connection goes by the id of this device now. Once it resolves this side comes back, by whatever id there is. */
  readonly displaced: () => Promise<void>;
}

interface Introduction {
  readonly id: string;
  readonly name: string;
  readonly platform: string;
  readonly features: readonly string[];
}

const ACK_MS = 20_000;
/** Who was asleep finds out within this time whether the connection still stands, unless the network is slow. */
const PROBE_MS = 4_000;
/** A slow network gets thrice the time that its last answer took, up to this. */
const MAX_PROBE_MS = 12_000;
const RETRY_MS = 1_000;
const MAX_RETRY_MS = 15_000;
/** An attempt that takes longer may be one on a network that is gone; a connection is there in less. */
const STALE_ATTEMPT_MS = 3_000;

/** The Socket.IO connection of one signed-in device: it comes back by itself, with a fresh token when the old is spent. */
export class Signaling {
  readonly connection: Store<Connection> = createStore<Connection>("connecting");
  private readonly socket: Socket;
  private closed = false;
  private refused = 0;
  private renew = false;
  private timer: ReturnType<typeof setTimeout> | null = null;
  private triedAt = 0;
  /** How long the last answer took. */
  private answerMs = 0;

  /** @param reached how the server is reached, where it is another way than by the network */
  constructor(
    private readonly options: SignalingOptions,
    reached: Partial<ManagerOptions> = {},
  ) {
    this.socket = io(options.url, {
      path: "/socket.io/",
      // WebSocket at once; long polling where a proxy is in the way.
      transports: ["websocket", "polling"],
      tryAllTransports: true,
      reconnectionDelay: 500,
      reconnectionDelayMax: 5_000,
      timeout: 10_000,
      autoConnect: false,
      forceNew: true,
      auth: (done) => {
        const { engine } = this.socket.io;
        // A connection that was left meanwhile takes none: the next asks for its own.
        void this.credentials().then((credentials) => this.socket.io.engine === engine && done(credentials));
      },
      ...reached,
    });
    this.listen();
    this.connect();
  }

  /** Sends now, or not at all: what matters later is said again after the connection is back. */
  send(message: ClientMessage): void {
    if (this.socket.connected) this.socket.emit(message.event, message.payload);
  }

  /** Sends, and resolves to what the server acknowledged; to `null` when nobody knows: no word came, which is no refusal. */
  async ask(message: ClientMessage): Promise<Ack | null> {
    if (!this.socket.connected) return null;
    try {
      return readAck(await this.answerTo(message, ACK_MS));
    } catch {
      return null;
    }
  }

  private async answerTo({ event, payload }: ClientMessage, withinMs: number): Promise<unknown> {
    const asked = Date.now();
    const answer: unknown = await this.socket.timeout(withinMs).emitWithAck(event, payload);
    this.answerMs = Date.now() - asked;
    return answer;
  }

  /**
   * Tries again at once: the network is back, or the app came to the front. A connection that seems to stand may have died
   * in its sleep, which its heartbeat would notice most of a minute later.
   */
  wake(): void {
    if (this.closed) return;
    if (this.socket.connected) void this.probe();
    else if (!this.isTrying()) this.connectAnew();
  }

  /** Whether an attempt is under way that may come to something; between two of them socket.io-client waits for seconds. */
  private isTrying(): boolean {
    const { active, io: manager } = this.socket;
    const { readyState } = manager.engine;
    const underWay = readyState === "opening" || readyState === "open";
    return active && underWay && Date.now() - this.triedAt < STALE_ATTEMPT_MS;
  }

  private connect(): void {
    this.triedAt = Date.now();
    this.socket.connect();
  }

  /** Leaves what there is of a connection, and of socket.io-client's own waiting for the next. */
  private connectAnew(): void {
    this.socket.disconnect();
    this.connect();
  }

  private async probe(): Promise<void> {
    const { engine } = this.socket.io;
    const withinMs = Math.min(Math.max(PROBE_MS, 3 * this.answerMs), MAX_PROBE_MS);
    const answered = await this.answerTo({ event: "call-resume", payload: { calls: [], received: {} } }, withinMs).then(
      () => true,
      () => false,
    );
    // One that was ended meanwhile, by either side, has its own way back.
    if (!answered && this.socket.connected && this.socket.io.engine === engine) this.connectAnew();
  }

  /** Connects anew: the device can do something else from now on. */
  introduceAgain(): void {
    if (!this.closed && this.socket.connected) this.connectAnew();
  }

  close(): void {
    this.closed = true;
    this.stopRetrying();
    this.socket.removeAllListeners();
    this.socket.disconnect();
    this.connection.set("offline");
  }

  private async credentials(): Promise<{ token: string; device: Introduction }> {
    const { id, name, platform, features } = this.options.device;
    const device = { id: id(), name, platform, features: features() };
    const renew = this.renew;
    this.renew = false;
    try {
      return { token: await this.options.token(renew), device };
    } catch {
      // The server refuses an empty token, and this side tries again later.
      return { token: "", device };
    }
  }

  private listen(): void {
    const { socket, options } = this;
    socket.io.on("reconnect_attempt", () => (this.triedAt = Date.now()));
    socket.on("connect", () => {
      this.refused = 0;
      // Whatever was to be tried later, or to be moved over to, is here.
      this.stopRetrying();
      this.connection.set("online");
      options.online();
    });
    socket.on("disconnect", (reason) => {
      this.connection.set("offline");
      options.offline();
      // The server closed it (a spent token, a restart): socket.io-client does not come back from that by itself.
      if (reason === "io server disconnect") this.retry(RETRY_MS);
    });
    socket.on("connect_error", (error: Error & { data?: { code?: unknown } }) => {
      if (this.connection.get() !== "offline") this.connection.set("offline");
      const code = error.data?.code;
      if (code === "token_expired" || code === "token_invalid" || code === "token_missing") this.renew = true;
      // Refused by the server; a transport that failed is tried again without our help.
      if (!socket.active) this.retry(Math.min(RETRY_MS * 2 ** this.refused++, MAX_RETRY_MS));
    });
    socket.on("token-expired", () => void this.refreshToken());
    for (const event of SERVER_EVENTS) {
      socket.on(event, (payload: unknown) => {
        const message = readServerMessage(event, payload);
        if (message?.event === "server-draining") this.moveOver(message.reconnectInMs);
        if (message?.event === "error" && message.refused === "connect" && message.code === "conflict")
          void this.giveWay();
        if (message !== null) options.heard(message, readSeq(payload));
      });
    }
  }

  private async refreshToken(): Promise<void> {
    try {
      this.socket.emit("token-refresh", { token: await this.options.token(true) });
    } catch {
      // The server closes the connection in a minute; the next one asks again.
    }
  }

  /** The server goes away soon: leave it by ourselves, spread out, and come back to another or to the new one. */
  private moveOver(inMs: number): void {
    this.retry(Math.min(inMs, 60_000) * (0.5 + Math.random() / 2), () => this.socket.disconnect());
  }

  /** Two that go by one id would send each other away for ever: it is settled first who goes by which. */
  private async giveWay(): Promise<void> {
    this.socket.disconnect();
    await this.options.displaced().catch(() => undefined);
    this.retry(RETRY_MS);
  }

  private retry(ms: number, before: () => void = () => undefined): void {
    if (this.closed) return;
    this.stopRetrying();
    this.timer = setTimeout(() => {
      this.timer = null;
      before();
      if (!this.closed) this.connect();
    }, ms);
  }

  private stopRetrying(): void {
    if (this.timer !== null) clearTimeout(this.timer);
    this.timer = null;
  }
}
