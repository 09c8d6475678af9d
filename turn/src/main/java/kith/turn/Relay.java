package kith.turn;

import kith.turn.stun.AddressFamily;
import kith.turn.stun.TransportAddress;
import org.jspecify.annotations.Nullable;

/** A relayed transport address, and the socket that the shell keeps for it. */
public final class Relay {
  private final RelayHost host;
  private final RelayedTransport transport;
  private final TransportAddress local;
  private final TransportAddress advertised;
  @Nullable Allocation allocation;
  @Nullable AllocateAttempt attempt;
  // When its allocation loses it, or ends with it (RFC 8656 §6): each has a time of its own.
  long expiresAt;
  private volatile @Nullable Object socket;

  Relay(RelayHost host, RelayedTransport transport, int port) {
    this.host = host;
    this.transport = transport;
    this.local = host.local().withPort(port);
    this.advertised = host.advertised().withPort(port);
  }

  /** What the socket is bound to. */
  public TransportAddress local() {
    return local;
  }

  /** The relayed address as clients and peers know it. */
  public TransportAddress advertised() {
    return advertised;
  }

  RelayedTransport transport() {
    return transport;
  }

  /** Whether peers connect to it, and it to them, over TCP (RFC 6062). */
  public boolean isTcp() {
    return transport == RelayedTransport.TCP;
  }

  AddressFamily family() {
    return local.family();
  }

  /** The core of the loop that has it; null when no allocation has it any more. */
  public @Nullable TurnCore home() {
    Allocation owner = allocation;
    return owner == null ? null : owner.home();
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
