import { WebSocket } from "socket.io-client";

type Payload = Readonly<Record<string, unknown>>;

const OPEN = { sid: "engine", upgrades: [], pingInterval: 25_000, pingTimeout: 20_000, maxPayload: 1_000_000 };

/**
 * A Socket.IO server in memory, as far as a client sees it: Engine.IO 4 and Socket.IO 5, text only. Everything takes a
 * millisecond of whatever clock there is, so that a test can move it.
 */
export class MemoryServer {
  /** Whether connections get through to it. */
  reachable = true;
  /** Connections are begun, and nothing comes back. */
  slow = false;
  /** How it answers events that want an acknowledgement; not at all if `null`. */
  answers: Payload | null = { ok: true };
  /** How long it takes for that. */
  takesMs = 0;
  /** Why nobody is let in. */
  refuses: string | null = null;
  tries = 0;
  /** Every connection there was, the newest last. */
  readonly lines: Line[] = [];

  /** For the options of socket.io-client. */
  readonly transports: (typeof WebSocket)[];

  constructor() {
    const opened = (): Line => this.opened();
    this.transports = [
      class extends WebSocket {
        override createSocket(): Line {
          return opened();
        }
      },
    ];
  }

  /** The ids of who is connected. */
  devices(): readonly string[] {
    return this.lines.filter((line) => line.isIn).map((line) => line.device);
  }

  last(): Line {
    const line = this.lines.at(-1);
    if (line === undefined) throw new Error("nobody came");
    return line;
  }

  /** The same device once more: the former connection is told, and closed. */
  displace(by: Line): void {
    for (const former of this.lines) {
      if (former === by || !former.isIn || former.device !== by.device) continue;
      former.says("error", { event: "connect", ok: false, error: { code: "conflict", message: "once more" } });
      former.sendsAway();
    }
  }

  private opened(): Line {
    this.tries += 1;
    const line = new Line(this);
    if (this.reachable) this.lines.push(line);
    return line;
  }
}

/** One connection, with the client's end of it in the shape of a browser's WebSocket. */
export class Line {
  binaryType = "arraybuffer";
  onopen: () => void = () => undefined;
  onmessage: (event: { data: string }) => void = () => undefined;
  onclose: (event: object) => void = () => undefined;
  onerror: (event: object) => void = () => undefined;
  /** The network beneath it is gone, and nobody was told. */
  dead = false;
  isIn = false;
  auth: { token?: string; device?: { id: string; features: readonly string[] } } = {};
  readonly heard: string[] = [];
  private open = true;
  private readonly pings: ReturnType<typeof setInterval>;

  constructor(private readonly server: MemoryServer) {
    this.pings = setInterval(() => this.sends("2"), OPEN.pingInterval);
    if (server.slow) return;
    this.soon(() => {
      if (!server.reachable) return this.onerror({});
      this.onopen();
      this.sends(`0${JSON.stringify(OPEN)}`);
    });
  }

  get device(): string {
    return this.auth.device?.id ?? "";
  }

  /** What the client sends. */
  send(frame: string): void {
    if (!this.dead) this.soon(() => this.hears(frame));
  }

  close(): void {
    this.open = false;
    this.isIn = false;
    clearInterval(this.pings);
  }

  says(event: string, payload: Payload): void {
    this.sends(`42${JSON.stringify([event, payload])}`);
  }

  /** Ends it as a server does that wants the client gone. */
  sendsAway(): void {
    this.sends("41");
    this.breaks();
  }

  /** Ends it as a network does. */
  breaks(): void {
    this.isIn = false;
    this.soon(() => this.onclose({}));
  }

  private hears(frame: string): void {
    if (frame.startsWith("40")) return this.lets(frame.slice(2));
    if (frame.startsWith("41")) return this.close();
    const event = /^42(\d*)(.*)$/s.exec(frame);
    if (event === null) return;
    const [name] = JSON.parse(event[2] ?? "") as [string];
    this.heard.push(name);
    const { answers, takesMs } = this.server;
    if (event[1] === "" || answers === null) return;
    const answer = `43${event[1]}${JSON.stringify([answers])}`;
    if (takesMs === 0) this.sends(answer);
    else setTimeout(() => this.sends(answer), takesMs);
  }

  private lets(auth: string): void {
    this.auth = JSON.parse(auth) as Line["auth"];
    const { refuses } = this.server;
    if (refuses !== null) return this.sends(`44${JSON.stringify({ message: "no", data: { code: refuses } })}`);
    this.isIn = true;
    this.sends(`40${JSON.stringify({ sid: "socket" })}`);
    this.server.displace(this);
  }

  private sends(frame: string): void {
    if (!this.dead) this.soon(() => this.onmessage({ data: frame }));
  }

  private soon(does: () => void): void {
    setTimeout(() => {
      if (this.open && !this.dead) does();
    }, 1);
  }
}
