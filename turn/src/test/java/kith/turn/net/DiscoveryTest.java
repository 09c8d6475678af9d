package kith.turn.net;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import kith.turn.stun.AttributeType;
import kith.turn.stun.MessageClass;
import kith.turn.stun.Method;
import kith.turn.stun.StunWriter;
import kith.turn.stun.TransactionId;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** RFC 5780 on real sockets: an answer comes from the address and port that were asked for. */
class DiscoveryTest {
  private static final InetAddress ONE = InetAddress.ofLiteral("127.0.0.1");
  private static final InetAddress TWO = InetAddress.ofLiteral("127.0.0.2");

  @ParameterizedTest
  @CsvSource({"0, false, false", "2, false, true", "4, true, false", "6, true, true"})
  void theAnswerComesFromWhereItWasAskedFor(int flags, boolean otherAddress, boolean otherPort)
      throws Exception {
    TurnOptions options =
        TurnOptions.defaults()
            .withPort(0)
            .withListen(ONE, TWO)
            .withDiscoveryPort(0)
            .withLoops(2)
            .withSecrets("secret");
    try (TurnServer server = TurnServer.start(options);
        DatagramSocket client = new DatagramSocket(0, ONE)) {
      client.setSoTimeout(5_000);
      byte[] request =
          StunWriter.of(MessageClass.REQUEST, Method.BINDING, new TransactionId(1, 2))
              .number(AttributeType.CHANGE_REQUEST, flags)
              .finish();
      client.send(
          new DatagramPacket(request, request.length, new InetSocketAddress(ONE, server.port())));
      DatagramPacket answer = new DatagramPacket(new byte[500], 500);
      client.receive(answer);
      int port = otherPort ? server.discoveryPort().orElseThrow() : server.port();
      assertEquals(
          new InetSocketAddress(otherAddress ? TWO : ONE, port), answer.getSocketAddress());
    }
  }
}
