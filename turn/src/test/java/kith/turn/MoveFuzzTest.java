package kith.turn;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.code_intelligence.jazzer.api.FuzzedDataProvider;
import com.code_intelligence.jazzer.junit.FuzzTest;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Consumer;
import kith.turn.Counters.Count;
import kith.turn.stun.AttributeType;
import kith.turn.stun.Method;
import kith.turn.stun.StunMessage;
import kith.turn.stun.StunWriter;
import kith.turn.stun.TransportAddress;
import kith.turn.world.Client;
import kith.turn.world.Wire;
import kith.turn.world.World;

/**
 * Two loops between which allocations move, and what each asks of the other is done when chance
 * will. Whoever has tickets and tokens that are good uses them where they are not expected. In the
 * end nothing is left, and no user ever heard what was another's.
 */
class MoveFuzzTest {
  private static final int MOST_STEPS = 96;
  private static final int FAMILY = 1 << 24;

  @FuzzTest(maxDuration = "60s")
  void nothingIsLostBetweenTwoLoops(FuzzedDataProvider data) {
    Between between = new Between(data);
    for (int i = 0; i < MOST_STEPS && data.remainingBytes() > 0; i++) {
      between.step();
    }
    between.comesToAnEnd();
  }

  /** One of the loops: its core, and what it has been asked to do. */
  private static final class Side {
    final TurnCore core;
    final Listener first;
    final Listener second;
    final Deque<Runnable> tasks = new ArrayDeque<>();

    Side(TurnShared shared, Random random, RelayHost ipv4, RelayHost ipv6) {
      core = new TurnCore(shared, random);
      first = new Listener(Transport.UDP, World.address("192.0.2.15", 3_478), ipv4, ipv6);
      second = new Listener(Transport.UDP, World.address("192.0.2.16", 3_478), ipv4, ipv6);
    }
  }

  /** A client, and the loop and the address of the server that its packets come to. */
  private record Guest(Client client, String user, Side side, Listener listener) {}

  private static final class Between {
    private final FuzzedDataProvider data;
    private final Random random = new Random(42);
    private final TurnShared shared =
        new TurnShared(
            new TurnSettings(
                World.REALM,
                new Credentials(
                    World.REALM, List.of(), Map.of("alice", "wonderland", "bob", "builder")),
                PeerPolicy.standard(),
                Lifetimes.standard(),
                Limits.standard(),
                true,
                true),
            random);
    private final RelayHost ipv4 = host("192.0.2.15");
    private final RelayHost ipv6 = host("2001:db8::15");
    private final Side left = new Side(shared, random, ipv4, ipv6);
    private final Side right = new Side(shared, random, ipv4, ipv6);
    private final List<Guest> guests = new ArrayList<>();
    private final Map<Guest, byte[]> lastRequests = new HashMap<>();
    private final List<byte[]> tickets = new ArrayList<>(List.of(new byte[22]));
    private final List<byte[]> tokens = new ArrayList<>(List.of(new byte[8]));
    // Whose socket it is; of nobody while its allocation is between the two.
    private final Map<Relay, Side> sockets = new HashMap<>();
    private final Map<TransportAddress, String> users = new HashMap<>();
    private final TransportAddress peer = World.address("203.0.113.5", 7_000);
    private long now = 1_000_000;
    private int allocated;
    private int released;

    Between(FuzzedDataProvider data) {
      this.data = data;
      for (int i = 0; i < 8; i++) {
        Side side = i % 2 == 0 ? left : right;
        guests.add(guest(i < 6 ? "alice" : "bob", side, i < 4 ? side.first : side.second, i));
      }
    }

    private RelayHost host(String literal) {
      TransportAddress at = World.address(literal, 0);
      RelayHost host = new RelayHost(at, at, 50_000, 50_015);
      shared.own().add(host);
      return host;
    }

    private Guest guest(String user, Side side, Listener listener, int number) {
      TransportAddress at = World.address("198.51.100." + (number / 2 + 1), 4_000 + number);
      Client client =
          new Client(
              user,
              at,
              new Wire() {
                @Override
                public void send(byte[] bytes) {
                  fromClient(side, listener, at, bytes);
                }

                @Override
                public boolean await(Client self) {
                  return false;
                }

                @Override
                public void disconnect() {}
              });
      users.put(at, user);
      return new Guest(client, user, side, listener);
    }

    // What happens

