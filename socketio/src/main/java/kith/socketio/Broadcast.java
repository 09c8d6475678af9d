package kith.socketio;

import java.util.Arrays;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import kith.socketio.adapter.Command;
import kith.socketio.adapter.Target;
import org.jspecify.annotations.Nullable;

/**
 * Sockets of a namespace, on all nodes, to send to or to move. Immutable: each selection makes
 * another. A socket's id is a room with that socket alone.
 */
public final class Broadcast {
  private final Namespace namespace;
  private final Target target;

  Broadcast(Namespace namespace, Target target) {
    this.namespace = namespace;
    this.target = target;
  }

  /** Also the sockets in any of these rooms. Without rooms all of the namespace is meant. */
  public Broadcast to(String... rooms) {
    return new Broadcast(namespace, new Target(with(target.rooms(), rooms), target.except()));
  }

  /** Not the sockets in any of these rooms. */
  public Broadcast except(String... rooms) {
    return new Broadcast(namespace, new Target(target.rooms(), with(target.except(), rooms)));
  }

  private static Set<String> with(Set<String> some, String... more) {
    if (some.isEmpty() && more.length == 1) {
      return Set.of(more[0]);
    }
    Set<String> all = new HashSet<>(some);
    all.addAll(Arrays.asList(more));
    return all;
  }

  /**
   * Sends an event, encoded once, to each socket once.
   *
   * @throws IllegalArgumentException when a value cannot be sent
   */
  public void emit(String event, @Nullable Object... args) {
    namespace.publish(namespace.emission(target, event, args));
  }

  /** Has the sockets join rooms. */
  public void join(String... rooms) {
    namespace.publish(new Command.Join(target, Set.copyOf(Arrays.asList(rooms))));
  }

  /** Has the sockets leave rooms. */
  public void leave(String... rooms) {
    namespace.publish(new Command.Leave(target, Set.copyOf(Arrays.asList(rooms))));
  }

  /** Puts the sockets out, as {@link Socket#disconnect} does. */
  public void disconnect(boolean closeConnection) {
    namespace.publish(new Command.Disconnect(target, closeConnection));
  }

  /** The ids of the sockets: who is present. */
  public CompletionStage<Set<String>> present() {
    return namespace.adapter().present(target);
  }
}
