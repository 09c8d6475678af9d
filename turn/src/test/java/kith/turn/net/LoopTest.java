package kith.turn.net;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Map;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.ConcurrentLinkedQueue;
import kith.turn.Counters.Count;
import kith.turn.Listener;
import kith.turn.RelayHost;
import kith.turn.Transport;
import kith.turn.TurnEvent;
import kith.turn.TurnShared;
import kith.turn.net.DatagramEngine.Port;
import kith.turn.stun.AttributeType;
import kith.turn.stun.Method;
import kith.turn.stun.TransportAddress;
import kith.turn.world.Client;
import kith.turn.world.World;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What becomes of a loop, and of those it serves, when something in it fails. */
class LoopTest {
  private static final TransportAddress HERE = World.address("192.0.2.15", 3_478);

  private final Queue<TurnEvent> events = new ConcurrentLinkedQueue<>();
  private final TurnOptions options =
      TurnOptions.defaults()
          .withRealm(World.REALM)
          .withUsers(Map.of("alice", "wonderland", "bob", "builder"))
          .withEvents(this::happened);
  private final Clock clock = new Clock();
  private final TurnShared shared = new TurnShared(options.settings(), new Random(42));
  private final RelayHost host = new RelayHost(HERE.withPort(0), HERE.withPort(0), 50_000, 50_999);
  private final PaperEngine engine = new PaperEngine();
  private final PaperEngine otherEngine = new PaperEngine();
  private final Loop loop = loop("turn-0", engine);
  private final Loop other = loop("turn-1", otherEngine);
  private RuntimeException withEachEvent;
  private Client alice;
  private Client aliceElsewhere;

  private Loop loop(String name, DatagramEngine moving) {
    return new Loop(name, shared, new Random(7), clock, moving, true, null, options, this::loopOf);
  }

  private Loop loopOf(kith.turn.TurnCore core) {
    return core == loop.core() ? loop : other;
  }

  private void happened(TurnEvent event) {
    events.add(event);
    if (withEachEvent != null) {
      throw withEachEvent;
    }
  }

  @BeforeEach
  void start() {
    alice = serve(loop, engine, "198.51.100.7");
    aliceElsewhere = serve(other, otherEngine, "198.51.100.200");
    loop.start();
    other.start();
  }

  private Client serve(Loop by, PaperEngine moving, String client) {
    Port port = moving.bind(HERE, true);
    by.receive(port, new Listener(Transport.UDP, HERE, host, null));
    return moving.client("alice", World.address(client, 4_000), port);
  }

  @AfterEach
  void stop() {
    loop.stop();
    other.stop();
  }

  @Test
  void aTurnThatFailsIsNotTheLast() {
    alice.allocates().succeeds();
    engine.fails(new IllegalStateException("no room"));
    alice.refreshes(600).succeeds();
    assertFalse(loop.hasDied());
  }

  @Test
  void whoeverKeepsTheLogCannotEndIt() {
    withEachEvent = new IllegalStateException("the disk is full");
    alice.allocates().succeeds();
    alice.refreshes(0).succeeds();
    assertFalse(loop.hasDied());
  }

  @Test
  void anEngineThatFailsForGoodEndsItsLoopAndThatIsKnown() {
    alice.allocates().succeeds();
    engine.breaks();
    Patience.until(loop::hasDied);
    assertFalse(other.hasDied());
    assertEquals(0, loop.counters().get(Count.ALLOCATIONS_NOW), "what it had is given back");
    aliceElsewhere.allocates().succeeds();
  }

  /** Closed, its share of the clients of all loops would be another. */
  @Test
  void aLoopThatDiesKeepsTheSocketThatClientsComeToUntilItIsStopped() {
    engine.breaks();
    Patience.until(loop::hasDied);
    assertFalse(engine.isClosed(HERE));
    loop.stop();
    assertTrue(engine.isClosed(HERE));
  }

  @Test
  void aLoopThatNeverBeginsLetsGoOfTheSocketsItWasGiven() {
    PaperEngine idle = new PaperEngine();
    Loop never = loop("turn-2", idle);
    Port port = idle.bind(HERE, true);
    never.execute(() -> never.receive(port, new Listener(Transport.UDP, HERE, host, null)));
    never.stop();
    assertTrue(idle.isClosed(HERE));
  }

  @Test
  void aLoopThatIsStoppedHasNotDied() {
    alice.allocates().succeeds();
    loop.stop();
    assertFalse(loop.hasDied());
  }

  @Test
  void anAllocationWhoseSocketCannotBeTakenOverEndsAndItsClientIsTold() {
    byte[] ticket = ticketOfAlice();
    otherEngine.takesNoRelays();
    aliceElsewhere.refreshesWith(ticket).isRefused(437);
    Patience.until(this::isSocketLost);
    alice.allocates().succeeds();
  }

  @Test
  void anAllocationWhoseSocketCannotBeReleasedEndsAndItsClientIsTold() {
    byte[] ticket = ticketOfAlice();
    engine.keepsAll();
    aliceElsewhere.refreshesWith(ticket).isRefused(437);
    Patience.until(this::isSocketLost);
    alice.allocates().succeeds();
  }

  @Test
  void anAllocationThatIsSummonedByALoopThatEndsMeanwhileEnds() {
    byte[] ticket = ticketOfAlice();
    aliceElsewhere.refreshes(600).isRefused(437); // and has a nonce now
    Runnable go = engine.holdsUp();
    aliceElsewhere.sendsRaw(
        aliceElsewhere.signed(
            Method.REFRESH, request -> request.bytes(AttributeType.MOBILITY_TICKET, ticket)));
    aliceElsewhere.binds().succeeds(); // so it has been summoned
    other.stop();
    go.run();
    Patience.until(this::isSocketLost);
    assertEquals(0, loop.counters().get(Count.ALLOCATIONS_NOW));
  }

  private byte[] ticketOfAlice() {
    return alice
        .allocates(request -> request.bytes(AttributeType.MOBILITY_TICKET, new byte[0]))
        .succeeds()
        .value(AttributeType.MOBILITY_TICKET);
  }

  private boolean isSocketLost() {
    return events.stream()
        .anyMatch(
            event ->
                event instanceof TurnEvent.Released end
                    && end.reason() == TurnEvent.Reason.SOCKET_LOST);
  }

  @Test
  void whatALoopIsToDoAfterItsEndItSaysItWillNot() {
    assertTrue(loop.execute(() -> {}));
    loop.stop();
    assertFalse(loop.execute(() -> {}));
  }

  @Test
  void aSocketThatCannotBeReceivedOnIsClosedOrItWouldTakeAShareOfTheClients() {
    engine.takesNothing();
    TransportAddress there = HERE.withPort(3_479);
    Port port = engine.bind(there, true);
    loop.execute(() -> loop.receive(port, new Listener(Transport.UDP, there, host, null)));
    Patience.until(() -> engine.isClosed(there));
  }
}
