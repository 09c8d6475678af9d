package kith.turn;

import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;
import kith.turn.stun.AddressFamily;
import kith.turn.stun.TransportAddress;

/**
 * One IP address that relayed addresses are made of, and which of its ports are taken. All loops
 * share it: a port is claimed by compare-and-set, and one that is live (an allocation stands behind
 * it now) may be reached by other relays of this server whatever the peer policy says of the
 * address.
 */
public final class RelayHost {
  private final TransportAddress local;
  private final TransportAddress advertised;
  private final int firstPort;
  private final int ports;
  private AtomicLongArray claimed;
  private final AtomicLongArray withheld;
  private final AtomicIntegerArray liveOverUdp;
  private final AtomicIntegerArray liveOverTcp;

  /**
   * @param local the address relay sockets are bound to
   * @param advertised what clients are told instead, where a 1:1 NAT stands in front
   * @param minPort the first relay port
   * @param maxPort the last relay port, inclusive
   */
  public RelayHost(TransportAddress local, TransportAddress advertised, int minPort, int maxPort) {
    if (minPort < 1 || maxPort > 65535 || minPort > maxPort) {
      throw new IllegalArgumentException(
          "relay ports must be within 1-65535, got " + minPort + "-" + maxPort);
    }
    this.local = local.withPort(0);
    this.advertised = advertised.withPort(0);
    this.firstPort = minPort;
    this.ports = maxPort - minPort + 1;
    this.claimed = new AtomicLongArray((ports + 63) / 64);
    this.withheld = new AtomicLongArray((ports + 63) / 64);
    this.liveOverUdp = new AtomicIntegerArray((ports + 31) / 32);
    this.liveOverTcp = new AtomicIntegerArray((ports + 31) / 32);
  }

  /**
   * From now on a port taken of one of the two is taken of the other: clients are told the same
   * address by both, and a port of it must not be two relays.
   */
  void sharePortsOf(RelayHost other) {
    if (firstPort != other.firstPort || ports != other.ports) {
      throw new IllegalArgumentException(
          "hosts that are both told as " + advertised + " must have the same relay ports");
    }
    claimed = other.claimed;
  }

  TransportAddress local() {
    return local;
  }

  TransportAddress advertised() {
    return advertised;
  }

  AddressFamily family() {
    return local.family();
  }

  boolean isMapped() {
    return !local.sameHost(advertised);
  }

  /**
   * Claims a free port chosen at random: {@code even} asks for an even one, {@code pair} for the
   * next one as well. 0 when none.
   */
  int claim(RandomGenerator random, boolean even, boolean pair) {
    int start = random.nextInt(ports);
    for (int i = 0; i < ports; i++) {
      int port = firstPort + (start + i) % ports;
      if (even && (port & 1) != 0 || !claim(port)) {
        continue;
      }
      if (!pair || claim(port + 1)) {
        return port;
      }
      release(port);
    }
    return 0;
  }

  private boolean claim(int port) {
    int index = port - firstPort;
    if (index < 0 || index >= ports) {
      return false;
    }
    return set(claimed, index);
  }

  /** Whether it was not set before. */
  private static boolean set(AtomicLongArray bits, int index) {
    long bit = 1L << index;
    return (bits.getAndAccumulate(index >> 6, bit, (old, b) -> old | b) & bit) == 0;
  }

  /** From now on this port is nobody's, or once it is released if it is somebody's by now. */
  void withhold(int port) {
    int index = port - firstPort;
    if (index >= 0 && index < ports) {
      set(withheld, index);
      claim(port);
    }
  }

  void release(int port) {
    int index = port - firstPort;
    claimed.getAndAccumulate(index >> 6, 1L << index, (old, bit) -> old & ~bit);
    if ((withheld.get(index >> 6) & 1L << index) != 0) {
      claim(port); // as if it had been free when it was withheld
    }
  }

  void setLive(RelayedTransport transport, int port, boolean alive) {
    int index = port - firstPort;
    int bit = 1 << index;
    if (alive) {
      live(transport).getAndAccumulate(index >> 5, bit, (old, b) -> old | b);
    } else {
      live(transport).getAndAccumulate(index >> 5, bit, (old, b) -> old & ~b);
    }
  }

  /** Whether any port of it is live. */
  public boolean isInUse() {
    return hasAny(liveOverUdp) || hasAny(liveOverTcp);
  }

  private static boolean hasAny(AtomicIntegerArray live) {
    return IntStream.range(0, live.length()).anyMatch(word -> live.get(word) != 0);
  }

  boolean isLive(RelayedTransport transport, int port) {
    int index = port - firstPort;
    return index >= 0 && index < ports && (live(transport).get(index >> 5) & (1 << index)) != 0;
  }

  private AtomicIntegerArray live(RelayedTransport transport) {
    return transport == RelayedTransport.UDP ? liveOverUdp : liveOverTcp;
  }

  boolean isKnownAs(long high, long low) {
    return isLocal(high, low) || isAdvertised(high, low);
  }

  boolean isLocal(long high, long low) {
    return local.low() == low && local.high() == high;
  }

  private boolean isAdvertised(long high, long low) {
    return advertised.low() == low && advertised.high() == high;
  }
}
