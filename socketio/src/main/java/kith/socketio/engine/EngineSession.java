package kith.socketio.engine;

import org.jspecify.annotations.Nullable;

/**
 * One Engine.IO session: its transport, its heartbeat, its upgrade, its outbound queue. Pure and
 * single-threaded: whoever runs it calls it from one thread at a time, ends each turn with {@link
 * #flush}, and calls {@link #tick} when {@link #nextDeadline} has come.
 */
public final class EngineSession {
  private static final Frame PING = Frame.text("2");
  private static final Reply NOOP = Reply.text("6");
  private static final Frame CLOSE = Frame.text("1");
  private static final long NEVER = Long.MAX_VALUE;

  private enum Phase {
    OPEN,
    /** Closed for the protocol above; a polling client is yet to be told. */
    CLOSING,
    CLOSED
  }

  private final EngineOptions options;
  private final EngineListener listener;
  private Phase phase = Phase.OPEN;

  /** The WebSocket that carries the session; null while it is on polling. */
  private @Nullable Link link;

  private final Upgrade upgrade = new Upgrade();
  private @Nullable Exchange poll;
  private boolean posting;
  private final OutboundQueue queue = new OutboundQueue();
  private long pingAt;
  private long pongBy = NEVER;
  private long closeBy = NEVER;

  private EngineSession(EngineOptions options, EngineListener listener, long now) {
    this.options = options;
    this.listener = listener;
    this.pingAt = now + options.pingInterval();
  }

  /** Opens a session on polling: the handshake is the response. */
  public static EngineSession openPolling(
      String id, EngineOptions options, EngineListener listener, Exchange exchange, long now) {
    EngineSession session = new EngineSession(options, listener, now);
    exchange.respond(Reply.text(options.openPacket(id, "[\"websocket\"]")));
    return session;
  }

  /** Opens a session on a WebSocket: the handshake is the first frame. */
  public static EngineSession openWebSocket(
      String id, EngineOptions options, EngineListener listener, Link link, long now) {
    EngineSession session = new EngineSession(options, listener, now);
    session.link = link;
    link.write(Frame.text(options.openPacket(id, "[]")));
    return session;
  }

  public boolean isOpen() {
    return phase == Phase.OPEN;
  }

  /** Whether nothing more can happen here, not even telling a polling client that it is over. */
  public boolean isClosed() {
    return phase == Phase.CLOSED;
  }

  public boolean onWebSocket() {
    return link != null;
  }

  // ---- polling

  /** A GET: answered at once when something waits, else when something is sent. */
  public void poll(Exchange exchange, long now) {
    tick(now);
    if (phase == Phase.CLOSED || link != null) {
      pollTooLate(exchange);
    } else if (poll != null) {
      exchange.respond(Reply.error(EngineError.BAD_REQUEST));
      shut(CloseReason.TRANSPORT_ERROR, now);
    } else {
      poll = exchange;
      flush(now);
      upgrade.polled(now);
    }
  }

  /** The session is over, or on its WebSocket: as long as that settles, the refusal waits. */
  private void pollTooLate(Exchange exchange) {
    if (phase == Phase.OPEN && poll == null && upgrade.isSettling()) {
      poll = exchange;
    } else {
      exchange.respond(Reply.error(EngineError.UNKNOWN_SESSION));
    }
  }

  /** The client gave up a poll that was not answered. */
  public void pollAborted(Exchange exchange, long now) {
    if (poll == exchange) {
      poll = null;
      if (link == null) {
        shut(CloseReason.TRANSPORT_ERROR, now);
      }
    }
  }

  /** A POST begins: true when its body may be read, else it was refused. */
  public boolean postBegins(Exchange exchange, long now) {
    tick(now);
    if (phase == Phase.CLOSED || link != null) {
      exchange.respond(Reply.error(EngineError.UNKNOWN_SESSION));
      return false;
    }
    if (posting) {
      exchange.respond(Reply.error(EngineError.BAD_REQUEST));
      shut(CloseReason.TRANSPORT_ERROR, now);
      return false;
    }
    posting = true;
    return true;
  }

