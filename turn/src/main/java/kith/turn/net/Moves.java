package kith.turn.net;

import java.nio.ByteBuffer;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import kith.turn.Allocation;
import kith.turn.Command;
import kith.turn.Counters.Count;
import kith.turn.TurnCore;

/** One loop's part in moves between loops: of allocations, and of the packets of their clients. */
final class Moves {
  /** Packets of clients that moved between loops: what waits beyond is dropped, as by a network. */
  private static final int MOST_TAKEN_ON = 1_024;

  private final Loop loop;
  private final Function<TurnCore, Loop> byCore;
  private final RelaySockets sockets;
  private final AtomicInteger takenOn = new AtomicInteger();

  Moves(Loop loop, Function<TurnCore, Loop> byCore, RelaySockets sockets) {
    this.loop = loop;
    this.byCore = byCore;
    this.sockets = sockets;
  }

  /**
   * Has the allocation moved here from the loop that owns it, and then handles the request again.
   */
  void summon(Command.Summon summon) {
    Loop owner = byCore.apply(summon.from());
    owner.execute(() -> owner.moves().yieldUp(summon, loop));
  }

  private void yieldUp(Command.Summon summon, Loop claimant) {
    Allocation allocation = summon.allocation();
    if (!loop.core().yieldUp(allocation, claimant.core(), summon.flow(), loop.now())) {
      return;
    }
    sockets.release(allocation);
    if (!claimant.execute(() -> claimant.moves().welcome(summon))) {
      // The loop of the claimant has ended, and the allocation must be somewhere to end, too.
      loop.core().takeOver(allocation, summon.flow(), loop.now());
      loop.core().lost(allocation, loop.now());
      loop.carryOut();
    }
  }

  private void welcome(Command.Summon summon) {
    Allocation allocation = summon.allocation();
    loop.core().takeOver(allocation, summon.flow(), loop.now());
    if (!allocation.relays().stream().allMatch(sockets::adopts)) {
      // The client is told so by the answer to its request.
      loop.core().lost(allocation, loop.now());
    }
    byte[] request = summon.request();
    loop.frame(summon.flow(), ByteBuffer.wrap(request), 0, request.length);
  }

  /** Has the loop that serves this client by now handle its packet. */
  void passOn(Command.PassOn packet) {
    if (!byCore.apply(packet.to()).moves().takesOn(packet, loop)) {
      takeBack(packet);
    }
  }

  /** Handles a packet that came to another loop; false when this one has ended. */
  private boolean takesOn(Command.PassOn packet, Loop from) {
    if (takenOn.incrementAndGet() > MOST_TAKEN_ON) {
      takenOn.decrementAndGet();
      from.counters().add(Count.DROPPED_CONGESTION);
      return true;
    }
    boolean takes = loop.execute(() -> takeOn(packet, from));
    if (!takes) {
      takenOn.decrementAndGet();
    }
    return takes;
  }

  private void takeOn(Command.PassOn packet, Loop from) {
    takenOn.decrementAndGet();
    if (packet.twin().isServed()) {
      loop.frame(packet.twin(), ByteBuffer.wrap(packet.packet()), 0, packet.packet().length);
    } else {
      from.execute(() -> from.moves().takeBack(packet));
    }
  }

  private void takeBack(Command.PassOn packet) {
    loop.core().letGo(packet.from(), packet.twin());
    loop.frame(packet.from(), ByteBuffer.wrap(packet.packet()), 0, packet.packet().length);
  }
}
