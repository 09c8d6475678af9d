package kith.turn.net;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.abort;

import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.nio.ByteBuffer;
import java.util.function.UnaryOperator;
import kith.turn.stun.AttributeType;
import kith.turn.stun.MessageClass;
import kith.turn.stun.Method;
import kith.turn.stun.StunMessage;
import kith.turn.stun.StunWriter;
import kith.turn.stun.TransactionId;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** RFC 5780 on real sockets: an answer comes from the address and port that were asked for. */
class DiscoveryTest {
  private static final InetAddress ONE = InetAddress.ofLiteral("127.0.0.1");
  private static final InetAddress TWO = InetAddress.ofLiteral("127.0.0.2");

  private static TurnOptions options() {
    return TurnOptions.defaults()
        .withPort(0)
        .withListen(ONE, TWO)
        .withDiscoveryPort(0)
        .withLoops(2)
        .withSecrets("secret");
  }

  private static DatagramSocket client() throws SocketException {
    DatagramSocket client = new DatagramSocket(0, ONE);
    client.setSoTimeout(Patience.MILLIS);
    return client;
  }

  private static void asks(
      DatagramSocket client, TurnServer server, UnaryOperator<StunWriter> attributes)
      throws IOException {
    byte[] request =
        attributes
            .apply(StunWriter.of(MessageClass.REQUEST, Method.BINDING, new TransactionId(1, 2)))
            .finish();
    client.send(
        new DatagramPacket(request, request.length, new InetSocketAddress(ONE, server.port())));
  }

  private static DatagramPacket answer(DatagramSocket client) throws IOException {
    DatagramPacket answer = new DatagramPacket(new byte[500], 500);
    client.receive(answer);
    return answer;
  }

  @ParameterizedTest
  @CsvSource({"0, false, false", "2, false, true", "4, true, false", "6, true, true"})
  void theAnswerComesFromWhereItWasAskedFor(int flags, boolean otherAddress, boolean otherPort)
      throws Exception {
    try (TurnServer server = TurnServer.start(options());
        DatagramSocket client = client()) {
      asks(client, server, request -> request.number(AttributeType.CHANGE_REQUEST, flags));
      int port = otherPort ? server.discoveryPort().orElseThrow() : server.port();
      assertEquals(
          new InetSocketAddress(otherAddress ? TWO : ONE, port), answer(client).getSocketAddress());
    }
  }

  @Test
  void theAnswerGoesToThePortThatWasAskedFor() throws Exception {
    try (TurnServer server = TurnServer.start(options());
        DatagramSocket client = client();
        DatagramSocket other = client()) {
      asks(
          client,
          server,
          request -> request.number(AttributeType.RESPONSE_PORT, other.getLocalPort() << 16));
      assertEquals(new InetSocketAddress(ONE, server.port()), answer(other).getSocketAddress());
    }
  }

  /** Who asks from elsewhere cannot reach the loopback, and would take that for its NAT's doing. */
  @Test
  void theLoopbackIsNotTheOtherAddressOfOneThatIsNot() throws Exception {
    InetAddress outer = outer();
    try (TurnServer server = TurnServer.start(options().withListen(ONE, outer));
        DatagramSocket client = client()) {
      asks(client, server, request -> request);
      assertFalse(read(answer(client)).has(AttributeType.OTHER_ADDRESS));
    }
  }

  private static InetAddress outer() throws SocketException {
    return NetworkInterface.networkInterfaces()
        .flatMap(NetworkInterface::inetAddresses)
        .filter(address -> address instanceof Inet4Address && !address.isLoopbackAddress())
        .findFirst()
        .orElseGet(() -> abort("this machine has no other address"));
  }

  @Test
  void theSecondPortCannotBeTheFirst() throws Exception {
    int port;
    try (TurnServer server = TurnServer.start(options())) {
      port = server.port();
    }
    TurnOptions same = options().withPort(port).withDiscoveryPort(port);
    assertThrows(IOException.class, () -> TurnServer.start(same));
  }

  @Test
  void behindANatTheAddressesAreThoseThatClientsReach() throws Exception {
    InetAddress first = InetAddress.ofLiteral("203.0.113.1");
    InetAddress second = InetAddress.ofLiteral("203.0.113.2");
    TurnOptions mapped = options().withExternalAddress(ONE, first).withExternalAddress(TWO, second);
    try (TurnServer server = TurnServer.start(mapped);
        DatagramSocket client = client()) {
      asks(client, server, request -> request);
      StunMessage message = read(answer(client));
      assertEquals(
          new InetSocketAddress(first, server.port()),
          address(message, AttributeType.RESPONSE_ORIGIN));
      assertEquals(
          new InetSocketAddress(second, server.discoveryPort().orElseThrow()),
          address(message, AttributeType.OTHER_ADDRESS));
    }
  }

  private static StunMessage read(DatagramPacket answer) {
    StunMessage message = new StunMessage();
    assertTrue(message.read(ByteBuffer.wrap(answer.getData()), 0, answer.getLength()));
    return message;
  }

  private static InetSocketAddress address(StunMessage message, int attribute) throws IOException {
    ByteBuffer value = ByteBuffer.wrap(message.value(attribute, 8));
    byte[] host = new byte[4];
    value.get(4, host);
    return new InetSocketAddress(InetAddress.getByAddress(host), value.getShort(2) & 0xFFFF);
  }
}
