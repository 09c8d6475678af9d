package kith.turn.net;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.net.BindException;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import kith.turn.net.DatagramEngine.Port;
import kith.turn.stun.TransportAddress;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** What every engine does alike, on real sockets of the loopback. */
@EnabledOnOs(OS.LINUX)
class EngineTest extends Stations {

  /** The JDK's channels tell no ICMP errors. */
  @Retention(RetentionPolicy.RUNTIME)
  @EnumSource(names = {"IO_URING", "MMSG"})
  @ParameterizedTest
  @interface EachEngineThatTellsErrors {}

  @EachEngine
  void packetsPassBothWaysOverBothFamilies(EngineKind kind) throws IOException {
    for (InetAddress address : loopbacks()) {
      Station station = new Station(kind, address);
      DatagramSocket peer = peer(address);
      send(peer, "hello", station.port);
      station.hears("hello");
      assertEquals(List.of(addressOf(peer)), station.sources);
      station.sends("hello yourself", addressOf(peer));
      station.engine.poll(0, station);
      assertEquals("hello yourself", next(peer));
    }
  }

  @EachEngine
  void eachPacketIsSaidToBeFromWhoeverSentIt(EngineKind kind) throws IOException {
    Station station = new Station(kind, LOOPBACK);
    List<DatagramSocket> peers = List.of(peer(LOOPBACK), peer(LOOPBACK), peer(LOOPBACK));
    List<TransportAddress> senders = new ArrayList<>();
    for (int i = 0; i < 12; i++) {
      DatagramSocket peer = peers.get(i / 2 % 3);
      send(peer, "packet " + i, station.port);
      senders.add(addressOf(peer));
    }
    station.hears(12);
    assertEquals(senders, station.sources);
  }

  @EachEngine
  void anEmptyAndTheLargestPacketPass(EngineKind kind) throws IOException {
    Station station = new Station(kind, LOOPBACK);
    DatagramSocket peer = peer(LOOPBACK);
    String largest = "x".repeat(65_507);
    send(peer, "", station.port);
    send(peer, largest, station.port);
    station.hears("", largest);
    station.sends("", addressOf(peer));
    station.sends(largest, addressOf(peer));
    station.engine.poll(0, station);
    assertEquals("", next(peer));
    assertEquals(largest, next(peer));
  }

  @EachEngine
  void aBurstLargerThanAnyBatchLosesNothing(EngineKind kind) throws IOException {
    Station station = new Station(kind, LOOPBACK);
    DatagramSocket peer = peer(LOOPBACK);
    // At two ports, because not everybody is given a socket that holds so many.
    List<Port> ports = station.opens(2);
    List<String> burst = numbered(540, 16);
    for (int round = 0; round < 3; round++) {
      for (int i = 0; i < burst.size(); i++) {
        send(peer, burst.get(i), ports.get(i % 2));
      }
      List<String> heard = station.hears(burst.size());
      for (int i = 0; i < 2; i++) {
        List<String> ofPort = everyOther(burst, i);
        assertEquals(ofPort, heard.stream().filter(ofPort::contains).toList());
      }
    }
  }

  private static List<String> everyOther(List<String> all, int from) {
    return IntStream.range(0, all.size() / 2).mapToObj(i -> all.get(2 * i + from)).toList();
  }

  @EachEngine
  void packetsOfOneLengthToOnePeerArriveAsTheyAre(EngineKind kind) throws IOException {
    Station station = new Station(kind, LOOPBACK);
    Station peer = new Station(kind, LOOPBACK);
    DatagramSocket other = peer(LOOPBACK);
    List<String> longer = numbered(100, 1_100);
    for (int i = 0; i < longer.size(); i++) {
      station.sends(longer.get(i), peer.port.local());
      station.sends("between " + i, addressOf(other));
    }
    station.sends("a shorter one", peer.port.local());
    station.sends(longer.getFirst(), peer.port.local());
    station.engine.poll(0, station);
    List<String> expected = new ArrayList<>(longer);
    Collections.addAll(expected, "a shorter one", longer.getFirst());
    peer.hears(expected);
    for (int i = 0; i < longer.size(); i++) {
      assertEquals("between " + i, next(other));
    }
  }