  /** The whole body of a POST that was let begin. */
  public void post(byte[] body, Exchange exchange, long now) {
    posting = false;
    boolean wasOpen = phase == Phase.OPEN;
    boolean good = !wasOpen || deliver(body, now);
    exchange.respond(good ? Reply.OK : Reply.error(EngineError.BAD_REQUEST));
    if (!good) {
      shut(CloseReason.PARSE_ERROR, now);
    }
  }

  /** The body of a POST is larger than allowed. */
  public void postTooLarge(Exchange exchange, long now) {
    posting = false;
    exchange.respond(Reply.error(EngineError.PAYLOAD_TOO_LARGE));
    shut(CloseReason.TRANSPORT_ERROR, now);
  }

  /** The client went away within a body, or took too long. */
  public void postAborted(long now) {
    posting = false;
    shut(CloseReason.TRANSPORT_ERROR, now);
  }

  private boolean deliver(byte[] body, long now) {
    if (Payload.hasMoreThan(options.maxPacketsPerPayload(), body)) {
      return false;
    }
    for (int from = 0; from <= body.length && phase == Phase.OPEN; ) {
      int to = Payload.endOfPacket(body, from);
      if (!packet(body, from, to, now)) {
        return false;
      }
      from = to + 1;
    }
    return true;
  }

  private boolean packet(byte[] body, int from, int to, long now) {
    if (from == to || body[from] != PacketType.BASE64) {
      return text(body, from, to, now);
    }
    byte[] data;
    try {
      data = Payload.decodeBase64(body, from + 1, to);
    } catch (IllegalArgumentException notBase64) {
      return false;
    }
    listener.onBinary(data, now);
    return true;
  }

  /**
   * One text packet from the session's own transport; false when the protocol does not allow it.
   */
  private boolean text(byte[] utf8, int from, int to, long now) {
    if (from == to) {
      return false;
    }
    switch (utf8[from]) {
      case PacketType.MESSAGE -> listener.onText(utf8, from + 1, to, now);
      case PacketType.PONG -> {
        pongBy = NEVER;
        pingAt = now + options.pingInterval();
      }
      case PacketType.CLOSE -> {
        respond(NOOP);
        shut(CloseReason.TRANSPORT_CLOSE, now);
      }
      case PacketType.NOOP -> {}
      default -> {
        return false;
      }
    }
    return true;
  }

  // ---- WebSocket

  /** A second transport opens for this session: it is closed unless it may upgrade. */
  public void probeOpened(Link candidate, long now) {
    tick(now);
    if (phase == Phase.OPEN && link == null) {
      upgrade.opened(candidate, options.upgradeTimeout(), now);
    } else {
      candidate.close(CloseCode.POLICY_VIOLATION);
    }
  }

  public void linkText(Link from, byte[] utf8, int start, int end, long now) {
    if (from == link) {
      if (phase == Phase.OPEN && !text(utf8, start, end, now)) {
        shut(CloseReason.PARSE_ERROR, now);
      }
    } else if (upgrade.text(from, utf8, start, end, now)) {
      takeOver(from, now);
    }
  }

  public void linkBinary(Link from, byte[] data, long now) {
    if (from == link) {
      if (phase == Phase.OPEN) {
        listener.onBinary(data, now);
      }
    } else {
      upgrade.binary(from);
    }
  }

  private void takeOver(Link next, long now) {
    link = next;
    if (phase == Phase.CLOSING) {
      shut(CloseReason.FORCED_CLOSE, now);
    } else {
      flush(now);
    }
  }

  /** Gives those who lost to an upgrade their answer. */
  private void settle() {
    respond(link == null ? NOOP : Reply.error(EngineError.UNKNOWN_SESSION));
    upgrade.settled();
  }

  /** What was written has been read, at least in part. */
  public void linkDrained(Link from, long now) {
    if (from == link) {
      flush(now);
    }
  }

  /** A WebSocket ended, for whatever reason. */
  public void linkClosed(Link from, long now) {
    upgrade.closed(from);
    if (from == link) {
      shut(CloseReason.TRANSPORT_CLOSE, now);
    }
  }

  // ---- sending and closing

