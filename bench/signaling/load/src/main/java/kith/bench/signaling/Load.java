package kith.bench.signaling;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Sockets in pairs to one server, driven by the thread that calls it. */
final class Load implements AutoCloseable {
  /** Handshakes at one time: fewer than any server's backlog. */
  private static final int MAX_HANDSHAKES = 64;

  /** Sockets from one loopback address: well below the number of ephemeral ports. */
  private static final int SOCKETS_PER_ADDRESS = 20_000;

  private static final Duration MAX_CONNECTING = Duration.ofSeconds(60);

  /** How late a message may be before it is lost: long, for the machine may be busy. */
  private static final Duration MAX_LATENCY = Duration.ofSeconds(30);

  private static final long LOOK_INTERVAL = Duration.ofSeconds(1).toNanos();
  private static final int INPUT_BYTES = 1 << 16;
  private static final int FRAME_BYTES = 1 << 12;

  final RelayMessage message = new RelayMessage();
  final byte[] frame = new byte[FRAME_BYTES];
  final ByteBuffer output = ByteBuffer.allocateDirect(FRAME_BYTES);
  final ByteBuffer input = ByteBuffer.allocateDirect(INPUT_BYTES);
  final byte[] bytes = new byte[INPUT_BYTES];

  private final InetSocketAddress server;
  private final Selector selector;
  private final List<Client> clients = new ArrayList<>();
  private final Random random = new Random(7);
  private int mask = 0x1F2E3D4C;

  private int handshakes;
  private boolean refilling;
  private final ArrayDeque<Client> idle = new ArrayDeque<>();
  private long completed;
  private long nextLook;
  private Latencies latencies = new Latencies(0);

  Load(int port) {
    server = new InetSocketAddress("127.0.0.1", port);
    try {
      selector = Selector.open();
    } catch (IOException failed) {
      throw new BenchFailure("cannot open a selector", failed);
    }
  }

  /** Connects so many sockets, an even number; done when the server let all of them in. */
  void connect(int sockets) {
    long deadline = System.nanoTime() + MAX_CONNECTING.toNanos();
    while (clients.size() < sockets || handshakes > 0) {
      while (clients.size() < sockets && handshakes < MAX_HANDSHAKES) {
        connectOne();
      }
      select(100);
      if (System.nanoTime() > deadline) {
        throw new BenchFailure(
            handshakes + " of " + clients.size() + " sockets not connected in time");
      }
    }
  }

  private void connectOne() {
    int number = clients.size();
    Client client = Client.connect(number, this, server, addressOf(number));
    try {
      client.channel().register(selector, SelectionKey.OP_READ, client);
    } catch (IOException failed) {
      throw new BenchFailure("socket " + number + " was closed at once", failed);
    }
    handshakes++;
    clients.add(client);
    if (number % 2 == 1) {
      client.pairWith(clients.get(number - 1));
    }
  }

  private static @Nullable InetSocketAddress addressOf(int number) {
    int address = number / SOCKETS_PER_ADDRESS;
    return address == 0 ? null : new InetSocketAddress("127.0.0." + (1 + address), 0);
  }

  private List<Client> shuffled() {
    List<Client> order = new ArrayList<>(clients);
    Collections.shuffle(order, random);
    return order;
  }

  // ---- the phases

  /** What a phase of {@link #saturate} came to. */
  record Saturation(long messages, CpuTime serverCpu, long nanos) {
    double cpuMicros() {
      return serverCpu.total() / 1e3 / messages;
    }

    double kernelMicros() {
      return serverCpu.system() / 1e3 / messages;
    }

    double perSecond() {
      return messages * 1e9 / nanos;
    }

    double serverCores() {
      return (double) serverCpu.total() / nanos;
    }
  }

