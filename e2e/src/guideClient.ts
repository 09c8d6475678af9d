import { type Socket, io } from 'socket.io-client';
import type { Session } from './api.ts';

type Payload = Record<string, unknown>;

/**
 * A client that knows the five bare messages - call-offer, call-answer, ice-candidate, call-decline, end-call - and nothing
 * else: no acknowledgements, no call ids, no device id.
 */
export class GuideClient {
  private readonly heard = new Map<string, Payload[]>();

  private constructor(
    private readonly socket: Socket,
    readonly session: Session,
  ) {
    socket.onAny((event: string, payload: Payload) => {
      this.heard.set(event, [...(this.heard.get(event) ?? []), payload]);
    });
  }

  static async connects(url: string, session: Session): Promise<GuideClient> {
    const socket = io(url, { auth: { token: session.token }, reconnection: false, forceNew: true });
    const client = new GuideClient(socket, session);
    await new Promise<void>((connected, refused) => {
      socket.once('connect', () => connected());
      socket.once('connect_error', refused);
    });
    return client;
  }

  private get id(): string {
    return this.session.user.id;
  }

  offers(other: GuideClient, sdp: string): void {
    this.socket.emit('call-offer', { offer: { type: 'offer', sdp }, to: other.id, from: this.id });
  }

  answers(other: GuideClient, sdp: string): void {
    this.socket.emit('call-answer', { answer: { type: 'answer', sdp }, to: other.id });
  }

  sendsCandidate(other: GuideClient, candidate: string): void {
    this.socket.emit('ice-candidate', {
      candidate: { candidate, sdpMid: '0', sdpMLineIndex: 0 },
      to: other.id,
    });
  }

  declines(other: GuideClient): void {
    this.socket.emit('call-decline', { to: other.id });
  }

  ends(other: GuideClient): void {
    this.socket.emit('end-call', { to: other.id });
  }

  /** The next message of that name it has not looked at yet. */
  async hears(event: string): Promise<Payload> {
    const deadline = Date.now() + 10_000;
    for (;;) {
      const next = this.heard.get(event)?.shift();
      if (next) return next;
      if (Date.now() > deadline) {
        throw new Error(`heard no ${event}, but ${JSON.stringify([...this.heard])}`);
      }
      await new Promise((again) => setTimeout(again, 10));
    }
  }

  leaves(): void {
    this.socket.disconnect();
  }
}
