import { listOf, type Json } from "../api/http";
import { readIceServers } from "../signaling/messages";
import { tryDirect, tryRelay } from "./echo";
import type { Finding, Tried } from "./verdicts";
import { waysOf, type Way } from "./ways";

export interface ConnectionTestOptions {
  /** Asks the server for the ways a call could go, as whoever is signed in. */
  readonly iceServers: () => Promise<Json>;
  /** Whether the line stands by which calls ring. */
  readonly isOnline: () => boolean;
  /** What is known so far; called at each change. */
  readonly found: (tried: readonly Tried[]) => void;
}

/** Tries each way a call could go, all but the one to the server at the same time, until it is done or told to stop. */
export class ConnectionTest {
  private readonly over = new AbortController();
  private tried: readonly Tried[] = [{ way: { is: "server" }, finding: null }];

  constructor(private readonly options: ConnectionTestOptions) {}

  async run(): Promise<void> {
    this.options.found(this.tried);
    try {
      const { iceServers } = await this.options.iceServers();
      const ways = waysOf(readIceServers(listOf(iceServers)));
      this.tried = ways.map((way) => ({ way, finding: null }));
      this.options.found(this.tried);
      // First, and alone: connections that are made meanwhile would count in its time.
      this.find({ is: "server" }, await this.tryServer());
      await Promise.all(ways.map(async (way) => this.tryOne(way)));
    } catch {
      this.find({ is: "server" }, { is: "bad", fault: "no-answer" });
    }
  }

  /** Lets go of everything; nothing more is told. */
  stop(): void {
    this.over.abort();
  }

  private find(way: Way, finding: Finding): void {
    if (this.over.signal.aborted) return;
    this.tried = this.tried.map((one) =>
      one.way === way || (way.is === "server" && one.way.is === "server") ? { way, finding } : one,
    );
    this.options.found(this.tried);
  }

  private async tryOne(way: Way): Promise<void> {
    switch (way.is) {
      case "direct":
        return this.find(way, await tryDirect(way.servers, this.over.signal));
      case "relay":
        return this.find(way, await tryRelay(way, this.over.signal));
      case "server":
      case "missing":
        return undefined;
    }
  }

  /** The first request may have had to find the server, and to agree on keys with it: this one is timed. */
  private async tryServer(): Promise<Finding> {
    const began = Date.now();
    try {
      await this.options.iceServers();
    } catch {
      return { is: "bad", fault: "no-answer" };
    }
    return this.options.isOnline() ? { is: "good", ms: Date.now() - began } : { is: "bad", fault: "no-line" };
  }
}
