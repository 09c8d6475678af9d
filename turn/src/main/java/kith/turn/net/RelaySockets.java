package kith.turn.net;

import java.io.IOException;
import kith.turn.Allocation;
import kith.turn.Relay;
import kith.turn.net.DatagramEngine.Port;
import org.jspecify.annotations.Nullable;

/** The sockets of the relayed addresses that one loop has. */
final class RelaySockets {
  private final DatagramEngine engine;
  private final @Nullable Streams streams;
  private final FailureLog failures;

  RelaySockets(DatagramEngine engine, @Nullable Streams streams, FailureLog failures) {
    this.engine = engine;
    this.streams = streams;
    this.failures = failures;
  }

  /** Binds one; false when that cannot be: another program has the port, for one. */
  boolean opens(Relay relay, boolean receiving) {
    try {
      if (relay.isTcp()) {
        relay.socket(listening().listen(relay));
      } else {
        Port port = use(relay, engine.bind(relay.local(), false));
        if (receiving) {
          engine.receive(port, relay);
        }
      }
      return true;
    } catch (IOException e) {
      return false;
    } catch (RuntimeException e) {
      failures.tell("a relayed address could not be opened", e);
      return false;
    }
  }

  private Streams listening() {
    if (streams == null) {
      throw new IllegalStateException("TCP relays are for clients of streams");
    }
    return streams;
  }

  private Port use(Relay relay, Port port) {
    engine.tellErrors(port);
    relay.socket(port);
    return port;
  }

  /** Receives on one that is bound already, perhaps by another loop; false when it cannot. */
  boolean adopts(Relay relay) {
    try {
      if (relay.socket() instanceof Port port) {
        engine.receive(engine.takes(port) ? port : use(relay, engine.replace(port)), relay);
        return true;
      }
      return false;
    } catch (IOException | RuntimeException e) {
      failures.tell("a relayed address could not be taken over", e);
      return false;
    }
  }

  /**
   * Stops to receive for an allocation that moves to another loop. A socket that does not let
   * itself be released is closed: the other loop finds none, and the allocation ends there.
   */
  void release(Allocation allocation) {
    for (Relay relay : allocation.relays()) {
      if (relay.socket() instanceof Port port) {
        try {
          engine.release(port);
        } catch (RuntimeException e) {
          failures.tell("a relayed address could not be released", e);
          relay.socket(null);
          NioEngine.closeQuietly(port::close);
        }
      }
    }
  }

  static void close(Relay relay) {
    switch (relay.socket()) {
      case Port port -> port.close();
      case AutoCloseable listening -> NioEngine.closeQuietly(listening);
      case null, default -> {}
    }
    relay.socket(null);
  }
}
