package kith.turn.proxy;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import kith.turn.proxy.Introduction.Client;
import kith.turn.proxy.Introduction.Incomplete;
import kith.turn.proxy.Introduction.Itself;
import kith.turn.proxy.Introduction.Malformed;
import kith.turn.stun.TransportAddress;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a proxy says before a client's first byte. */
class ProxyHeaderTest {
  private static final byte[] SIGNATURE = {
    '\r', '\n', '\r', '\n', 0, '\r', '\n', 'Q', 'U', 'I', 'T', '\n'
  };
  private static final byte[] IPV4 = {(byte) 203, 0, 113, 5, 10, 0, 0, 1, 0x13, (byte) 0x88, 1, 2};

  private static byte[] binary(int command, int family, int length, byte[] rest) {
    return ByteBuffer.allocate(16 + rest.length)
        .put(SIGNATURE)
        .put((byte) command)
        .put((byte) family)
        .putShort((short) length)
        .put(rest)
        .array();
  }

  private static byte[] binary(int command, int family, byte[] rest) {
    return binary(command, family, rest.length, rest);
  }

  private static byte[] line(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }

  /**
   * Reads as a connection does, no more at a time than it is told; everything must have been read.
   */
  private static Introduction read(byte[] header) {
    int have = 0;
    Introduction said = ProxyHeader.read(header, have);
    while (said instanceof Incomplete(int more) && have + more <= header.length) {
      have += more;
      said = ProxyHeader.read(Arrays.copyOf(header, have), have);
    }
    if (said instanceof Client || said instanceof Itself) {
      assertEquals(header.length, have, "the header is read, and nothing else");
    }
    return said;
  }

  private static Client client(String address, int port) {
    return new Client(TransportAddress.of(InetAddress.ofLiteral(address), port));
  }

  // Version 1

  @Test
  void aLineNamesTheClient() {
    assertEquals(
        client("203.0.113.5", 5000), read(line("PROXY TCP4 203.0.113.5 10.0.0.1 5000 3478\r\n")));
    assertEquals(
        client("2001:db8::5", 65_535), read(line("PROXY TCP6 2001:db8::5 ::1 65535 3478\r\n")));
    assertEquals(
        client("255.255.255.255", 65_535),
        read(line("PROXY TCP4 255.255.255.255 255.255.255.255 65535 65535\r\n")));
  }

  @ParameterizedTest
  @ValueSource(strings = {"PROXY UNKNOWN\r\n", "PROXY UNKNOWN ffff::1 ffff::2 1 2\r\n"})
  void aLineMayNameNobody(String text) {
    assertEquals(new Itself(), read(line(text)));
  }

