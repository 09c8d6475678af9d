package kith.turn;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import kith.turn.Counters.Count;
import kith.turn.stun.AttributeType;
import kith.turn.stun.Method;
import kith.turn.stun.TransportAddress;
import kith.turn.world.Client;
import kith.turn.world.Wire;
import kith.turn.world.World;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * An allocation on its way from one loop to another (RFC 8016), step by step. Where its client
 * comes to another address of the server's, the former 5-tuple is given up at once; where it comes
 * to the same one, its packets from there are passed on.
 */
class MoveTest {
  private static final long NONCE_LIFETIME = 60_000;
  private static final TransportAddress PEER = World.address("203.0.113.5", 7_000);

  private final Random random = new Random(42);
  private final TurnShared shared =
      new TurnShared(
          new TurnSettings(
              World.REALM,
              new Credentials(World.REALM, List.of(), Map.of("alice", "wonderland")),
              PeerPolicy.standard(),
              new Lifetimes(600_000, 3_600_000, 300_000, 600_000, 300_000, NONCE_LIFETIME, 30_000),
              Limits.standard(),
              true,
              true),
          random);
  private final RelayHost host =
      new RelayHost(World.address("192.0.2.15", 0), World.address("192.0.2.15", 0), 50_000, 50_999);
  private final TurnCore old = new TurnCore(shared, random);
  private final TurnCore other = new TurnCore(shared, random);
  private final Map<Flow, Client> clients = new HashMap<>();
  private final Map<Client, Flow> flows = new HashMap<>();
  private final List<Command.Summon> summons = new ArrayList<>();
  private final List<TurnEvent> events = new ArrayList<>();
  private final Client atHome = client(old, "192.0.2.15", "198.51.100.7");
  private final Client outside = client(other, "192.0.2.16", "198.51.100.200");
  private final Client next = client(other, "192.0.2.15", "198.51.100.201");
  private final List<String> heardByPeer = new ArrayList<>();
  private Relay relay;
  private byte[] ticket;
  private long now = 1_000_000;

  private Client client(TurnCore core, String server, String literal) {
    return client(core, server, World.address(literal, 4_000));
  }

  private Client client(TurnCore core, String server, TransportAddress at) {
    Listener listener = new Listener(Transport.UDP, World.address(server, 3_478), host, null);
    Flow flow = new Flow(listener, at, "a socket of its loop");
    Client client =
        new Client(
            "alice",
            at,
            new Wire() {
              @Override
              public void send(byte[] bytes) {
                fromClient(core, flow, bytes);
              }

              @Override
              public boolean await(Client self) {
                return false;
              }

              @Override
              public void disconnect() {}
            });
    clients.put(flow, client);
    flows.put(client, flow);
    return client;
  }

  private void fromClient(TurnCore core, Flow flow, byte[] bytes) {
    ByteBuffer packet = packet(bytes);
    route(core.fromClient(flow, packet, TurnCore.HEADROOM, bytes.length, now), packet);
    carryOut(core);
  }

  private void peerSends(TurnCore core, String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    ByteBuffer packet = packet(bytes);
    route(
        core.fromPeer(
            relay,
            PEER.high(),
            PEER.low(),
            PEER.port(),
            packet,
            TurnCore.HEADROOM,
            bytes.length,
            now),
        packet);
  }

  private static ByteBuffer packet(byte[] bytes) {
    return ByteBuffer.allocate(TurnCore.HEADROOM + bytes.length + TurnCore.TAILROOM)
        .put(TurnCore.HEADROOM, bytes);
  }

  private void route(Forward forward, ByteBuffer packet) {
    if (forward.to() == Forward.To.NOWHERE) {
      return;
    }
    byte[] bytes = new byte[forward.length()];
    packet.get(forward.offset(), bytes);
    if (forward.to() == Forward.To.PEER) {
      heardByPeer.add(new String(bytes, StandardCharsets.UTF_8));
    } else if (forward.flow().connection() != null) {
      clients.get(forward.flow()).received(bytes);
    }
  }