    void step() {
      Guest guest = data.pickValue(guests);
      Side side = data.consumeBoolean() ? left : right;
      switch (data.consumeInt(0, 9)) {
        case 0 -> asks(guest, Method.ALLOCATE, this::wishes);
        case 1 -> asks(guest, Method.REFRESH, this::moves);
        case 2 -> asks(guest, Method.REFRESH, this::refreshes);
        case 3 ->
            asks(
                guest,
                Method.CREATE_PERMISSION,
                request -> request.xorAddress(AttributeType.XOR_PEER_ADDRESS, peer));
        case 4 -> guest.client().sends("hello", peer);
        case 5 -> {
          byte[] again = lastRequests.get(guest);
          if (again != null) {
            guest.client().sendsRaw(again);
          }
        }
        case 6 -> List.copyOf(sockets.keySet()).forEach(this::fromPeer);
        case 7 -> runsATask(side, data.consumeInt(0, 7) == 0);
        case 8 -> passes(data.consumeInt(0, 400) * 1_000L);
        case 9 -> {
          runsAll();
          passes(0);
        }
        default -> throw new IllegalStateException();
      }
    }

    private void wishes(StunWriter request) {
      request.number(AttributeType.REQUESTED_TRANSPORT, 17 << 24);
      switch (data.consumeInt(0, 3)) {
        case 0 -> request.number(AttributeType.ADDITIONAL_ADDRESS_FAMILY, 2 * FAMILY);
        case 1 -> request.bytes(AttributeType.EVEN_PORT, new byte[] {data.consumeByte()});
        case 2 -> request.bytes(AttributeType.RESERVATION_TOKEN, data.pickValue(tokens));
        default -> {}
      }
      request.bytes(AttributeType.MOBILITY_TICKET, new byte[0]);
    }

    private void moves(StunWriter request) {
      boolean newest = data.consumeBoolean();
      request.bytes(
          AttributeType.MOBILITY_TICKET, newest ? tickets.getLast() : data.pickValue(tickets));
      request.number(AttributeType.LIFETIME, data.consumeInt(0, 7) == 0 ? 0 : 600);
    }

    private void refreshes(StunWriter request) {
      request.number(AttributeType.LIFETIME, data.consumeInt(0, 3) * 600);
      if (data.consumeBoolean()) {
        request.number(AttributeType.REQUESTED_ADDRESS_FAMILY, data.consumeInt(1, 2) * FAMILY);
      }
    }

    private void asks(Guest guest, int method, Consumer<StunWriter> attributes) {
      Client client = guest.client();
      client.withNonce(shared.nonces().mint(client.address(), now));
      byte[] request = client.signed(method, attributes);
      lastRequests.put(guest, request);
      client.sendsRaw(request);
    }

    private void fromClient(Side side, Listener listener, TransportAddress at, byte[] bytes) {
      Flow known = listener.flow(at.high(), at.low(), at.port());
      handle(side, known != null ? known : new Flow(listener, at, side), bytes);
    }

    private void handle(Side side, Flow flow, byte[] bytes) {
      Forward forward =
          side.core.fromClient(flow, packet(bytes), TurnCore.HEADROOM, bytes.length, now);
      if (forward.to() == Forward.To.PEER) {
        assertEquals(side, sockets.get(forward.relay()), "it sends from a socket of its own");
      }
      carryOut(side);
    }

    private void fromPeer(Relay relay) {
      Side side = sockets.get(relay);
      if (side == null) {
        return;
      }
      Allocation allocation = relay.allocation;
      byte[] bytes = {1, 2, 3};
      Forward forward =
          side.core.fromPeer(
              relay,
              peer.high(),
              peer.low(),
              peer.port(),
              packet(bytes),
              TurnCore.HEADROOM,
              bytes.length,
              now);
      if (forward.to() == Forward.To.CLIENT && allocation != null) {
        assertEquals(allocation.owner().username(), users.get(forward.flow().client()));
      }
      carryOut(side);
    }

    private static ByteBuffer packet(byte[] bytes) {
      return ByteBuffer.allocate(TurnCore.HEADROOM + bytes.length + TurnCore.TAILROOM)
          .put(TurnCore.HEADROOM, bytes);
    }

    // What the loops do

