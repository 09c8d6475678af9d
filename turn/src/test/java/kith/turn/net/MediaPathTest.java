package kith.turn.net;

import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.sun.management.ThreadMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.net.InetAddress;
import java.nio.channels.DatagramChannel;
import java.util.ArrayList;
import java.util.List;
import kith.turn.stun.TransportAddress;
import kith.turn.world.Client;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * The thread that relays makes no object per packet: the JVM counts every byte it allocates. The
 * JDK's channels make some where another client sends than before, so theirs is one alone.
 */
@EnabledOnOs(OS.LINUX)
class MediaPathTest {
  private static final InetAddress LOOPBACK = InetAddress.ofLiteral("127.0.0.1");
  private static final int PACKETS = 500;
  private static final int MOST_ROUNDS = 60;
  private static final int SMALLEST_OBJECT = 16;
  private static final int FEW_OBJECTS = 100;

  private final ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();

  /** How a packet goes to the relay and how it comes back. */
  enum Way {
    CHANNELS {
      @Override
      void send(Client from, TransportAddress to) {
        from.sendsOnChannel(0x4000, "a packet");
      }

      @Override
      void prepare(Client client, TransportAddress other) {
        client.bindsChannel(0x4000, other).succeeds();
      }
    },
    INDICATIONS {
      @Override
      void send(Client from, TransportAddress to) {
        from.sends("a packet", to);
      }

      @Override
      void prepare(Client client, TransportAddress other) {
        client.permits(other).succeeds();
      }
    };

    abstract void prepare(Client client, TransportAddress other);

    abstract void send(Client from, TransportAddress to);
  }

  @ParameterizedTest
  @CsvSource({
    "IO_URING,CHANNELS,3",
    "IO_URING,INDICATIONS,3",
    "MMSG,CHANNELS,3",
    "MMSG,INDICATIONS,3",
    "NIO,CHANNELS,1",
    "NIO,INDICATIONS,1"
  })
  void relayingMakesNoObjects(EngineKind engine, Way way, int pairs) throws Exception {
    assumeTrue(Stations.works(engine), "this machine forbids it");
    String loop = engine == EngineKind.NIO ? "turn-0" : "turn-udp-0";
    measure(engine, way, loop, UdpWire::client, pairs, SMALLEST_OBJECT);
  }

  /** A turn of a stream makes a few of its own, whatever moves the datagrams; no copies. */
  @ParameterizedTest
  @EnumSource(Way.class)
  void relayingForStreamsMakesFewAndSmallObjects(Way way) throws Exception {
    measure(EngineKind.NIO, way, "turn-0", StreamWire::client, 1, FEW_OBJECTS);
  }

  /**
   * The files that a server has open before the sockets of the test, so that those have numbers
   * that are not in Java's own cache of boxes: the JDK's selector makes one per ready socket unless
   * the JVM is told to keep more ({@code AutoBoxCacheMax}).
   */
  private static final class ManyFiles implements AutoCloseable {
    private final List<DatagramChannel> channels = new ArrayList<>();

    ManyFiles() throws IOException {
      for (int i = 0; i <= Byte.MAX_VALUE; i++) {
        channels.add(DatagramChannel.open());
      }
    }

    @Override
    public void close() {
      channels.forEach(NioEngine::closeQuietly);
    }
  }

  private interface Transport {
    Client client(String user, InetAddress server, int port);
  }

  /** Two clients of whom one sends to the other. */
  private record Pair(Client alice, Client bob) {
    static Pair of(Transport transport, int port, Way way) {
      Client alice = transport.client("alice", LOOPBACK, port);
      Client bob = transport.client("bob", LOOPBACK, port);
      alice.allocates().succeeds();
      bob.allocates().succeeds();
      way.prepare(alice, bob.relayed());
      way.prepare(bob, alice.relayed());
      return new Pair(alice, bob);
    }

    void relays(Way way) {
      way.send(alice, bob.relayed());
      bob.hears(way == Way.CHANNELS ? "4000 a packet" : alice.relayed() + " a packet");
    }
  }

  private void measure(
      EngineKind engine, Way way, String thread, Transport transport, int count, int bound)
      throws Exception {
    TurnOptions options = OnLoopback.options().withLoops(1).withEngine(engine);
    try (ManyFiles _ = new ManyFiles();
        TurnServer server = TurnServer.start(options)) {
      List<Pair> pairs = new ArrayList<>();
      for (int i = 0; i < count; i++) {
        pairs.add(Pair.of(transport, server.port(), way));
      }
      long loop = threadNamed(thread);
      double least = Double.MAX_VALUE;
      // Until the JVM has compiled the path, the interpreter makes objects of its own.
      for (int round = 0; round < MOST_ROUNDS && least >= bound; round++) {
        long before = threads.getThreadAllocatedBytes(loop);
        for (int i = 0; i < PACKETS; i++) {
          pairs.get(i % count).relays(way);
        }
        double perPacket = (double) (threads.getThreadAllocatedBytes(loop) - before) / PACKETS;
        least = Math.min(least, perPacket);
      }
      assertTrue(least < bound, least + " bytes are allocated per packet");
    }
  }

  private static long threadNamed(String name) {
    return Thread.getAllStackTraces().keySet().stream()
        .filter(thread -> thread.getName().equals(name))
        .findFirst()
        .orElseThrow()
        .threadId();
  }
}
