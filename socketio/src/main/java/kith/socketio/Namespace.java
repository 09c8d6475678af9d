package kith.socketio;

import java.util.Collection;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import kith.socketio.engine.Frame;
import kith.socketio.protocol.Packet;
import org.jspecify.annotations.Nullable;

/**
 * A part of the server that clients connect to by name, with its own middleware, handlers and
 * rooms.
 */
public final class Namespace {
  private final SocketIoServer server;
  private final String name;
  private final List<Middleware> middlewares = new CopyOnWriteArrayList<>();
  private final List<Consumer<Socket>> connectHandlers = new CopyOnWriteArrayList<>();
  private final Map<String, EventHandler> handlers = new ConcurrentHashMap<>();
  private final Map<String, Socket> sockets = new ConcurrentHashMap<>();
  private final Rooms rooms = new Rooms();

  Namespace(SocketIoServer server, String name) {
    this.server = server;
    this.name = name;
  }

  public String name() {
    return name;
  }

  // ---- setting up

  /**
   * Adds a check that every client must pass before it has a socket; checks run in the order added.
   */
  public Namespace use(Middleware middleware) {
    middlewares.add(middleware);
    return this;
  }

  /** Called for every new socket, on its event loop, before any of its events. */
  public Namespace onConnect(Consumer<Socket> handler) {
    connectHandlers.add(handler);
    return this;
  }

  /**
   * Handles an event of every socket that has no handler of its own for it. A second handler
   * replaces the first.
   */
  public Namespace on(String event, EventHandler handler) {
    handlers.put(event, handler);
    return this;
  }

  // ---- sending

  /** Sends to all sockets. */
  public void emit(String event, @Nullable Object... args) {
    new Broadcast(this).emit(event, args);
  }

  /** To the sockets in any of these rooms; a socket's id is a room with that socket alone. */
  public Broadcast to(String... rooms) {
    return new Broadcast(this).to(rooms);
  }

  /** To all sockets that are in none of these rooms. */
  public Broadcast except(String... rooms) {
    return new Broadcast(this).except(rooms);
  }

  /** The sockets of this node at present. */
  public Collection<Socket> sockets() {
    return Collections.unmodifiableCollection(sockets.values());
  }

  /** A socket of this node, or null. */
  public @Nullable Socket socket(String id) {
    return sockets.get(id);
  }

  /** The sockets of this node in a room at present. */
  public Set<Socket> in(String room) {
    return Collections.unmodifiableSet(rooms.in(room));
  }

  // ---- within the library

  SocketIoServer server() {
    return server;
  }

  Rooms rooms() {
    return rooms;
  }

  @Nullable EventHandler handler(String event) {
    return handlers.get(event);
  }

  List<Frame> encode(long ackId, String event, @Nullable Object... args) {
    return server.codec().event(name, ackId, event, args);
  }

  void publish(Set<String> to, Set<String> except, String event, @Nullable Object... args) {
    deliver(to, except, encode(Packet.NO_ACK, event, args));
  }

  private void deliver(Set<String> to, Set<String> except, List<Frame> message) {
    Set<Socket> left = members(except);
    Collection<Socket> all = to.isEmpty() ? sockets.values() : members(to);
    for (Socket socket : all) {
      if (!left.contains(socket)) {
        socket.send(message);
      }
    }
  }

  private Set<Socket> members(Set<String> names) {
    if (names.isEmpty()) {
      return Set.of();
    }
    Set<Socket> members = new HashSet<>();
    for (String room : names) {
      members.addAll(rooms.in(room));
      Socket own = sockets.get(room);
      if (own != null) {
        members.add(own);
      }
    }
    return members;
  }

  /** Runs the checks one after another. */
  CompletionStage<@Nullable Void> check(Handshake handshake) {
    return check(handshake, 0);
  }

  private CompletionStage<@Nullable Void> check(Handshake handshake, int index) {
    if (index == middlewares.size()) {
      return CompletableFuture.completedFuture(null);
    }
    try {
      return middlewares
          .get(index)
          .check(handshake)
          .thenCompose(passed -> check(handshake, index + 1));
    } catch (RuntimeException thrown) {
      return CompletableFuture.failedFuture(thrown);
    }
  }

  /** A client was let in. */
  void add(Socket socket) {
    sockets.put(socket.id(), socket);
  }

  void connected(Socket socket) {
    for (Consumer<Socket> handler : connectHandlers) {
      try {
        handler.accept(socket);
      } catch (RuntimeException failed) {
        server.report(failed);
      }
    }
  }

  void remove(Socket socket) {
    sockets.remove(socket.id(), socket);
  }
}