  @EachEngine
  void packetsThatCameTogetherLeaveWithAHeaderEach(EngineKind kind) throws IOException {
    Station sender = new Station(EngineKind.MMSG, LOOPBACK);
    Station station = new Station(kind, LOOPBACK);
    DatagramSocket peer = peer(LOOPBACK);
    station.forwardsTo(peer);
    List<String> packets = new ArrayList<>(numbered(40, 1_000));
    packets.add("the last is shorter");
    for (String packet : packets) {
      sender.sends(packet, station.port.local());
    }
    sender.engine.poll(0, sender);
    station.hears(packets);
    station.engine.poll(0, station);
    for (String packet : packets) {
      assertEquals("!!!!" + packet, next(peer));
    }
  }

  @EachEngine
  void aPeerThatIsNotThereChangesNothing(EngineKind kind) throws IOException {
    Station station = new Station(kind, LOOPBACK).relaying();
    DatagramSocket peer = peer(LOOPBACK);
    TransportAddress nobody = nobody(LOOPBACK);
    for (int i = 0; i < 20; i++) {
      station.sends("anyone? " + i, nobody);
      station.engine.poll(0, station);
    }
    send(peer, "hello", station.port);
    station.hears("hello");
    station.sends("still here", addressOf(peer));
    station.engine.poll(0, station);
    assertEquals("still here", next(peer));
  }

  @EachEngineThatTellsErrors
  void itTellsThatAPeerIsNotThere(EngineKind kind) throws IOException {
    for (InetAddress address : loopbacks()) {
      Station station = new Station(kind, address).relaying();
      TransportAddress nobody = nobody(address);
      String portUnreachable = nobody + (address == LOOPBACK ? " 3/3" : " 1/4");
      for (int i = 0; i < 3; i++) {
        station.sends("anyone? " + i, nobody);
        station.isTold(portUnreachable, 1);
      }
    }
  }

  @EachEngineThatTellsErrors
  void itTellsNoErrorsOfAListener(EngineKind kind) throws IOException {
    Station station = new Station(kind, LOOPBACK);
    DatagramSocket peer = peer(LOOPBACK);
    station.sends("anyone?", nobody(LOOPBACK));
    station.engine.poll(0, station);
    send(peer, "hello", station.port);
    station.hears("hello");
    assertEquals(List.of(), station.errors);
  }

  @EachEngineThatTellsErrors
  void noPacketOfOtherPeersIsLostByErrors(EngineKind kind) throws IOException {
    Station station = new Station(kind, LOOPBACK).relaying();
    DatagramSocket peer = peer(LOOPBACK);
    TransportAddress nobody = nobody(LOOPBACK);
    int rounds = 20;
    for (int round = 0; round < rounds; round++) {
      for (int i = 0; i < 5; i++) {
        station.sends("anyone? " + "?".repeat(i), nobody);
        // Of another length each, so that each is sent by itself, and of one, sent as one.
        station.sends("one " + "!".repeat(i), addressOf(peer));
        station.sends("two", addressOf(peer));
        station.sends("two", addressOf(peer));
      }
      send(peer, "in " + round, station.port);
      station.hears("in " + round);
      List<String> arrived = new ArrayList<>();
      for (int i = 0; i < 15; i++) {
        arrived.add(next(peer));
      }
      for (int i = 0; i < 5; i++) {
        assertTrue(arrived.remove("one " + "!".repeat(i)));
        assertTrue(arrived.remove("two"));
        assertTrue(arrived.remove("two"));
      }
    }
    station.isTold(nobody + " 3/3", rounds * 5);
    assertEquals(0, station.engine.takeLost());
  }

