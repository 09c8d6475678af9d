package kith.turn.net;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import kith.turn.Relay;
import kith.turn.TurnCore;
import kith.turn.stun.TransportAddress;
import kith.turn.world.Client;
import kith.turn.world.Wire;

/** An engine without a network: a test says what arrives, and what fails. */
final class PaperEngine implements DatagramEngine {
  private final BlockingQueue<Arrival> arrivals = new LinkedBlockingQueue<>();
  private final Queue<RuntimeException> failures = new ConcurrentLinkedQueue<>();
  private final Map<TransportAddress, BlockingQueue<byte[]>> sent = new ConcurrentHashMap<>();
  private final Map<Port, Object> owners = new HashMap<>();
  private final Set<TransportAddress> closed = ConcurrentHashMap.newKeySet();
  private final AtomicInteger pauses = new AtomicInteger();
  private volatile boolean broken;
  private volatile boolean takesNothing;
  private volatile boolean keepsAll;
  private volatile boolean takesNoRelays;

  /** What a wait ends with. */
  private interface Arrival {
    void handOver(Receiver receiver);
  }

  private final class PaperPort implements Port {
    private final TransportAddress local;

    PaperPort(TransportAddress local) {
      this.local = local;
    }

    @Override
    public TransportAddress local() {
      return local;
    }

    @Override
    public void giveWay() {}

    @Override
    public void close() {
      closed.add(local);
    }
  }

  /** The next wait fails with this. */
  void fails(RuntimeException failure) {
    failures.add(failure);
    wake();
  }

  /** Every wait fails from now on. */
  void breaks() {
    broken = true;
    wake();
  }

  /** Relayed addresses of other loops cannot be received on. */
  void takesNoRelays() {
    takesNoRelays = true;
  }

  /** Nothing can be received on. */
  void takesNothing() {
    takesNothing = true;
  }

  /** Nothing that is received on can be released. */
  void keepsAll() {
    keepsAll = true;
  }

  boolean isClosed(TransportAddress local) {
    return closed.contains(local);
  }

  /** Holds its loop up from now on, until what it answers is run. */
  Runnable holdsUp() {
    CountDownLatch held = new CountDownLatch(1);
    CountDownLatch free = new CountDownLatch(1);
    arrivals.add(
        receiver -> {
          held.countDown();
          await(free);
        });
    await(held);
    return free::countDown;
  }

  private static void await(CountDownLatch latch) {
    try {
      if (!latch.await(Patience.MILLIS, TimeUnit.MILLISECONDS)) {
        throw new AssertionError("nobody comes");
      }
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  /** A client that comes to this port. */
  Client client(String user, TransportAddress at, Port port) {
    return new Client(
        user,
        at,
        new Wire() {
          @Override
          public void send(byte[] bytes) {
            arrives(port, at, bytes);
          }

          @Override
          public boolean await(Client self) {
            try {
              byte[] bytes = sentTo(at).poll(Patience.MILLIS, TimeUnit.MILLISECONDS);
              if (bytes != null) {
                self.received(bytes);
              }
              return bytes != null;
            } catch (InterruptedException e) {
              throw new AssertionError(e);
            }
          }

          @Override
          public void disconnect() {}
        });
  }

  private void arrives(Port port, TransportAddress from, byte[] bytes) {
    ByteBuffer packet =
        ByteBuffer.allocate(TurnCore.HEADROOM + bytes.length + TurnCore.TAILROOM)
            .put(TurnCore.HEADROOM, bytes);
    arrivals.add(
        receiver ->
            receiver.received(
                owners.get(port),
                from.high(),
                from.low(),
                from.port(),
                packet,
                TurnCore.HEADROOM,
                bytes.length));
  }

  private BlockingQueue<byte[]> sentTo(TransportAddress at) {
    return sent.computeIfAbsent(at, to -> new LinkedBlockingQueue<>());
  }

  @Override
  public Port bind(TransportAddress local, boolean shared) {
    return new PaperPort(local);
  }

  @Override
  public Port replace(Port former) {
    throw new IllegalStateException("this one takes what others had");
  }

  @Override
  public boolean takes(Port port) {
    return true;
  }

  @Override
  public boolean tellErrors(Port port) {
    return false;
  }

  @Override
  public void receive(Port port, Object owner) throws IOException {
    if (takesNoRelays && owner instanceof Relay) {
      throw new IOException("no relays here");
    }
    if (takesNothing) {
      throw new IllegalStateException("nothing here");
    }
    owners.put(port, owner);
  }

  @Override
  public void release(Port port) {
    if (keepsAll) {
      throw new IllegalStateException("what is here stays");
    }
    owners.remove(port);
  }

  @Override
  public boolean send(
      Port from,
      TransportAddress to,
      ByteBuffer packet,
      int offset,
      int length,
      boolean dontFragment) {
    byte[] bytes = new byte[length];
    packet.get(offset, bytes);
    sentTo(to).add(bytes);
    return true;
  }

  @Override
  public void poll(long timeoutMillis, Receiver receiver) throws IOException {
    RuntimeException failure = failures.poll();
    if (failure != null) {
      throw failure;
    }
    if (broken) {
      throw new IOException("the engine is broken");
    }
    try {
      Arrival arrival = arrivals.poll(timeoutMillis, TimeUnit.MILLISECONDS);
      receiver.arriving();
      if (arrival != null) {
        arrival.handOver(receiver);
      }
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  @Override
  public void wake() {
    arrivals.add(receiver -> {});
  }

  @Override
  public void pause() {
    pauses.incrementAndGet();
  }

  /** How often packets were let gather. */
  int pauses() {
    return pauses.get();
  }

  @Override
  public long takeLost() {
    return 0;
  }

  @Override
  public void close() {
    owners.keySet().forEach(Port::close);
  }
}
