package kith.socketio;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionException;
import kith.socketio.engine.CloseReason;
import kith.socketio.engine.EngineListener;
import kith.socketio.engine.Frame;
import kith.socketio.gateway.Connection;
import kith.socketio.protocol.Packet;
import kith.socketio.session.ClientSession;
import kith.socketio.session.SessionListener;
import org.jspecify.annotations.Nullable;

/** One connection with its sockets. Everything but {@link #execute} happens within its turns. */
final class Client implements EngineListener, SessionListener {
  private final SocketIoServer server;
  private final Connection connection;
  private final ClientSession session;
  private final List<Socket> sockets = new ArrayList<>(1);
  private boolean unconnected = true;

  Client(SocketIoServer server, Connection connection, long now) {
    this.server = server;
    this.connection = connection;
    this.session = new ClientSession(server.sessionLimits(), server.codec().decoder(), this, now);
    server.unconnected(1);
  }

  /** Runs a task as a turn of this client, or within the current one. From any thread. */
  void execute(Runnable task) {
    connection.execute(task);
  }

  /** Whether this thread runs a turn of this client, with nothing before it that waits. */
  boolean isInTurn() {
    return connection.isInTurn();
  }

  void write(List<Frame> message) {
    connection.send(message);
  }

  long now() {
    return connection.now();
  }

  // ---- from the engine

  @Override
  public void onText(byte[] utf8, int from, int to, long now) {
    session.text(utf8, from, to, now);
  }

  @Override
  public void onBinary(byte[] data, long now) {
    session.binary(data, now);
  }

  @Override
  public void onClosed(CloseReason reason, long now) {
    session.end();
    DisconnectReason why =
        switch (reason) {
          case TRANSPORT_CLOSE -> DisconnectReason.TRANSPORT_CLOSE;
          case TRANSPORT_ERROR -> DisconnectReason.TRANSPORT_ERROR;
          case PING_TIMEOUT -> DisconnectReason.PING_TIMEOUT;
          case PARSE_ERROR -> DisconnectReason.PARSE_ERROR;
          case FORCED_CLOSE -> DisconnectReason.FORCED_SERVER_CLOSE;
          case SLOW_READER -> DisconnectReason.SLOW_READER;
          case SERVER_SHUTTING_DOWN -> DisconnectReason.SERVER_SHUTTING_DOWN;
        };
    List<Socket> ended = List.copyOf(sockets);
    sockets.clear();
    ended.forEach(socket -> socket.ended(why));
    if (unconnected) {
      unconnected = false;
      server.unconnected(-1);
    }
  }

  @Override
  public void onTick(long now) {
    session.tick(now);
    for (int i = 0; i < sockets.size(); i++) {
      sockets.get(i).tick(now);
    }
  }

  @Override
  public long nextDeadline() {
    long deadline = session.nextDeadline();
    for (int i = 0; i < sockets.size(); i++) {
      deadline = Math.min(deadline, sockets.get(i).nextDeadline());
    }
    return deadline;
  }

  // ---- from the session

  @Override
  public void connectRequested(int attempt, String name, Map<String, @Nullable Object> auth) {
    Namespace namespace = server.find(name);
    if (namespace == null) {
      refuse(attempt, name, new ConnectRefused("Invalid namespace"));
      return;
    }
    Return back = Return.of(namespace, auth);
    Handshake handshake = new Handshake(name, back.auth, connection.request());
    namespace
        .check(handshake)
        .whenComplete(
            (passed, failure) ->
                execute(
                    () -> {
                      if (failure == null) {
                        accept(attempt, namespace, handshake, back);
                      } else {
                        refuse(attempt, name, failure);
                      }
                    }));
  }

  /** What a client that comes back says of it in CONNECT, apart from what is for middleware. */
  private record Return(
      @Nullable String recoveryId, @Nullable String offset, Map<String, @Nullable Object> auth) {
    static Return of(Namespace namespace, Map<String, @Nullable Object> auth) {
      if (namespace.recovery() == null || !auth.containsKey("pid")) {
        return new Return(null, null, auth);
      }
      Map<String, @Nullable Object> rest = new LinkedHashMap<>(auth);
      Object recoveryId = rest.remove("pid");
      Object offset = rest.remove("offset");
      return new Return(
          recoveryId instanceof String s ? s : null, offset instanceof String s ? s : null, rest);
    }
  }