  @EachEngineThatTellsErrors
  void anErrorThatWaitsLosesNotTheNextPacket(EngineKind kind) throws IOException {
    Station station = new Station(kind, LOOPBACK).relaying();
    DatagramSocket peer = peer(LOOPBACK);
    station.sends("anyone?", nobody(LOOPBACK));
    // What must not be fragmented is sent by itself, after all before it.
    ByteBuffer whole = ByteBuffer.wrap("whole".getBytes(ISO_8859_1));
    assertTrue(station.engine.send(station.port, addressOf(peer), whole, 0, 5, true));
    assertEquals("whole", next(peer));
    assertEquals(0, station.engine.takeLost());
  }

  @EachEngineThatTellsErrors
  void whatIsSentBecauseOfAnErrorIsSent(EngineKind kind) throws IOException {
    Station station = new Station(kind, LOOPBACK).relaying();
    DatagramSocket peer = peer(LOOPBACK);
    station.answerTo = addressOf(peer);
    TransportAddress nobody = nobody(LOOPBACK);
    for (int i = 0; i < 100; i++) {
      station.sends("?".repeat(i + 1), nobody);
    }
    station.isTold(nobody + " 3/3", 100);
    station.engine.poll(0, station);
    for (int i = 0; i < 100; i++) {
      assertEquals("an answer", next(peer));
    }
  }

  @EachEngineThatTellsErrors
  void aPortTellsErrorsToWhoeverTookItOver(EngineKind kind) throws IOException {
    Station first = new Station(kind, LOOPBACK).relaying();
    Station second = new Station(kind, LOOPBACK);
    TransportAddress nobody = nobody(LOOPBACK);
    first.engine.release(first.port);
    first.engine.poll(0, first);
    second.engine.receive(first.port, second);
    ByteBuffer packet = ByteBuffer.allocate(1);
    second.engine.send(first.port, nobody, packet, 0, 1, false);
    second.isTold(nobody + " 3/3", 1);
    assertEquals(List.of(), first.errors);
  }

  @EachEngine
  void whatCannotBeSentIsCountedAndTheRestIsSent(EngineKind kind) throws IOException {
    Station station = new Station(kind, LOOPBACK);
    DatagramSocket peer = peer(LOOPBACK);
    ByteBuffer tooLarge = ByteBuffer.allocate(65_508);
    int refused = 0;
    for (int i = 0; i < 3; i++) {
      refused +=
          station.engine.send(station.port, addressOf(peer), tooLarge, 0, 65_508, false) ? 0 : 1;
      station.sends("packet " + i, addressOf(peer));
    }
    station.engine.poll(0, station);
    assertEquals(3, refused + station.engine.takeLost());
    assertEquals(0, station.engine.takeLost());
    for (int i = 0; i < 3; i++) {
      assertEquals("packet " + i, next(peer));
    }
  }

  @EachEngine
  void moreThanABatchMayBeSentInOneTurn(EngineKind kind) throws IOException {
    Station station = new Station(kind, LOOPBACK);
    List<DatagramSocket> peers = List.of(peer(LOOPBACK), peer(LOOPBACK), peer(LOOPBACK));
    List<String> packets = numbered(400, 16);
    for (String packet : packets) {
      for (DatagramSocket peer : peers) {
        station.sends(packet, addressOf(peer));
      }
    }
    station.engine.poll(0, station);
    assertEquals(0, station.engine.takeLost());
    for (DatagramSocket peer : peers) {
      for (String packet : packets) {
        assertEquals(packet, next(peer));
      }
    }
  }

  @EachEngine
  void aPacketMayBeSentWhole(EngineKind kind) throws IOException {
    Station station = new Station(kind, LOOPBACK);
    DatagramSocket peer = peer(LOOPBACK);
    station.sends("before", addressOf(peer));
    assertTrue(
        station.engine.send(
            station.port,
            addressOf(peer),
            ByteBuffer.wrap("whole".getBytes(ISO_8859_1)),
            0,
            5,
            true));
    station.sends("after", addressOf(peer));
    station.engine.poll(0, station);
    assertEquals("before", next(peer));
    assertEquals("whole", next(peer));
    assertEquals("after", next(peer));
  }

