package kith.turn;

import kith.turn.stun.TransportAddress;
import org.jspecify.annotations.Nullable;

/**
 * A client as the server sees it: its 5-tuple (RFC 8656 §2.2), and its allocation when it has one.
 */
public final class Flow {
  private final Listener listener;
  private final TransportAddress client;
  private final @Nullable Object connection;
  @Nullable Allocation allocation;

  /**
   * @param connection the shell's own handle where the transport is a stream; the core only hands
   *     it back
   */
  public Flow(Listener listener, TransportAddress client, @Nullable Object connection) {
    this.listener = listener;
    this.client = client;
    this.connection = connection;
  }

  public Listener listener() {
    return listener;
  }

  public TransportAddress client() {
    return client;
  }

  public @Nullable Object connection() {
    return connection;
  }

  public boolean hasAllocation() {
    return allocation != null;
  }

  boolean isStream() {
    return listener.transport().isStream();
  }

  /**
   * The same client, but nothing can be sent to it and nothing of a loop's is touched: what an
   * allocation has for a flow while it is between two loops.
   */
  Flow outOfReach() {
    Listener nowhere = new Listener(listener.transport(), listener.local(), null, null);
    return new Flow(nowhere, client, null);
  }

  @Override
  public String toString() {
    return listener.transport() + " " + client;
  }
}