  /** Sends a message, or part of one; whatever cannot go now waits in the queue. */
  public void send(Frame frame, long now) {
    if (phase != Phase.OPEN) {
      return;
    }
    if (link != null && queue.isEmpty() && link.writable()) {
      link.write(frame);
      return;
    }
    if (queue.bytes() > options.maxOutboundBytes()) {
      queue.clear();
      shut(CloseReason.SLOW_READER, now);
      return;
    }
    queue.add(frame);
  }

  /**
   * A client is to act on what was sent before it reads what follows. Over polling it does by
   * itself: it takes the packets of a body one by one.
   */
  public void separate(long now) {
    if (link != null) {
      flush(now);
      link.separate();
    }
  }

  /** As {@link #separate}, and over polling in a body of its own. */
  public void push(long now) {
    flush(now);
    separate(now);
  }

  /** Hands over what waits, as far as the transport takes it. */
  public void flush(long now) {
    if (phase == Phase.CLOSED) {
      return;
    }
    if (link != null) {
      writeQueue(link);
    } else if (poll != null && (!queue.isEmpty() || phase == Phase.CLOSING)) {
      if (phase == Phase.CLOSING) {
        queue.add(CLOSE);
        phase = Phase.CLOSED;
        upgrade.end();
      }
      respondQueue();
    }
  }

  private void writeQueue(Link to) {
    while (!queue.isEmpty() && to.writable()) {
      writeNext(to);
    }
  }

  private void writeNext(Link to) {
    Frame next = queue.poll();
    if (next != null) {
      to.write(next);
    }
  }

  private void respondQueue() {
    respond(Reply.text(queue.takeBody()));
  }

  private void respond(Reply reply) {
    Exchange answered = poll;
    if (answered != null) {
      poll = null;
      answered.respond(reply);
    }
  }

  /**
   * Closes from the server's side; a polling client is told by its next poll, or on the WebSocket
   * it has stopped polling for.
   */
  public void close(CloseReason reason, long now) {
    if (phase != Phase.OPEN) {
      return;
    }
    if (link == null && poll == null) {
      phase = Phase.CLOSING;
      closeBy = now + options.closeTimeout();
      upgrade.endUnlessProbed();
      listener.onClosed(reason, now);
    } else {
      shut(reason, now);
    }
  }

  private void shut(CloseReason reason, long now) {
    if (phase == Phase.CLOSED) {
      return;
    }
    boolean told = phase == Phase.CLOSING;
    phase = Phase.CLOSED;
    upgrade.end();
    if (link != null) {
      settle();
      endLink(link, reason);
    } else if (poll != null) {
      queue.add(CLOSE);
      respondQueue();
    }
    queue.clear();
    if (!told) {
      listener.onClosed(reason, now);
    }
  }

  private void endLink(Link ended, CloseReason reason) {
    while (!queue.isEmpty()) {
      writeNext(ended);
    }
    switch (reason) {
      case SLOW_READER -> ended.abort();
      case PARSE_ERROR -> ended.close(CloseCode.PROTOCOL_ERROR);
      case SERVER_SHUTTING_DOWN -> ended.close(CloseCode.GOING_AWAY);
      case TRANSPORT_CLOSE, TRANSPORT_ERROR, PING_TIMEOUT, FORCED_CLOSE ->
          ended.close(CloseCode.NORMAL_CLOSURE);
    }
  }

  // ---- time

  /** Does what is due at {@code now}. */
  public void tick(long now) {
    if (now >= closeBy && phase == Phase.CLOSING) {
      shut(CloseReason.TRANSPORT_CLOSE, now);
    }
    if (phase != Phase.OPEN) {
      return;
    }
    upgrade.tick(now);
    if (now >= upgrade.settledAt()) {
      settle();
    }
    if (now >= pongBy) {
      shut(CloseReason.PING_TIMEOUT, now);
    } else if (now >= pingAt) {
      // A late ping shortens the wait for its pong by half at most: a server that was held up must
      // not blame its clients.
      pongBy = Math.max(pingAt + options.pingTimeout(), now + options.pingTimeout() / 2);
      pingAt = NEVER;
      send(PING, now);
    }
  }

  public long nextDeadline() {
    return switch (phase) {
      case OPEN -> Math.min(Math.min(pingAt, pongBy), upgrade.nextDeadline());
      case CLOSING -> closeBy;
      case CLOSED -> NEVER;
    };
  }
}