  private void carryOut(TurnCore core) {
    for (Command command = core.poll(); command != null; command = core.poll()) {
      switch (command) {
        case Command.Reply reply -> clients.get(reply.flow()).received(reply.message());
        case Command.Open open -> {
          relay = open.relay();
          core.opened(relay);
        }
        case Command.Summon summon -> summons.add(summon);
        case Command.Tell tell -> events.add(tell.event());
        case Command.Close close -> assertEquals(relay, close.relay());
        case Command.Adopt adopt -> throw new AssertionError(adopt);
        case Command.Connect connect -> throw new AssertionError(connect);
        case Command.Join join -> throw new AssertionError(join);
        case Command.HangUp hangUp -> throw new AssertionError(hangUp);
        case Command.Move move -> throw new AssertionError(move);
        case Command.PassOn passOn -> passOn(core, passOn);
      }
    }
  }

  private void passOn(TurnCore from, Command.PassOn passed) {
    clients.put(passed.twin(), clients.get(passed.from()));
    if (passed.twin().isServed()) {
      fromClient(passed.to(), passed.twin(), passed.packet());
    } else {
      takeBack(from, passed);
    }
  }

  private void takeBack(TurnCore core, Command.PassOn passed) {
    core.letGo(passed.from(), passed.twin());
    fromClient(core, passed.from(), passed.packet());
  }

  private void passes(long millis) {
    now += millis;
    for (TurnCore core : List.of(old, other)) {
      core.advance(now);
      carryOut(core);
    }
  }

  @BeforeEach
  void allocate() {
    ticket =
        atHome
            .allocates(request -> request.bytes(AttributeType.MOBILITY_TICKET, new byte[0]))
            .succeeds()
            .value(AttributeType.MOBILITY_TICKET);
    atHome.permits(PEER).succeeds();
    outside.refreshes(600).isRefused(437); // and has a nonce now
    next.refreshes(600).isRefused(437);
  }

  private void comesOut() {
    showsItsTicket(outside);
  }

  /** The client shows its ticket where its allocation is not. */
  private void showsItsTicket(Client there) {
    there.sendsRaw(
        there.signed(
            Method.REFRESH,
            request ->
                request
                    .number(AttributeType.LIFETIME, 600)
                    .bytes(AttributeType.MOBILITY_TICKET, ticket)));
    there.isNotAnswered();
  }

  /** The client shows its ticket to the other loop, at the same address of the server. */
  private void moves() {
    showsItsTicket(next);
    assertTrue(isYieldedUp());
    isTakenOver();
    arrives(summon());
    next.isAnswered().succeeds();
  }

  private void sendsFromTheFormer(String text) {
    atHome.sends(text, PEER);
    assertEquals(List.of(text), heardByPeer);
    heardByPeer.clear();
  }

  private Command.Summon summon() {
    assertEquals(1, summons.size());
    return summons.getFirst();
  }

  private boolean isYieldedUp() {
    return old.yieldUp(summon().allocation(), other, summon().flow(), now);
  }

  private void isTakenOver() {
    other.takeOver(summon().allocation(), summon().flow(), now);
  }

  private void arrives(Command.Summon summon) {
    fromClient(other, summon.flow(), summon.request());
  }

  @Test
  void itMovesAndItsClientHearsThere() {
    comesOut();
    assertTrue(isYieldedUp());
    isTakenOver();
    arrives(summon());
    outside.isAnswered().succeeds();
    peerSends(other, "welcome");
    outside.hears("203.0.113.5:7000 welcome");
    assertEquals(0, old.counters().get(Count.ALLOCATIONS_NOW));
    assertEquals(1, other.counters().get(Count.ALLOCATIONS_NOW));
  }

  @Test
  void unlessItsClientIsProvedAgainNothingIsSentByTheOldLoop() {
    comesOut();
    assertTrue(isYieldedUp());
    now += NONCE_LIFETIME;
    isTakenOver();
    arrives(summon());
    var stale = outside.isAnswered();
    stale.isRefused(438);
    peerSends(other, "anyone?");
    atHome.hearsNothing();
    outside.learnsNonce(stale).refreshesWith(ticket).succeeds();
    peerSends(other, "there you are");
    outside.hears("203.0.113.5:7000 there you are");
  }

  @Test
  void onItsWayItIsNobodys() {
    comesOut();
    assertTrue(isYieldedUp());
    assertFalse(isYieldedUp());
    comesOut();
    assertEquals(1, summons.size(), "it is summoned once");
    atHome.permits(PEER).isRefused(437);
  }

