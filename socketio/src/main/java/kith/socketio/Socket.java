package kith.socketio;

import java.time.Duration;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import kith.socketio.adapter.Command;
import kith.socketio.adapter.Target;
import kith.socketio.engine.Frame;
import kith.socketio.protocol.Packet;
import org.jspecify.annotations.Nullable;

/**
 * A client in a namespace. Its handlers run one at a time, in order, on the event loop that owns
 * its connection, and must not block; its methods may be called from any thread, and what one
 * thread sends arrives in the order it was sent.
 *
 * <p>Values that can be sent: Map with String keys, Iterable, String, Number, Boolean, null, and
 * byte[] for binary. Arrays are not copied: do not change them afterwards.
 */
public final class Socket {
  private final String id;
  private final Namespace namespace;
  private final Handshake handshake;
  private final Client client;
  private final boolean recovered;

  /** The secret by which the client may come back, and since when it misses nothing. */
  private final @Nullable String recoveryId;

  private final long since;
  private final AtomicLong ackIds = new AtomicLong();
  private volatile @Nullable Map<String, EventHandler> handlers;
  private volatile @Nullable EventHandler anyHandler;
  private volatile @Nullable List<Consumer<DisconnectReason>> disconnectHandlers;
  private volatile @Nullable Object attachment;
  private volatile @Nullable DisconnectReason ended;

  /** Touched within the client's turns only. */
  private @Nullable PendingAcks pendingAcks;

  /** Guarded by itself; {@link Rooms} keeps the other side. */
  private final Set<String> rooms = new HashSet<>(2);

  /** A new socket. */
  Socket(String id, Namespace namespace, Handshake handshake, Client client) {
    Recovery recovery = namespace.recovery();
    this.id = id;
    this.namespace = namespace;
    this.handshake = handshake;
    this.client = client;
    this.recovered = false;
    this.recoveryId = recovery == null ? null : recovery.newId();
    this.since = recovery == null ? 0 : recovery.position();
  }

  /** The successor of a socket whose connection broke. */
  Socket(
      Recovery.Suspended before,
      long since,
      Namespace namespace,
      Handshake handshake,
      Client client) {
    this.id = before.id();
    this.namespace = namespace;
    this.handshake = handshake;
    this.client = client;
    this.recovered = true;
    this.recoveryId = before.recoveryId();
    this.since = since;
    this.attachment = before.attachment();
  }

  /** The public id. The secret of the connection cannot be derived from it. */
  public String id() {
    return id;
  }

  public Namespace namespace() {
    return namespace;
  }

  public Handshake handshake() {
    return handshake;
  }

  /** Whether it goes on where a socket of the same id stopped, with its rooms and attachment. */
  public boolean recovered() {
    return recovered;
  }

  @Nullable String recoveryId() {
    return recoveryId;
  }

  public boolean isConnected() {
    return ended == null;
  }

  // ---- receiving

  /**
   * Handles an event of this socket, before a handler of the namespace. A second handler replaces
   * the first.
   */
  public Socket on(String event, EventHandler handler) {
    handlerMap().put(event, handler);
    return this;
  }

  private synchronized Map<String, EventHandler> handlerMap() {
    Map<String, EventHandler> map = handlers;
    if (map == null) {
      map = new ConcurrentHashMap<>(8);
      handlers = map;
    }
    return map;
  }

  /** Handles events that nothing else handles. */
  public Socket onAny(EventHandler handler) {
    anyHandler = handler;
    return this;
  }

  /** Told once, as the last thing of this socket; at once when it has ended already. */
  public Socket onDisconnect(Consumer<DisconnectReason> handler) {
    DisconnectReason already;
    synchronized (this) {
      already = ended;
      List<Consumer<DisconnectReason>> list = disconnectHandlers;
      if (list == null) {
        list = new CopyOnWriteArrayList<>();
        disconnectHandlers = list;
      }
      list.add(handler);
    }
    if (already != null) {
      handler.accept(already);
    }
    return this;
  }

  void dispatch(Packet.Event packet) {
    EventHandler handler = handlerFor(packet.name());
    if (handler != null) {
      try {
        handler.handle(new Event(this, packet));
      } catch (RuntimeException failed) {
        namespace.server().report(failed);
      }
    }
  }

  private @Nullable EventHandler handlerFor(String event) {
    Map<String, EventHandler> own = handlers;
    EventHandler handler = own == null ? null : own.get(event);
    if (handler == null) {
      handler = namespace.handler(event);
    }
    return handler == null ? anyHandler : handler;
  }

  void acknowledged(Packet.Ack packet) {
    if (pendingAcks != null) {
      pendingAcks.answered(packet.ackId(), packet.args());
    }
  }

  // ---- sending

  /**
   * Sends an event. Does nothing once the socket has ended.
   *
   * @throws IllegalArgumentException when a value cannot be sent
   */
  public void emit(String event, @Nullable Object... args) {
    Recovery recovery = namespace.recovery();
    if (recovery == null) {
      send(namespace.encode(Packet.NO_ACK, event, args));
    } else {
      Command.Emit emit = namespace.emission(new Target(Set.of(id), Set.of()), event, args);
      recovery.logged(emit, () -> send(emit.message()));
    }
  }