  /** RFC 8656 §14: a path that is narrower, and says so to nobody, must not lose what is large. */
  @EachEngine
  void packetsMayBeFragmentedButThoseThatAreSentWhole(EngineKind kind) throws Throwable {
    try (Tap tap = new Tap()) {
      Station station = new Station(kind, LOOPBACK);
      TransportAddress peer = addressOf(peer(LOOPBACK));
      for (boolean whole : List.of(false, true, false, false)) {
        ByteBuffer packet = ByteBuffer.wrap("hello".getBytes(ISO_8859_1));
        assertTrue(station.engine.send(station.port, peer, packet, 0, 5, whole));
        station.engine.poll(0, station);
        assertEquals(whole, tap.seesWhole(station.port.local(), peer));
      }
    }
  }

  @EachEngine
  void anyThreadWakesIt(EngineKind kind) throws Exception {
    Station station = new Station(kind, LOOPBACK);
    for (int i = 0; i < 3; i++) {
      Thread other = Thread.ofPlatform().start(station.engine::wake);
      long begun = System.nanoTime();
      station.engine.poll(60_000, station);
      assertTrue(System.nanoTime() - begun < Patience.LONG.toNanos(), "it is awake");
      other.join();
    }
  }

  @EachEngine
  void itGathersForAMomentWhenToldTo(EngineKind kind) throws IOException {
    Station station = new Station(kind, LOOPBACK);
    DatagramSocket peer = peer(LOOPBACK);
    for (int i = 0; i < 10; i++) {
      send(peer, "packet " + i, station.port);
      station.engine.pause();
      station.hears("packet " + i);
    }
  }

  @EachEngine
  void aPortIsFreeAtOnceWhenItIsClosed(EngineKind kind) throws IOException {
    Station station = new Station(kind, LOOPBACK);
    Port port = portOfNobodyElse(station, kind);
    for (int i = 0; i < 100; i++) {
      station.engine.receive(port, station);
      if (i % 2 == 0) {
        station.engine.poll(0, station);
      }
      station.sends("to a port that is closed next", port.local());
      port.close();
      assertFalse(
          station.engine.send(port, port.local(), ByteBuffer.allocate(1), 0, 1, false), "closed");
      if (kind == EngineKind.NIO) {
        // A selector lets go of what was closed in its next turn.
        station.engine.poll(0, station);
      }
      port = station.engine.bind(port.local(), false);
    }
    port.close();
  }

  /** Below those that the system gives to whoever asks for any: free again, it stays so. */
  private static Port portOfNobodyElse(Station station, EngineKind kind) throws IOException {
    int first = 20_000 + 1_000 * kind.ordinal();
    for (int number = first; number < first + 999; number++) {
      try {
        return station.engine.bind(TransportAddress.of(LOOPBACK, number), false);
      } catch (IOException taken) {
        // the next, then
      }
    }
    throw new IOException("no port is free");
  }

  @EachEngine
  void aPortThatWasReleasedIsFreeAtOnceWhenItIsClosed(EngineKind kind) throws IOException {
    Station station = new Station(kind, LOOPBACK);
    for (int i = 0; i < 10; i++) {
      Port port = station.engine.bind(TransportAddress.of(LOOPBACK, 0), false);
      station.engine.receive(port, station);
      station.engine.poll(0, station);
      station.engine.release(port);
      port.close();
      new DatagramSocket(port.local().socketAddress()).close();
    }
  }

  @EachEngine
  void anotherEngineOfItsKindTakesAPortOver(EngineKind kind) throws IOException {
    Station first = new Station(kind, LOOPBACK);
    Station second = new Station(kind, LOOPBACK);
    DatagramSocket peer = peer(LOOPBACK);
    Station from = first;
    Station to = second;
    for (int i = 0; i < 6; i++) {
      assertTrue(to.engine.takes(first.port));
      from.engine.release(first.port);
      from.engine.poll(0, from);
      to.engine.receive(first.port, to);
      send(peer, "move " + i, first.port);
      to.hears("move " + i);
      Station swap = from;
      from = to;
      to = swap;
    }
  }

