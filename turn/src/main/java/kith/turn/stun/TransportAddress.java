package kith.turn.stun;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * An IP address and a port, as two longs and an int so that packets are routed without making
 * objects. IPv4 is held in its mapped form (::ffff:a.b.c.d); nothing that comes from the wire as
 * IPv6 may carry that form, see {@link #isMapped}.
 */
public final class TransportAddress {
  private static final long MAPPED = 0x0000_FFFF_0000_0000L;

  private final long high;
  private final long low;
  private final int port;
  // Made once, when a shell first needs it: the media path reuses it for every packet.
  private @Nullable InetSocketAddress socketAddress;

  public TransportAddress(long high, long low, int port) {
    this.high = high;
    this.low = low;
    this.port = port;
  }

  public static TransportAddress of(InetAddress address, int port) {
    byte[] bytes = address.getAddress();
    ByteBuffer view = ByteBuffer.wrap(bytes);
    return bytes.length == 4
        ? new TransportAddress(0, mapped(view.getInt()), port)
        : new TransportAddress(view.getLong(), view.getLong(), port);
  }

  public static TransportAddress of(InetSocketAddress address) {
    TransportAddress made = of(address.getAddress(), address.getPort());
    made.socketAddress = address;
    return made;
  }

  /** The lower half of an IPv4 address in its mapped form; the upper half is 0. */
  public static long mapped(int ipv4) {
    return MAPPED | (ipv4 & 0xFFFF_FFFFL);
  }

  /** Whether the two halves are of the form ::ffff:a.b.c.d. */
  public static boolean isMapped(long high, long low) {
    return high == 0 && (low & 0xFFFF_FFFF_0000_0000L) == MAPPED;
  }

  public long high() {
    return high;
  }

  public long low() {
    return low;
  }

  public int port() {
    return port;
  }

  public AddressFamily family() {
    return isMapped(high, low) ? AddressFamily.IPV4 : AddressFamily.IPV6;
  }

  public TransportAddress withPort(int other) {
    return new TransportAddress(high, low, other);
  }

  public boolean is(long otherHigh, long otherLow, int otherPort) {
    return low == otherLow && port == otherPort && high == otherHigh;
  }

  public boolean sameHost(TransportAddress other) {
    return low == other.low && high == other.high;
  }

  public InetAddress address() {
    byte[] bytes =
        family() == AddressFamily.IPV4
            ? ByteBuffer.allocate(4).putInt((int) low).array()
            : ByteBuffer.allocate(16).putLong(high).putLong(low).array();
    try {
      return InetAddress.getByAddress(bytes);
    } catch (UnknownHostException e) {
      throw new IllegalStateException("4 or 16 bytes always make an address", e);
    }
  }

  public InetSocketAddress socketAddress() {
    InetSocketAddress known = socketAddress;
    if (known == null) {
      known = new InetSocketAddress(address(), port);
      socketAddress = known;
    }
    return known;
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof TransportAddress that && that.is(high, low, port);
  }

  @Override
  public int hashCode() {
    return Long.hashCode(high * 31 + low) * 31 + port;
  }

  @Override
  public String toString() {
    String host = address().getHostAddress();
    return family() == AddressFamily.IPV4 ? host + ":" + port : "[" + host + "]:" + port;
  }
}