  @Test
  void withItsSocketGoneItEndsAndItsClientIsRefused() {
    comesOut();
    assertTrue(isYieldedUp());
    isTakenOver();
    other.lost(summon().allocation(), now);
    arrives(summon());
    outside.isAnswered().isRefused(437);
    assertEquals(0, other.counters().get(Count.ALLOCATIONS_NOW));
    assertNotNull(events.getLast());
    assertEquals(TurnEvent.Reason.SOCKET_LOST, ((TurnEvent.Released) events.getLast()).reason());
  }

  // At the same address of the server

  @Test
  void whoGoesOnAtTheFormerAddressIsServedThereForAsLongAsThatIs() {
    moves();
    for (int i = 0; i < 5; i++) {
      passes(20_000);
      sendsFromTheFormer("packet " + i);
      peerSends(other, "answer " + i);
      atHome.hears("203.0.113.5:7000 answer " + i);
    }
    passes(100_000);
    sendsFromTheFormer("after a silence");
  }

  @Test
  void whoIsSilentThereIsNotServedThereAnyMore() {
    moves();
    passes(30_000);
    atHome.permits(PEER).isRefused(437);
    peerSends(other, "here");
    next.hears("203.0.113.5:7000 here");
    assertFalse(isKnown(atHome), "the former loop has forgotten it");
  }

  @Test
  void whoWentOnThereForAWhileIsForgottenThereInTheEnd() {
    moves();
    passes(20_000);
    sendsFromTheFormer("once more");
    passes(10_000);
    assertTrue(isKnown(atHome));
    passes(300_000);
    assertFalse(isKnown(atHome));
  }

  @Test
  void onceItIsCertainThatItMovedItsFormerAddressIsFreeForAnotherAllocation() {
    moves();
    next.permits(PEER).succeeds();
    atHome.allocates().succeeds();
    atHome.permits(PEER).succeeds();
  }

  @Test
  void aPacketThatComesBackLateTakesNothingFromWhoAllocatedThereSince() {
    moves();
    next.permits(PEER).succeeds();
    atHome.allocates().succeeds();
    old.letGo(flows.get(atHome), new Flow(flows.get(next).listener(), atHome.address(), null));
    assertTrue(isKnown(atHome));
  }

  @Test
  void aLoopPassesPacketsOnFromSoManyFormerAddresses() {
    Client former = atHome;
    for (int i = 0; i < Mobility.MOST_LEADS; i++) {
      former = goesAwayAndComesBack(i);
    }
    assertTrue(isKnown(atHome));
    Client last = goesAwayAndComesBack(Mobility.MOST_LEADS);
    assertFalse(isKnown(former), "it is given up at once");
    passes(30_000);
    assertFalse(isKnown(atHome));
    former = goesAwayAndComesBack(Mobility.MOST_LEADS + 1);
    assertTrue(isKnown(last));
    former.permits(PEER).succeeds();
  }

  /** The client, at another port each time, where it comes back to. */
  private Client goesAwayAndComesBack(int time) {
    goes(old, other, at(next, other, 5_000 + time));
    Client back = at(atHome, old, 5_000 + time);
    goes(other, old, back);
    return back;
  }

  private Client at(Client host, TurnCore core, int port) {
    TransportAddress at = host.address().withPort(port);
    String nonce = shared.nonces().mint(at, now);
    return client(core, "192.0.2.15", at).withNonce(nonce);
  }

  private void goes(TurnCore from, TurnCore to, Client there) {
    summons.clear();
    showsItsTicket(there);
    Command.Summon summon = summon();
    assertTrue(from.yieldUp(summon.allocation(), to, summon.flow(), now));
    to.takeOver(summon.allocation(), summon.flow(), now);
    fromClient(to, summon.flow(), summon.request());
    ticket = there.isAnswered().succeeds().value(AttributeType.MOBILITY_TICKET);
    there.permits(PEER).succeeds();
  }

  private boolean isKnown(Client client) {
    TransportAddress at = client.address();
    return flows.get(client).listener().flow(at.high(), at.low(), at.port()) != null;
  }
}