    private void carryOut(Side side) {
      for (Command command = side.core.poll(); command != null; command = side.core.poll()) {
        switch (command) {
          case Command.Reply reply -> reply(reply);
          case Command.Open open -> {
            assertNull(sockets.put(open.relay(), side), "it is opened once");
            side.core.opened(open.relay());
          }
          case Command.Adopt adopt -> {
            sockets.put(adopt.relay(), side);
            side.core.opened(adopt.relay());
          }
          case Command.Close close -> sockets.remove(close.relay());
          case Command.Summon summon -> {
            Side owner = summon.from() == left.core ? left : right;
            owner.tasks.add(() -> yieldUp(owner, side, summon));
          }
          case Command.PassOn passOn -> {
            Side to = passOn.to() == left.core ? left : right;
            to.tasks.add(() -> takeOn(to, side, passOn));
          }
          case Command.Tell tell -> {
            switch (tell.event()) {
              case TurnEvent.Allocated allocation -> allocated++;
              case TurnEvent.Released allocation -> released++;
            }
          }
          case Command.Connect connect -> throw new AssertionError(connect);
          case Command.Join join -> throw new AssertionError(join);
          case Command.HangUp hangUp -> throw new AssertionError(hangUp);
          case Command.Move move -> throw new AssertionError(move);
        }
      }
    }

    private void reply(Command.Reply reply) {
      StunMessage message = new StunMessage();
      assertTrue(message.read(ByteBuffer.wrap(reply.message()), 0, reply.message().length));
      byte[] ticket = message.value(AttributeType.MOBILITY_TICKET, 22);
      if (ticket != null) {
        tickets.add(ticket);
      }
      byte[] token = message.value(AttributeType.RESERVATION_TOKEN, 8);
      if (token != null) {
        tokens.add(token);
      }
    }

    private boolean adoptionFails;

    private void runsATask(Side side, boolean failing) {
      adoptionFails = failing;
      Runnable task = side.tasks.poll();
      if (task != null) {
        task.run();
      }
    }

    private void runsAll() {
      while (!left.tasks.isEmpty() || !right.tasks.isEmpty()) {
        runsATask(left, false);
        runsATask(right, false);
      }
    }

    private void yieldUp(Side owner, Side claimant, Command.Summon summon) {
      Allocation allocation = summon.allocation();
      if (owner.core.yieldUp(allocation, claimant.core, summon.flow(), now)) {
        allocation.relays().forEach(relay -> sockets.put(relay, null));
        claimant.tasks.add(() -> welcome(claimant, summon));
      }
      carryOut(owner);
    }

    private void welcome(Side claimant, Command.Summon summon) {
      Allocation allocation = summon.allocation();
      claimant.core.takeOver(allocation, summon.flow(), now);
      if (adoptionFails) {
        claimant.core.lost(allocation, now);
      } else {
        allocation.relays().forEach(relay -> sockets.put(relay, claimant));
      }
      handle(claimant, summon.flow(), summon.request());
    }

    private void takeOn(Side to, Side from, Command.PassOn passed) {
      if (passed.twin().isServed()) {
        handle(to, passed.twin(), passed.packet());
      } else {
        from.tasks.add(
            () -> {
              from.core.letGo(passed.from(), passed.twin());
              handle(from, passed.from(), passed.packet());
            });
      }
    }

    private void passes(long millis) {
      long end = now + millis;
      for (Side side : List.of(left, right)) {
        for (long due = advance(side); due <= end; due = advance(side)) {
          now = Math.max(now, due);
        }
      }
      now = end;
    }

    private long advance(Side side) {
      long due = side.core.advance(now);
      carryOut(side);
      return due;
    }

    void comesToAnEnd() {
      for (int hour = 0; hour < 3; hour++) {
        runsAll();
        passes(3_600_000);
      }
      assertEquals(Map.of(), sockets, "open sockets");
      assertEquals(allocated, released, "allocations that ended");
      assertEquals(0, shared.quotas().total(), "what is taken of the quotas");
      for (Side side : List.of(left, right)) {
        assertEquals(0, side.core.counters().get(Count.ALLOCATIONS_NOW));
      }
      for (byte[] ticket : tickets) {
        MobilityTicket known = MobilityTicket.of(ticket);
        assertNull(known == null ? null : shared.holder(known), "a ticket outlived all");
      }
      for (Guest guest : guests) {
        TransportAddress at = guest.client().address();
        assertNull(guest.listener().flow(at.high(), at.low(), at.port()), "a client is known");
      }
    }
  }
}
