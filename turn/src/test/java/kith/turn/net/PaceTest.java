package kith.turn.net;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Map;
import java.util.Random;
import java.util.concurrent.atomic.AtomicLong;
import kith.turn.Limits;
import kith.turn.Listener;
import kith.turn.RelayHost;
import kith.turn.Transport;
import kith.turn.TurnShared;
import kith.turn.net.DatagramEngine.Port;
import kith.turn.stun.TransportAddress;
import kith.turn.world.Client;
import kith.turn.world.World;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * A loop lets packets gather while more than 20,000 come in a second, and while fewer come never.
 */
class PaceTest {
  private static final TransportAddress HERE = World.address("192.0.2.15", 3_478);
  private static final int MILLISECONDS = 20;

  private final AtomicLong nanos = new AtomicLong(1_000_000_000);
  private final Clock clock =
      new Clock() {
        @Override
        long nanos() {
          return nanos.get();
        }
      };
  private final TurnOptions options =
      TurnOptions.defaults()
          .withRealm(World.REALM)
          .withUsers(Map.of("alice", "wonderland"))
          .withLimits(Limits.standard().withBindings(1_000_000));
  private final TurnShared shared = new TurnShared(options.settings(), new Random(42));
  private final PaperEngine engine = new PaperEngine();
  private final Loop loop =
      new Loop("turn-0", shared, new Random(7), clock, engine, true, null, options, core -> null);
  private Client alice;

  @BeforeEach
  void start() {
    RelayHost host = new RelayHost(HERE.withPort(0), HERE.withPort(0), 50_000, 50_999);
    Port port = engine.bind(HERE, true);
    loop.receive(port, new Listener(Transport.UDP, HERE, host, null));
    alice = engine.client("alice", World.address("198.51.100.7", 4_000), port);
    loop.start();
  }

  @AfterEach
  void stop() {
    loop.stop();
  }

  private void clientsSend(int packetsInAMillisecond) {
    for (int i = 0; i < MILLISECONDS; i++) {
      for (int packet = 0; packet < packetsInAMillisecond; packet++) {
        alice.binds().succeeds();
      }
      nanos.addAndGet(1_000_000);
    }
    loop.stop();
  }

  @Test
  void while15000ComeFromClientsNoneIsLetWait() {
    clientsSend(15);
    assertEquals(0, engine.pauses());
  }

  @Test
  void while30000ComeFromClientsTheyAreLetGather() {
    clientsSend(30);
    assertTrue(engine.pauses() > 0);
  }
}