  /**
   * Sends an event and asks for an acknowledgement: its arguments, or {@link AckFailed}. The stage
   * completes on the socket's event loop.
   *
   * @throws IllegalArgumentException when a value cannot be sent
   */
  public CompletionStage<List<@Nullable Object>> emitWithAck(
      Duration timeout, String event, @Nullable Object... args) {
    long ackId = ackIds.getAndIncrement();
    List<Frame> message = namespace.encode(ackId, event, args);
    CompletableFuture<List<@Nullable Object>> answer = new CompletableFuture<>();
    client.execute(() -> ask(ackId, timeout.toMillis(), message, answer));
    return answer;
  }

  private void ask(
      long ackId,
      long timeout,
      List<Frame> message,
      CompletableFuture<List<@Nullable Object>> answer) {
    if (ended != null) {
      answer.completeExceptionally(new AckFailed(AckFailed.Cause.DISCONNECTED));
      return;
    }
    if (pendingAcks == null) {
      pendingAcks = new PendingAcks();
    }
    if (pendingAcks.size() >= namespace.server().limits().maxPendingAcks()) {
      answer.completeExceptionally(new AckFailed(AckFailed.Cause.TOO_MANY));
      return;
    }
    pendingAcks.add(ackId, client.now() + timeout, answer);
    client.write(message);
  }

  List<Frame> encodeAck(long ackId, @Nullable Object... args) {
    return namespace.server().codec().ack(namespace.name(), ackId, args);
  }

  /** Sends a message that is encoded already, unless the socket has ended. */
  void send(List<Frame> message) {
    if (client.isInTurn()) {
      write(message); // most messages: no task is made for them
    } else {
      client.execute(() -> write(message));
    }
  }

  private void write(List<Frame> message) {
    if (ended == null) {
      client.write(message);
    }
  }

  /** To the sockets in any of these rooms, but this one. */
  public Broadcast to(String... rooms) {
    return broadcast().to(rooms);
  }

  /** To all sockets of the namespace but this one. */
  public Broadcast broadcast() {
    return namespace.except(id);
  }

  // ---- rooms

  /**
   * Joins rooms; to be in one already is no error.
   *
   * @throws IllegalStateException when the socket would be in more rooms than the limits allow
   */
  public void join(String... names) {
    join(Arrays.asList(names));
  }

  void join(Collection<String> names) {
    synchronized (rooms) {
      for (String room : names) {
        if (ended != null || rooms.contains(room)) {
          continue;
        }
        if (rooms.size() >= namespace.server().limits().maxRooms()) {
          throw new IllegalStateException("in too many rooms");
        }
        rooms.add(room);
        namespace.rooms().join(room, this);
      }
    }
  }

  public void leave(String room) {
    synchronized (rooms) {
      if (rooms.remove(room)) {
        namespace.rooms().leave(room, this);
      }
    }
  }

  private void leaveAll() {
    synchronized (rooms) {
      rooms.forEach(room -> namespace.rooms().leave(room, this));
      rooms.clear();
    }
  }

  /** The rooms it is in, without its own id, which always reaches it too. */
  public Set<String> rooms() {
    synchronized (rooms) {
      return Set.copyOf(rooms);
    }
  }

  // ---- the user's own

  /** Keeps an object with the socket; one slot. */
  public void attach(@Nullable Object value) {
    attachment = value;
  }

  /**
   * What was attached.
   *
   * @throws IllegalStateException when there is nothing of that type
   */
  public <T> T attachment(Class<T> type) {
    Object value = attachment;
    if (!type.isInstance(value)) {
      throw new IllegalStateException("no " + type.getSimpleName() + " is attached");
    }
    return type.cast(value);
  }

  // ---- the end

  /**
   * Puts the client out of this namespace; it is told and does not come back by itself.
   *
   * @param closeConnection also out of all its other namespaces, and closes its connection
   */
  public void disconnect(boolean closeConnection) {
    client.execute(
        () -> {
          if (closeConnection) {
            client.putOutOfAll();
          } else {
            client.putOut(this);
          }
        });
  }

  /** Within a turn of the client. */
  void ended(DisconnectReason reason) {
    List<Consumer<DisconnectReason>> told;
    synchronized (this) {
      if (ended != null) {
        return;
      }
      ended = reason;
      told = disconnectHandlers == null ? List.of() : disconnectHandlers;
    }
    suspend(reason);
    leaveAll();
    namespace.remove(this);
    if (pendingAcks != null) {
      pendingAcks.failAll();
    }
    for (Consumer<DisconnectReason> handler : told) {
      try {
        handler.accept(reason);
      } catch (RuntimeException failed) {
        namespace.server().report(failed);
      }
    }
  }

  private void suspend(DisconnectReason reason) {
    Recovery recovery = namespace.recovery();
    if (recovery != null && recoveryId != null && reason.isRecoverable()) {
      recovery.suspend(recoveryId, id, rooms(), attachment, handshake, since);
    }
  }

  void tick(long now) {
    if (pendingAcks != null) {
      pendingAcks.expire(now);
    }
  }

  long nextDeadline() {
    return pendingAcks == null ? Long.MAX_VALUE : pendingAcks.nextDeadline();
  }

  @Override
  public String toString() {
    return "Socket[" + namespace.name() + " " + id + "]";
  }
}
