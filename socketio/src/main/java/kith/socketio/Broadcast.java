package kith.socketio;

import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * To whom an event goes. Immutable: each method makes another. A socket's id is a room with that
 * socket alone.
 */
public final class Broadcast {
  private final Namespace namespace;
  private final Set<String> rooms;
  private final Set<String> except;

  Broadcast(Namespace namespace) {
    this(namespace, Set.of(), Set.of());
  }

  private Broadcast(Namespace namespace, Set<String> rooms, Set<String> except) {
    this.namespace = namespace;
    this.rooms = rooms;
    this.except = except;
  }

  /** Also to the sockets in any of these rooms. Without rooms it goes to the whole namespace. */
  public Broadcast to(String... rooms) {
    return new Broadcast(namespace, with(this.rooms, rooms), except);
  }

  /** Not to the sockets in any of these rooms. */
  public Broadcast except(String... rooms) {
    return new Broadcast(namespace, this.rooms, with(except, rooms));
  }

  private static Set<String> with(Set<String> some, String... more) {
    Set<String> all = new HashSet<>(some);
    all.addAll(Set.of(more));
    return all;
  }

  /**
   * Sends an event, encoded once, to each socket once.
   *
   * @throws IllegalArgumentException when a value cannot be sent
   */
  public void emit(String event, @Nullable Object... args) {
    namespace.publish(rooms, except, event, args);
  }
}
