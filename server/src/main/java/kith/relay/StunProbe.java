package kith.relay;

import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.security.SecureRandom;
import java.util.Arrays;

/** Asks a STUN server for a binding (RFC 8489 section 3), to see whether it is there. */
final class StunProbe {
  private static final short BINDING_REQUEST = 0x0001;
  private static final short BINDING_SUCCESS = 0x0101;
  private static final int MAGIC_COOKIE = 0x2112A442;
  private static final int HEADER_BYTES = 20;
  private static final int TRANSACTION_ID_BYTES = 12;
  private static final int WAIT_MILLIS = 1_000;
  private static final SecureRandom random = new SecureRandom();

  private StunProbe() {}

  static boolean answers(InetSocketAddress server) {
    byte[] transaction = new byte[TRANSACTION_ID_BYTES];
    random.nextBytes(transaction);
    byte[] request =
        ByteBuffer.allocate(HEADER_BYTES)
            .putShort(BINDING_REQUEST)
            .putShort((short) 0)
            .putInt(MAGIC_COOKIE)
            .put(transaction)
            .array();
    try (DatagramSocket socket = new DatagramSocket()) {
      socket.connect(server);
      socket.setSoTimeout(WAIT_MILLIS);
      socket.send(new DatagramPacket(request, request.length));
      DatagramPacket response = new DatagramPacket(new byte[512], 512);
      socket.receive(response);
      return isAnswer(ByteBuffer.wrap(response.getData(), 0, response.getLength()), transaction);
    } catch (IOException noAnswer) {
      return false;
    }
  }

  private static boolean isAnswer(ByteBuffer response, byte[] transaction) {
    if (response.remaining() < HEADER_BYTES || response.getShort(0) != BINDING_SUCCESS) {
      return false;
    }
    byte[] answered = new byte[TRANSACTION_ID_BYTES];
    response.get(HEADER_BYTES - TRANSACTION_ID_BYTES, answered);
    return Arrays.equals(answered, transaction);
  }
}