  /**
   * Closed loop: so many messages are in flight at all times, one at most from any socket; each
   * completed one (delivered and acknowledged) lets the next socket send. Counts what completes
   * after the warm-up.
   *
   * @param warmUp messages before anything is counted; so many that a busy machine warms as well
   * @param atLeast messages that are counted, however long it takes
   * @param serverCpu what the server has spent until now
   */
  Saturation saturate(
      int window, int warmUp, int atLeast, Duration duration, Supplier<CpuTime> serverCpu) {
    idle.clear();
    idle.addAll(shuffled());
    refilling = true;
    for (int i = 0; i < window; i++) {
      sendFromNextIdle();
    }
    completed = 0;
    run(() -> completed < warmUp);
    CpuTime cpuBefore = serverCpu.get();
    long before = System.nanoTime();
    completed = 0;
    run(() -> completed < atLeast || System.nanoTime() - before < duration.toNanos());
    CpuTime cpu = serverCpu.get().since(cpuBefore);
    Saturation measured = new Saturation(completed, cpu, System.nanoTime() - before);
    refilling = false;
    return measured;
  }

  private void run(BooleanSupplier goOn) {
    while (goOn.getAsBoolean()) {
      select(10);
      requireNoneLost(System.nanoTime());
    }
  }

  /**
   * Open loop: messages leave at a fixed rate whatever the server does, from one socket after
   * another. The latency of each, until its delivery, counts from the moment it was to be sent.
   */
  Latencies sendAtRate(int perSecond, Duration duration) {
    int total = Math.toIntExact(perSecond * duration.toMillis() / 1_000);
    List<Client> order = shuffled();
    latencies = new Latencies(total);
    completed = 0;
    long start = System.nanoTime();
    int next = 0;
    while (completed < total) {
      long now = System.nanoTime();
      long intendedAt;
      while (next < total && (intendedAt = start + next * 1_000_000_000L / perSecond) <= now) {
        send(order.get(next % order.size()), intendedAt);
        next++;
      }
      select(0);
      requireNoneLost(now);
    }
    Latencies measured = latencies;
    latencies = new Latencies(0);
    return measured;
  }

  /** Sends nothing but answers to pings. */
  void stayIdle(Duration duration) {
    long end = System.nanoTime() + duration.toNanos();
    while (System.nanoTime() < end) {
      select(100);
    }
  }

  /** Waits until every message has arrived and is acknowledged. */
  void drain() {
    run(() -> clients.stream().anyMatch(client -> !client.isIdle()));
    // What arrives now would be a message too many.
    stayIdle(Duration.ofMillis(200));
  }

  private void requireNoneLost(long now) {
    if (now < nextLook) {
      return;
    }
    nextLook = now + LOOK_INTERVAL;
    for (Client client : clients) {
      if (now - client.waitingSince(now) > MAX_LATENCY.toNanos()) {
        throw new BenchFailure(
            "socket %d: %d messages were not delivered, or not acknowledged"
                .formatted(client.number, client.missing()));
      }
    }
  }

  private void sendFromNextIdle() {
    Client client = idle.poll();
    if (client == null) {
      throw new BenchFailure("fewer sockets than messages in flight");
    }
    send(client, System.nanoTime());
  }

  private void send(Client client, long intendedAt) {
    try {
      client.sendMessage(intendedAt);
    } catch (IOException failed) {
      throw new BenchFailure("socket " + client.number + " broke", failed);
    }
  }

  // ---- what the clients tell

  void connected() {
    handshakes--;
  }

  void delivered(long intendedAt) {
    if (latencies.isOpen()) {
      latencies.record(System.nanoTime() - intendedAt);
    }
  }

  void completed(Client sender) {
    completed++;
    if (refilling) {
      idle.add(sender);
      sendFromNextIdle();
    }
  }

  // ---- the selector

  int nextMask() {
    mask ^= mask << 13;
    mask ^= mask >>> 17;
    mask ^= mask << 5;
    return mask;
  }

  private void select(int millis) {
    try {
      if (millis == 0) {
        selector.selectNow(this::read);
      } else {
        selector.select(this::read, millis);
      }
    } catch (IOException failed) {
      throw new BenchFailure("cannot select", failed);
    }
  }

  private void read(SelectionKey key) {
    Client client = (Client) key.attachment();
    try {
      client.read();
    } catch (IOException failed) {
      throw new BenchFailure("socket " + client.number + " broke", failed);
    }
  }

  @Override
  public void close() {
    try {
      for (Client client : clients) {
        client.channel().close();
      }
      selector.close();
    } catch (IOException failed) {
      throw new BenchFailure("cannot close the sockets", failed);
    }
  }
}
