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
  // Its packets still come to this loop, and its allocation went to another.
  @Nullable Lead lead;

  /** Where this flow's packets are to be handled: the same 5-tuple as another loop's flow. */
  static final class Lead {
    private final Flow twin;
    private final TurnCore core;
    // Since this was last asked.
    private boolean used;

    Lead(Flow twin, TurnCore core) {
      this.twin = twin;
      this.core = core;
    }

    Flow twin() {
      return twin;
    }

    TurnCore core() {
      return core;
    }

    void use() {
      used = true;
    }

    /** Whether packets took this way since it was asked before. */
    boolean takeUsed() {
      boolean was = used;
      used = false;
      return was;
    }
  }

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

  boolean has(Allocation other) {
    return allocation == other;
  }

  /** It is this allocation's from now on. */
  void take(Allocation taken) {
    allocation = taken;
    if (!isStream()) {
      listener.remember(this);
    }
  }

  /**
   * It is this allocation's no more. One that was not, or that another loop has taken it from, is
   * left alone: its listener is not ours to touch.
   */
  void leave(Allocation left) {
    if (allocation == left) {
      allocation = null;
      listener.forget(this);
    }
  }

  /** Whether this loop, or one that it passes packets on to, has an allocation for it. */
  public boolean isServed() {
    return allocation != null || lead != null;
  }

  boolean isAtSameAddressAs(Flow other) {
    return listener.local().equals(other.listener.local());
  }

  void lead(Lead elsewhere) {
    lead = elsewhere;
    listener.remember(this);
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