  private void accept(int attempt, Namespace namespace, Handshake handshake, Return back) {
    if (!session.accept(attempt)) {
      return;
    }
    List<List<Frame>> missed = resume(namespace, handshake, back);
    if (missed == null) {
      missed = List.of();
      add(new Socket(server.newId(), namespace, handshake, this));
    }
    countUnconnected();
    Socket socket = sockets.getLast();
    write(server.codec().connect(namespace.name(), welcome(socket)));
    connection.separate(); // a client may begin to listen only when it is welcome
    missed.forEach(this::write);
    namespace.connected(socket);
  }

  private void add(Socket socket) {
    sockets.add(socket);
    socket.namespace().add(socket);
  }

  /** The messages missed by a client that goes on where it stopped, or null when it starts anew. */
  private @Nullable List<List<Frame>> resume(
      Namespace namespace, Handshake handshake, Return back) {
    Recovery recovery = namespace.recovery();
    if (recovery == null || back.recoveryId == null) {
      return null;
    }
    return recovery.resume(
        back.recoveryId,
        back.offset,
        handshake,
        (before, since) -> {
          Socket socket = new Socket(before, since, namespace, handshake, this);
          add(socket);
          socket.join(before.rooms());
        });
  }

  private static Map<String, ?> welcome(Socket socket) {
    String recoveryId = socket.recoveryId();
    if (recoveryId == null) {
      return Map.of("sid", socket.id());
    }
    Map<String, String> both = new LinkedHashMap<>();
    both.put("sid", socket.id());
    both.put("pid", recoveryId);
    return both;
  }

  private void refuse(int attempt, String namespace, Throwable failure) {
    if (!session.refuse(attempt)) {
      return;
    }
    Throwable cause =
        failure instanceof CompletionException && failure.getCause() != null
            ? failure.getCause()
            : failure;
    if (cause instanceof ConnectRefused refused) {
      write(server.codec().connectError(namespace, refused.text(), refused.data()));
    } else {
      server.report(cause);
      write(server.codec().connectError(namespace, "Internal server error", null));
    }
    session.refused();
  }

  @Override
  public void event(Packet.Event event) {
    Socket socket = in(event.namespace());
    if (socket != null) {
      socket.dispatch(event);
    }
  }

  @Override
  public void acknowledged(Packet.Ack ack) {
    Socket socket = in(ack.namespace());
    if (socket != null) {
      socket.acknowledged(ack);
    }
  }

  @Override
  public void left(String namespace) {
    Socket socket = in(namespace);
    if (socket != null) {
      end(socket, DisconnectReason.CLIENT_NAMESPACE_DISCONNECT);
    }
  }

  @Override
  public void violated(String what) {
    connection.close(CloseReason.PARSE_ERROR);
  }

  @Override
  public void idled() {
    connection.close(CloseReason.FORCED_CLOSE);
  }

  private @Nullable Socket in(String namespace) {
    for (int i = 0; i < sockets.size(); i++) {
      Socket socket = sockets.get(i);
      if (socket.namespace().name().equals(namespace)) {
        return socket;
      }
    }
    return null;
  }

  // ---- the end of sockets

  void putOut(Socket socket) {
    if (socket.isConnected() && session.putOut(socket.namespace().name(), now())) {
      write(server.codec().disconnect(socket.namespace().name()));
      end(socket, DisconnectReason.SERVER_NAMESPACE_DISCONNECT);
    }
  }

  void putOutOfAll() {
    List.copyOf(sockets).forEach(this::putOut);
    connection.push(); // the stock client would take the close for the reason
    connection.close(CloseReason.FORCED_CLOSE);
  }

  private void end(Socket socket, DisconnectReason reason) {
    sockets.remove(socket);
    countUnconnected();
    socket.ended(reason);
  }

  private void countUnconnected() {
    if (unconnected != sockets.isEmpty()) {
      unconnected = sockets.isEmpty();
      server.unconnected(unconnected ? 1 : -1);
    }
  }
}
