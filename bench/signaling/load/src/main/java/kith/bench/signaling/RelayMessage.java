package kith.bench.signaling;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.util.Arrays;

/**
 * The event that is relayed: {@code message} with one JSON object of {@value #PAYLOAD_BYTES} bytes,
 * like a description with candidates as calls send them. It names its sender and its number, so
 * that a message lost, doubled, out of order, changed or sent to the wrong socket is seen. It holds
 * no null, for netty-socketio would leave that out of the object.
 */
final class RelayMessage {
  static final int PAYLOAD_BYTES = 1_024;

  /** Numbers have all one width, so that they are written in place. */
  private static final int FIRST_SENDER = 100_000;

  private static final int FIRST_SEQUENCE = 1_000_000_000;

  private static final String EVENT = "[\"message\",";
  private static final String SENDER_HERE = "999999";
  private static final String SEQUENCE_HERE = "9999999999";

  /** What the server sends: {@code 42["message",{...}]}. */
  private final byte[] relayed = ("42" + EVENT + payload() + "]").getBytes(US_ASCII);

  private final int senderAt = indexOf(SENDER_HERE);
  private final int sequenceAt = indexOf(SEQUENCE_HERE);

  private static String payload() {
    StringBuilder json =
        new StringBuilder("{\"from\":" + SENDER_HERE + ",\"seq\":" + SEQUENCE_HERE)
            .append(",\"callId\":\"3f0c9a52-6a0e-4a51-9d0b-2f6f3c1d7e88\",\"media\":\"video\"")
            .append(",\"audio\":true,\"screen\":false,\"volume\":0.75")
            .append(",\"candidates\":[");
    for (int i = 0; i < 5; i++) {
      json.append(i == 0 ? "" : ",")
          .append("{\"candidate\":\"candidate:84216")
          .append(i)
          .append(" 1 udp 2122260223 127.0.0.1 5")
          .append(4_000 + i)
          .append(" typ host generation 0\",\"sdpMid\":\"")
          .append(i % 2)
          .append("\",\"sdpMLineIndex\":")
          .append(i % 2)
          .append('}');
    }
    json.append("],\"note\":\"");
    return json + "x".repeat(PAYLOAD_BYTES - json.length() - 2) + "\"}";
  }

  private int indexOf(String mark) {
    return new String(relayed, US_ASCII).indexOf(mark);
  }

  /**
   * Writes what a client sends, {@code 42ACK["message",{...}]}, and returns where it ends.
   *
   * @param ackId the acknowledgement's id
   */
  int write(int sender, long sequence, long ackId, byte[] to, int at) {
    number(sender, sequence);
    to[at] = '4';
    to[at + 1] = '2';
    int body = at + 2 + decimal(ackId, to, at + 2);
    System.arraycopy(relayed, 2, to, body, relayed.length - 2);
    return body + relayed.length - 2;
  }

  /** Whether the packet is, byte for byte, this message of that sender. */
  boolean is(int sender, long sequence, byte[] packet, int from, int to) {
    number(sender, sequence);
    return Arrays.equals(relayed, 0, relayed.length, packet, from, to);
  }

  private void number(int sender, long sequence) {
    decimal(FIRST_SENDER + sender, relayed, senderAt);
    decimal(FIRST_SEQUENCE + sequence, relayed, sequenceAt);
  }

  /** Writes the number and returns its length. */
  private static int decimal(long value, byte[] to, int at) {
    int digits = 1;
    for (long rest = value / 10; rest > 0; rest /= 10) {
      digits++;
    }
    long rest = value;
    for (int i = at + digits - 1; i >= at; i--) {
      to[i] = (byte) ('0' + rest % 10);
      rest /= 10;
    }
    return digits;
  }
}
