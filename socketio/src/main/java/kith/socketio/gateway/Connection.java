package kith.socketio.gateway;

import java.util.List;
import java.util.Objects;
import kith.socketio.engine.CloseReason;
import kith.socketio.engine.EngineListener;
import kith.socketio.engine.EngineRequest;
import kith.socketio.engine.EngineSession;
import kith.socketio.engine.Exchange;
import kith.socketio.engine.Frame;
import kith.socketio.engine.Link;
import org.jspecify.annotations.Nullable;

/**
 * An Engine.IO session with its lane: the shell that gives the pure session its turns, its time and
 * its wake-ups.
 */
public final class Connection {
  private final Gateway gateway;
  private final String id;
  private final EngineRequest request;
  private final Lane lane;
  private @Nullable EngineSession session;

  /** When the wheel wakes this connection next; touched within turns only. */
  private long wakeAt = Long.MAX_VALUE;

  private @Nullable EngineListener listener;

  Connection(Gateway gateway, String id, EngineRequest request, Loop loop) {
    this.gateway = gateway;
    this.id = id;
    this.request = request;
    this.lane = new Lane(loop, this::afterTurn, gateway::report);
  }

  /** The secret session id; never shown to anyone but its client. */
  String id() {
    return id;
  }

  /** The request that opened the session. */
  public EngineRequest request() {
    return request;
  }

  // ---- from the application above

  /**
   * Runs a task as a turn of this connection, or as part of the current one. From any thread; keeps
   * order per thread.
   */
  public void execute(Runnable task) {
    lane.join(task);
  }

  /** Whether what this thread does now is part of a turn of this connection. */
  public boolean isInTurn() {
    return lane.mayJoin();
  }

  /** Sends the frames of one message together. Within a turn. */
  public void send(List<Frame> message) {
    EngineSession open = session;
    if (open != null) {
      long now = gateway.now();
      for (Frame frame : message) {
        open.send(frame, now);
      }
    }
  }

  /** Sends a message of one frame. Within a turn. */
  public void send(Frame message) {
    EngineSession open = session;
    if (open != null) {
      open.send(message, gateway.now());
    }
  }

  /** Has the client act on what was sent before it reads what follows. Within a turn. */
  public void separate() {
    EngineSession open = session;
    if (open != null) {
      open.separate(gateway.now());
    }
  }

  /** As {@link #separate}; over polling what was sent is a body of its own. Within a turn. */
  public void push() {
    EngineSession open = session;
    if (open != null) {
      open.push(gateway.now());
    }
  }

  /** Closes the session. Within a turn. */
  public void close(CloseReason reason) {
    EngineSession open = session;
    if (open != null) {
      open.close(reason, gateway.now());
    }
  }

  public long now() {
    return gateway.now();
  }

  // ---- from the web server below

  void openPolling(Exchange exchange) {
    lane.execute(
        () -> {
          long now = gateway.now();
          listener = gateway.application().open(this, now);
          session = EngineSession.openPolling(id, gateway.options(), listener, exchange, now);
        });
  }

  void openWebSocket(Link link) {
    lane.execute(
        () -> {
          long now = gateway.now();
          listener = gateway.application().open(this, now);
          session = EngineSession.openWebSocket(id, gateway.options(), listener, link, now);
        });
  }

  void poll(Exchange exchange) {
    lane.execute(() -> session().poll(exchange, gateway.now()));
  }

  void pollAborted(Exchange exchange) {
    lane.later(() -> session().pollAborted(exchange, gateway.now()));
  }

  void postBegins(Exchange exchange, Runnable accepted) {
    lane.execute(
        () -> {
          if (session().postBegins(exchange, gateway.now())) {
            accepted.run();
          }
        });
  }

  void post(byte[] body, Exchange exchange) {
    lane.execute(() -> session().post(body, exchange, gateway.now()));
  }

  void postTooLarge(Exchange exchange) {
    lane.execute(() -> session().postTooLarge(exchange, gateway.now()));
  }

  void postAborted() {
    lane.later(() -> session().postAborted(gateway.now()));
  }

  void probeOpened(Link link) {
    lane.execute(() -> session().probeOpened(link, gateway.now()));
  }

  void linkText(Link link, Loop linkLoop, byte[] utf8, int from, int to) {
    if (lane.tryEnter()) {
      try {
        readText(link, linkLoop, utf8, from, to);
      } catch (RuntimeException failed) {
        gateway.report(failed);
      } finally {
        lane.exit();
      }
    } else {
      lane.later(() -> readText(link, linkLoop, utf8, from, to));
    }
  }

  private void readText(Link link, Loop linkLoop, byte[] utf8, int from, int to) {
    EngineSession open = session();
    boolean wasOnWebSocket = open.onWebSocket();
    open.linkText(link, utf8, from, to, gateway.now());
    if (!wasOnWebSocket && open.onWebSocket()) {
      lane.moveTo(linkLoop);
    }
  }

  void linkBinary(Link link, byte[] data) {
    lane.execute(() -> session().linkBinary(link, data, gateway.now()));
  }

  void linkDrained(Link link) {
    lane.execute(() -> session().linkDrained(link, gateway.now()));
  }

  void linkClosed(Link link) {
    // Never within the turn whose write found the link closed.
    lane.later(() -> session().linkClosed(link, gateway.now()));
  }

  /** Ends the session, whatever it does: the server goes away. */
  void shutDown() {
    execute(() -> close(CloseReason.SERVER_SHUTTING_DOWN));
  }

  private EngineSession session() {
    return Objects.requireNonNull(session);
  }

  // ---- time

  void wake() {
    lane.execute(
        () -> {
          wakeAt = Long.MAX_VALUE;
          long now = gateway.now();
          session().tick(now);
          if (listener != null) {
            listener.onTick(now);
          }
        });
  }

  private void afterTurn() {
    EngineSession open = session;
    if (open == null) {
      return;
    }
    open.flush(gateway.now());
    if (open.isClosed()) {
      gateway.gone(this);
      return;
    }
    long deadline = open.nextDeadline();
    if (listener != null && open.isOpen()) {
      deadline = Math.min(deadline, listener.nextDeadline());
    }
    if (deadline < wakeAt) {
      wakeAt = gateway.wheel(lane.loop()).schedule(this, deadline);
    }
  }
}