  @CsvSource({"NIO,MMSG", "MMSG,NIO", "NIO,IO_URING", "IO_URING,NIO"})
  @ParameterizedTest
  void anEngineOfAnotherKindTakesItsPlaceAndNobodyComesBetween(EngineKind kind, EngineKind other)
      throws Exception {
    Station first = new Station(kind, LOOPBACK);
    Station second = new Station(other, LOOPBACK);
    DatagramSocket peer = peer(LOOPBACK);
    Station from = first;
    Station to = second;
    Port port = first.port;
    try (Squatter squatter = new Squatter(port.local())) {
      for (int i = 0; i < 100; i++) {
        assertFalse(to.engine.takes(port));
        from.engine.release(port);
        Port former = port;
        port = to.engine.replace(former);
        to.engine.receive(port, to);
        send(peer, "move " + i, port);
        to.hears("move " + i);
        assertFalse(from.engine.send(former, addressOf(peer), ByteBuffer.allocate(1), 0, 1, false));
        Station swap = from;
        from = to;
        to = swap;
      }
      assertFalse(squatter.hasIt());
    }
  }

  /** Another program that would have the address, if it were free for a moment. */
  private static final class Squatter implements AutoCloseable {
    private final Thread thread;
    private volatile boolean has;
    private volatile boolean over;

    Squatter(TransportAddress wanted) {
      thread = Thread.ofPlatform().start(() -> squat(wanted.socketAddress()));
    }

    private void squat(InetSocketAddress wanted) {
      while (!over) {
        try (DatagramSocket socket = new DatagramSocket(null)) {
          socket.setReuseAddress(false);
          socket.bind(wanted);
          has = true;
        } catch (IOException taken) {
          // as it should be
        }
      }
    }

    boolean hasIt() {
      return has;
    }

    @Override
    public void close() throws InterruptedException {
      over = true;
      thread.join();
    }
  }

  /** {@link Libc} keeps the errno of its thread's last call. */
  @EachEngineThatTellsErrors
  void aSharedSocketIsBoundWithNothingOfTheEnginesOwn(EngineKind kind) throws IOException {
    Station station = new Station(kind, LOOPBACK);
    assertThrows(BindException.class, () -> station.engine.bind(station.port.local(), false));
    Libc libc = ((NativeEngine) station.engine).libc;
    assertEquals(Libc.EADDRINUSE, libc.errno());
    TransportAddress elsewhere = TransportAddress.of(InetAddress.ofLiteral("203.0.113.1"), 0);
    assertThrows(IOException.class, () -> station.engine.bind(elsewhere, true));
    assertEquals(Libc.EADDRINUSE, libc.errno());
  }

  @EachEngine
  void closedItLeavesNothingBehind(EngineKind kind) throws IOException {
    new Station(kind, LOOPBACK).close();
    long descriptors = descriptors();
    long mappings = ringMappings();
    int rounds = 20;
    for (int i = 0; i < rounds; i++) {
      Station station = new Station(kind, LOOPBACK);
      TransportAddress local = station.port.local();
      station.sends("to itself", local);
      station.close();
      new DatagramSocket(local.socketAddress()).close();
    }
    // Other tests of this process open and close some meanwhile.
    assertTrue(descriptors() < descriptors + rounds);
    assertEquals(mappings, ringMappings());
  }

  private static long descriptors() throws IOException {
    try (Stream<Path> all = Files.list(Path.of("/proc/self/fd"))) {
      return all.count();
    }
  }

  private static long ringMappings() throws IOException {
    return Files.readAllLines(Path.of("/proc/self/maps")).stream()
        .filter(line -> line.contains("io_uring"))
        .count();
  }
}
