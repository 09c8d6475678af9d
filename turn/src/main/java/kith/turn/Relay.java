package kith.turn;

import kith.turn.stun.AddressFamily;
import kith.turn.stun.TransportAddress;
import org.jspecify.annotations.Nullable;

/** A relayed transport address, and the socket that the shell keeps for it. */
public final class Relay {
  private final RelayHost host;
  private final TransportAddress local;
  @Nullable Allocation allocation;
  @Nullable AllocateAttempt attempt;
  private volatile @Nullable Object socket;

  Relay(RelayHost host, int port) {
    this.host = host;
    this.local = host.local().withPort(port);
  }

  /** What the socket is bound to. */
  public TransportAddress local() {
    return local;
  }

  /** What the client is told. */
  TransportAddress advertised() {
    return host.advertised().withPort(local.port());
  }

  AddressFamily family() {
    return local.family();
  }

  RelayHost host() {
    return host;
  }

  /** The shell's own handle; the core never looks at it. */
  public @Nullable Object socket() {
    return socket;
  }

  public void socket(@Nullable Object handle) {
    socket = handle;
  }

  @Override
  public String toString() {
    return "relay " + local;
  }
}
