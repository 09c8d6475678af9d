package kith.turn.net;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import kith.turn.net.DatagramEngine.Port;
import kith.turn.stun.TransportAddress;
import org.junit.jupiter.api.AfterEach;

/** Engines that a test drives, and whom they talk with, on the loopback. */
abstract class Stations {
  static final InetAddress LOOPBACK = InetAddress.ofLiteral("127.0.0.1");
  static final InetAddress LOOPBACK6 = InetAddress.ofLiteral("::1");

  private final List<AutoCloseable> opened = new ArrayList<>();

  /** An engine with one port, driven by the test, that writes down what comes. */
  final class Station implements DatagramEngine.Receiver, AutoCloseable {
    final DatagramEngine engine;
    final Port port;
    final List<String> heard = new ArrayList<>();
    final List<String> errors = new ArrayList<>();
    final List<TransportAddress> sources = new ArrayList<>();
    TransportAddress answerTo;
    private List<TransportAddress> forwardTo = List.of();
    private int forwarded;
    private boolean closed;

    Station(EngineKind kind, InetAddress address) throws IOException {
      assumeTrue(works(kind), "this machine forbids it");
      engine = kind.open();
      opened.add(this);
      port = engine.bind(TransportAddress.of(address, 0), false);
      engine.receive(port, this);
      engine.poll(0, this);
    }

    @Override
    public void arriving() {}

    @Override
    public void unreachable(
        Object owner, long high, long low, int peer, int type, int code, int data) {
      assertSame(this, owner);
      errors.add(new TransportAddress(high, low, peer) + " " + type + "/" + code);
      if (answerTo != null) {
        sends("an answer", answerTo);
      }
    }

    /** As the port of a relay, which tells ICMP errors where the engine can. */
    Station relaying() {
      engine.tellErrors(port);
      return this;
    }

    /** Hears of an error once for each packet that was sent to nobody. */
    void isTold(String error, int times) throws IOException {
      turnsUntil(() -> errors.size() >= times);
      assertEquals(Collections.nCopies(times, error), errors);
      errors.clear();
    }

    @Override
    public void received(
        Object owner, long high, long low, int from, ByteBuffer packet, int offset, int length) {
      byte[] copy = new byte[length];
      packet.get(offset, copy);
      heard.add(new String(copy, ISO_8859_1));
      sources.add(new TransportAddress(high, low, from));
      if (!forwardTo.isEmpty()) {
        // As to a client: a header before the packet.
        TransportAddress to = forwardTo.get(forwarded++ % forwardTo.size());
        packet.putInt(offset - 4, 0x21212121);
        assertTrue(engine.send(port, to, packet, offset - 4, length + 4, false));
      }
    }

    /** Sends on what comes, to one of these after the other. */
    void forwardsTo(DatagramSocket... peers) {
      forwardTo = Stream.of(peers).map(Stations::addressOf).toList();
    }

    /** More ports that it hears at. */
    List<Port> opens(int count) throws IOException {
      List<Port> more = new ArrayList<>();
      for (int i = 0; i < count; i++) {
        Port another = engine.bind(port.local().withPort(0), false);
        engine.receive(another, this);
        more.add(another);
      }
      engine.poll(0, this);
      return more;
    }

    void sends(String text, TransportAddress to) {
      ByteBuffer packet = ByteBuffer.wrap(text.getBytes(ISO_8859_1));
      engine.send(port, to, packet, 0, text.length(), false);
    }

    void hears(String... expected) throws IOException {
      hears(List.of(expected));
    }

    void hears(List<String> expected) throws IOException {
      assertEquals(expected, hears(expected.size()));
    }

    /** What it hears, once it is so many packets. */
    List<String> hears(int count) throws IOException {
      turnsUntil(() -> heard.size() >= count);
      List<String> all = List.copyOf(heard);
      heard.clear();
      return all;
    }

    /** What arrives at the loopback is not there at once where the machine has much to do. */
    private void turnsUntil(BooleanSupplier condition) throws IOException {
      long end = System.nanoTime() + Patience.LONG.toNanos();
      while (!condition.getAsBoolean() && System.nanoTime() - end < 0) {
        engine.poll(20, this);
      }
    }

    @Override
    public void close() {
      if (!closed) {
        closed = true;
        engine.close();
      }
    }
  }

  static boolean works(EngineKind kind) {
    try {
      return kind.resolved() == kind;
    } catch (IOException e) {
      return false;
    }
  }

  /** The loopback addresses there are: a container often has no IPv6. */
  static List<InetAddress> loopbacks() {
    try (DatagramSocket bound = new DatagramSocket(0, LOOPBACK6)) {
      return bound.isBound() ? List.of(LOOPBACK, LOOPBACK6) : List.of(LOOPBACK);
    } catch (IOException none) {
      return List.of(LOOPBACK);
    }
  }

  DatagramSocket peer(InetAddress address) throws IOException {
    DatagramSocket socket = new DatagramSocket(0, address);
    socket.setSoTimeout(Patience.MILLIS);
    socket.setReceiveBufferSize(4 << 20);
    opened.add(socket);
    return socket;
  }

  static TransportAddress addressOf(DatagramSocket socket) {
    return TransportAddress.of(socket.getLocalAddress(), socket.getLocalPort());
  }

  /** An address where nobody listens. */
  static TransportAddress nobody(InetAddress address) throws IOException {
    try (DatagramSocket gone = new DatagramSocket(0, address)) {
      return addressOf(gone);
    }
  }

  static void send(DatagramSocket from, String text, Port to) throws IOException {
    byte[] bytes = text.getBytes(ISO_8859_1);
    from.send(new DatagramPacket(bytes, bytes.length, to.local().socketAddress()));
  }

  static String next(DatagramSocket socket) throws IOException {
    DatagramPacket packet = new DatagramPacket(new byte[65_535], 65_535);
    socket.receive(packet);
    return new String(packet.getData(), 0, packet.getLength(), ISO_8859_1);
  }

  static List<String> numbered(int count, int length) {
    return IntStream.range(0, count).mapToObj(i -> String.format("%-" + length + "d", i)).toList();
  }

  @AfterEach
  void close() throws Exception {
    for (AutoCloseable one : opened) {
      one.close();
    }
  }
}
