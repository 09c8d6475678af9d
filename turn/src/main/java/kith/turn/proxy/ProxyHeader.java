package kith.turn.proxy;

import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.regex.Pattern;
import kith.turn.proxy.Introduction.Client;
import kith.turn.proxy.Introduction.Incomplete;
import kith.turn.proxy.Introduction.Itself;
import kith.turn.proxy.Introduction.Malformed;
import kith.turn.stun.TransportAddress;

/**
 * The header of the PROXY protocol, version 1 (a line of text) or 2 (binary), as HAProxy's
 * proxy-protocol.txt has it. Strict: what it does not allow is malformed.
 */
public final class ProxyHeader {
  /** The longest header that is read. Version 1 ends at 107 bytes; 2 has room for extensions. */
  public static final int LONGEST = 2_048;

  // Either version is longer, and this many bytes tell which it is.
  private static final int FIRST = 12;
  private static final byte[] LINE = "PROXY ".getBytes(StandardCharsets.US_ASCII);
  private static final int LONGEST_LINE = 107;
  private static final Pattern IPV4 = Pattern.compile("\\d{1,3}(\\.\\d{1,3}){3}");
  private static final Pattern IPV6 = Pattern.compile("[0-9a-fA-F:.]*:[0-9a-fA-F:.]*");
  private static final Pattern PORT = Pattern.compile("0|[1-9]\\d{0,4}");

  private static final byte[] BINARY = {
    '\r', '\n', '\r', '\n', 0, '\r', '\n', 'Q', 'U', 'I', 'T', '\n'
  };
  private static final int BINARY_HEADER = 16;
  private static final int LOCAL = 0x20;
  private static final int PROXY = 0x21;
  private static final int UNSPECIFIED = 0x00;
  private static final int TCP_OVER_IPV4 = 0x11;
  private static final int TCP_OVER_IPV6 = 0x21;
  private static final int ADDRESSES_IPV4 = 12;
  private static final int ADDRESSES_IPV6 = 36;

  private ProxyHeader() {}

  /**
   * Reads the first {@code length} bytes of a connection. Whoever reads no more than {@link
   * Incomplete} says has read nothing of what follows the header.
   */
  public static Introduction read(byte[] bytes, int length) {
    if (length < FIRST) {
      return new Incomplete(FIRST - length);
    }
    if (begins(bytes, BINARY)) {
      return binary(ByteBuffer.wrap(bytes, 0, length));
    }
    return begins(bytes, LINE) ? line(bytes, length) : new Malformed();
  }

  private static boolean begins(byte[] bytes, byte[] with) {
    return Arrays.equals(bytes, 0, with.length, with, 0, with.length);
  }

  private static Introduction binary(ByteBuffer bytes) {
    int have = bytes.limit();
    if (have < BINARY_HEADER) {
      return new Incomplete(BINARY_HEADER - have);
    }
    int command = bytes.get(FIRST) & 0xFF;
    int length = bytes.getShort(BINARY_HEADER - 2) & 0xFFFF;
    if (command != LOCAL && command != PROXY || BINARY_HEADER + length > LONGEST) {
      return new Malformed();
    }
    if (have < BINARY_HEADER + length) {
      return new Incomplete(BINARY_HEADER + length - have);
    }
    return command == LOCAL ? new Itself() : addresses(bytes, length);
  }

  private static Introduction addresses(ByteBuffer bytes, int length) {
    int family = bytes.get(FIRST + 1) & 0xFF;
    if (family == UNSPECIFIED) {
      return new Itself();
    }
    if (family == TCP_OVER_IPV4 && length >= ADDRESSES_IPV4) {
      int ports = BINARY_HEADER + 8;
      return new Client(
          new TransportAddress(
              0,
              TransportAddress.mapped(bytes.getInt(BINARY_HEADER)),
              bytes.getShort(ports) & 0xFFFF));
    }
    if (family == TCP_OVER_IPV6 && length >= ADDRESSES_IPV6) {
      int ports = BINARY_HEADER + 32;
      return new Client(
          new TransportAddress(
              bytes.getLong(BINARY_HEADER),
              bytes.getLong(BINARY_HEADER + 8),
              bytes.getShort(ports) & 0xFFFF));
    }
    return new Malformed();
  }

  private static Introduction line(byte[] bytes, int length) {
    for (int at = LINE.length; at < length; at++) {
      boolean last = at == length - 1;
      if (bytes[at] == '\n' || bytes[at] == '\r' && !last && bytes[at + 1] != '\n') {
        return new Malformed();
      }
      if (bytes[at] == '\r') {
        return last ? atMost(length, 1) : words(bytes, at);
      }
    }
    return atMost(length, 2);
  }

  /** So many more at least, unless the line were too long with them. */
  private static Introduction atMost(int length, int more) {
    return length + more > LONGEST_LINE ? new Malformed() : new Incomplete(more);
  }

  private static Introduction words(byte[] bytes, int end) {
    String line = new String(bytes, 0, end, StandardCharsets.ISO_8859_1);
    String[] words = line.split(" ", -1);
    if (words[1].equals("UNKNOWN")) {
      return new Itself();
    }
    boolean ipv4 = words[1].equals("TCP4");
    Pattern address = ipv4 ? IPV4 : IPV6;
    if (words.length != 6
        || !ipv4 && !words[1].equals("TCP6")
        || !address.matcher(words[2]).matches()
        || !address.matcher(words[3]).matches()
        || !isPort(words[4])
        || !isPort(words[5])) {
      return new Malformed();
    }
    try {
      InetAddress client = InetAddress.ofLiteral(words[2]);
      InetAddress.ofLiteral(words[3]);
      return new Client(TransportAddress.of(client, Integer.parseInt(words[4])));
    } catch (IllegalArgumentException notOne) {
      return new Malformed();
    }
  }

  private static boolean isPort(String word) {
    return PORT.matcher(word).matches() && Integer.parseInt(word) <= 65_535;
  }
}