  @Test
  void theLongestLineIsRead() {
    String ipv6 = "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff";
    String longest = "PROXY UNKNOWN " + ipv6 + " " + ipv6 + " 65535 65535\r\n";
    assertEquals(107, longest.length());
    assertEquals(new Itself(), read(line(longest)));
    assertEquals(new Malformed(), read(line(longest.replace("\r\n", "5\r\n"))));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "PROXY TCP4 203.0.113.5 10.0.0.1 5000\r\n",
        "PROXY TCP4 203.0.113.5 10.0.0.1 5000 3478 1\r\n",
        "PROXY TCP4  203.0.113.5 10.0.0.1 5000 3478\r\n",
        "PROXY TCP4 203.0.113.5 10.0.0.1 5000 3478 \r\n",
        "PROXY TCP4 203.0.113 10.0.0.1 5000 3478\r\n",
        "PROXY TCP4 203.0.113.256 10.0.0.1 5000 3478\r\n",
        "PROXY TCP4 203.0.113.5 10.0.0.one 5000 3478\r\n",
        "PROXY TCP4 2001:db8::5 ::1 5000 3478\r\n",
        "PROXY TCP4 203.0.113.5 10.0.0.1 65536 3478\r\n",
        "PROXY TCP4 203.0.113.5 10.0.0.1 05000 3478\r\n",
        "PROXY TCP4 203.0.113.5 10.0.0.1 -1 3478\r\n",
        "PROXY TCP6 203.0.113.5 10.0.0.1 5000 3478\r\n",
        "PROXY TCP6 2001:db8::5::1 ::1 5000 3478\r\n",
        "PROXY TCP6 fe80::1%eth0 ::1 5000 3478\r\n",
        "PROXY UDP4 203.0.113.5 10.0.0.1 5000 3478\r\n",
        "PROXY tcp4 203.0.113.5 10.0.0.1 5000 3478\r\n",
        "proxy TCP4 203.0.113.5 10.0.0.1 5000 3478\r\n",
        "PROXY TCP4 203.0.113.5 10.0.0.1 5000 3478\n",
        "PROXY TCP4 203.0.113.5 10.0.0.1 5000\r3478\r\n",
        "PROXY UNKNOWNS 203.0.113.5\r\n",
        "GET / HTTP/1.1\r\n"
      })
  void aLineThatIsWrongIsRefused(String text) {
    assertEquals(new Malformed(), read(line(text)));
  }

  @Test
  void aLineThatHasNoEndIsRefused() {
    byte[] endless = line("PROXY TCP4 " + "1".repeat(200));
    assertEquals(new Malformed(), read(endless));
  }

  // Version 2

  @Test
  void aBinaryHeaderNamesTheClient() {
    assertEquals(client("203.0.113.5", 5000), read(binary(0x21, 0x11, IPV4)));
    byte[] ipv6 = new byte[36];
    ipv6[0] = 0x20;
    ipv6[1] = 0x01;
    ipv6[15] = 5;
    ipv6[33] = 80;
    assertEquals(client("2001::5", 80), read(binary(0x21, 0x21, ipv6)));
  }

  @Test
  void extensionsArePassedOver() {
    assertEquals(client("203.0.113.5", 5000), read(binary(0x21, 0x11, Arrays.copyOf(IPV4, 2_032))));
    assertEquals(new Malformed(), read(binary(0x21, 0x11, Arrays.copyOf(IPV4, 2_033))));
    assertEquals(new Malformed(), read(binary(0x21, 0x11, 65_535, IPV4)));
  }

  @Test
  void aProxyMaySpeakForItselfOrNotKnow() {
    assertEquals(new Itself(), read(binary(0x20, 0x00, new byte[0])));
    assertEquals(new Itself(), read(binary(0x20, 0x11, IPV4)));
    assertEquals(new Itself(), read(binary(0x21, 0x00, new byte[0])));
    assertEquals(new Itself(), read(binary(0x21, 0x00, new byte[7])));
  }

  @Test
  void aBinaryHeaderThatIsWrongIsRefused() {
    assertEquals(new Malformed(), read(binary(0x11, 0x11, IPV4)), "version 1");
    assertEquals(new Malformed(), read(binary(0x22, 0x11, IPV4)), "a command there is not");
    assertEquals(new Malformed(), read(binary(0x21, 0x12, IPV4)), "UDP");
    assertEquals(new Malformed(), read(binary(0x21, 0x31, new byte[216])), "a local socket");
    assertEquals(new Malformed(), read(binary(0x21, 0x11, Arrays.copyOf(IPV4, 11))), "too short");
    assertEquals(new Malformed(), read(binary(0x21, 0x21, new byte[35])), "too short");
    byte[] unlike = binary(0x21, 0x11, IPV4);
    unlike[11] = 'X';
    assertEquals(new Malformed(), read(unlike), "another signature");
  }

  @Test
  void aHeaderThatIsNotWholeIsWaitedFor() {
    byte[] header = binary(0x21, 0x11, IPV4);
    for (int have = 0; have < header.length; have++) {
      Introduction said = ProxyHeader.read(Arrays.copyOf(header, have), have);
      assertEquals(Incomplete.class, said.getClass(), "after " + have + " bytes");
    }
  }
}
