package kith.socketio;

import java.util.Arrays;
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
import kith.socketio.adapter.Adapter;
import kith.socketio.adapter.Command;
import kith.socketio.adapter.Target;
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
  private final @Nullable Recovery recovery;
  private final Adapter adapter;

  Namespace(
      SocketIoServer server, String name, Adapter.Factory adapters, @Nullable Recovery recovery) {
    this.server = server;
    this.name = name;
    this.recovery = recovery;
    this.adapter = adapters.join(name, new LocalNode());
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
    all().emit(event, args);
  }

  /** All sockets, on all nodes. */
  public Broadcast all() {
    return new Broadcast(this, Target.ALL);
  }

  /** To the sockets in any of these rooms; a socket's id is a room with that socket alone. */
  public Broadcast to(String... rooms) {
    return all().to(rooms);
  }

  /** To all sockets that are in none of these rooms. */
  public Broadcast except(String... rooms) {
    return all().except(rooms);
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

  /**
   * An event to some sockets; where clients can recover it carries its offset as the last argument.
   */
  Command.Emit emission(Target target, String event, @Nullable Object... args) {
    if (recovery == null) {
      return new Command.Emit(target, encode(Packet.NO_ACK, event, args), "");
    }
    String offset = server.newOffset();
    @Nullable Object[] all = Arrays.copyOf(args, args.length + 1);
    all[args.length] = offset;
    return new Command.Emit(target, encode(Packet.NO_ACK, event, all), offset);
  }

  Adapter adapter() {
    return adapter;
  }

  @Nullable Recovery recovery() {
    return recovery;
  }

  void publish(Command command) {
    adapter.publish(command);
  }

  private final class LocalNode implements Adapter.Node {
    @Override
    public void apply(Command command) {
      switch (command) {
        case Command.Emit emit -> {
          if (recovery == null) {
            deliver(emit);
          } else {
            recovery.logged(emit, () -> deliver(emit));
          }
        }
        case Command.Join join -> forEach(join.target(), s -> s.join(join.rooms()));
        case Command.Leave leave -> forEach(leave.target(), s -> leave.rooms().forEach(s::leave));
        case Command.Disconnect disconnect ->
            forEach(disconnect.target(), s -> s.disconnect(disconnect.closeConnection()));
      }
    }

    private void deliver(Command.Emit emit) {
      forEach(emit.target(), socket -> socket.send(emit.message()));
    }

    @Override
    public Set<String> present(Target target) {
      Set<String> ids = new HashSet<>();
      forEach(target, socket -> ids.add(socket.id()));
      return ids;
    }
  }

  private void forEach(Target target, Consumer<Socket> action) {
    Set<Socket> left = members(target.except());
    Collection<Socket> all = target.rooms().isEmpty() ? sockets.values() : members(target.rooms());
    for (Socket socket : all) {
      if (left.isEmpty() || !left.contains(socket)) {
        action.accept(socket);
      }
    }
  }

  private Set<Socket> members(Set<String> names) {
    if (names.isEmpty()) {
      return Set.of();
    }
    if (names.size() == 1) {
      return members(names.iterator().next());
    }
    Set<Socket> members = new HashSet<>();
    names.forEach(room -> members.addAll(members(room)));
    return members;
  }

  private Set<Socket> members(String room) {
    Set<Socket> joined = rooms.in(room);
    Socket own = sockets.get(room);
    if (own == null || joined.contains(own)) {
      return joined;
    }
    if (joined.isEmpty()) {
      return Set.of(own);
    }
    Set<Socket> members = new HashSet<>(joined);
    members.add(own);
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
