package kith.socketio.bench;

import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.http.WebSocket;
import io.vertx.core.http.WebSocketClient;
import io.vertx.core.http.WebSocketClientOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Loads a relay server, whatever it is written in, and prints what that cost it, one {@code name
 * value} a line.
 *
 * <p>Arguments: port, process id of the server, then {@code relay <sockets> <seconds>} or {@code
 * idle <sockets>}.
 */
public final class Load {
  private static final String TEXT = "x".repeat(900);
  private static final int RATE = 2_000;
  private static final int CONNECTING_AT_ONCE = 100;
  private static final long TICKS_PER_SECOND = 100;

  private final Vertx vertx = Vertx.vertx(new VertxOptions().setEventLoopPoolSize(1));
  private final WebSocketClient http =
      vertx.createWebSocketClient(
          new WebSocketClientOptions()
              .setMaxConnections(100_000)
              .setTryUsePerMessageCompression(false));
  private final int port;
  private final long serverPid;
  private final List<Client> clients = new ArrayList<>();
  private final AtomicLong relayed = new AtomicLong();
  private final AtomicLong acknowledged = new AtomicLong();
  private volatile boolean closedLoop;
  private volatile long[] latencies = new long[0];
  private volatile int latencyCount;

  private Load(int port, long serverPid) {
    this.port = port;
    this.serverPid = serverPid;
  }

  public static void main(String[] args) throws Exception {
    Load load = new Load(Integer.parseInt(args[0]), Long.parseLong(args[1]));
    int sockets = Integer.parseInt(args[3]);
    if (args[2].equals("idle")) {
      load.idle(sockets);
    } else {
      load.relay(sockets, Integer.parseInt(args[4]));
    }
    System.exit(0);
  }

  private void idle(int sockets) throws Exception {
    connect(200); // classes loaded, buffers pooled
    TimeUnit.SECONDS.sleep(3);
    long before = resident();
    connect(sockets);
    TimeUnit.SECONDS.sleep(8);
    print("idle_bytes_per_socket", (double) (resident() - before) / sockets);
    print("idle_resident_mb", resident() / 1e6);
  }

  private void relay(int sockets, int seconds) throws Exception {
    connect(sockets);
    closedLoop = true;
    for (int i = 0; i < clients.size(); i += 2) {
      clients.get(i).send();
    }
    TimeUnit.SECONDS.sleep(seconds);
    long messages = relayed.get();
    double cpu = cpuSeconds();
    TimeUnit.SECONDS.sleep(seconds);
    messages = relayed.get() - messages;
    cpu = cpuSeconds() - cpu;
    closedLoop = false;
    print("closed_loop_messages_per_second", (double) messages / seconds);
    print("cpu_us_per_message", cpu * 1e6 / messages);
    TimeUnit.SECONDS.sleep(2);
    atFixedRate(seconds);
  }

  private void atFixedRate(int seconds) throws Exception {
    latencyCount = 0;
    latencies = new long[RATE * seconds * 2];
    long messages = relayed.get();
    double cpu = cpuSeconds();
    long start = System.nanoTime();
    long sent = 0;
    while (sent < (long) RATE * seconds) {
      long due = (System.nanoTime() - start) * RATE / 1_000_000_000L;
      for (; sent < due; sent++) {
        clients.get((int) (sent * 2 % clients.size())).send();
      }
      TimeUnit.MICROSECONDS.sleep(200);
    }
    TimeUnit.SECONDS.sleep(1);
    messages = relayed.get() - messages;
    cpu = cpuSeconds() - cpu;
    long[] sorted = Arrays.copyOf(latencies, latencyCount);
    Arrays.sort(sorted);
    print("rate_cpu_us_per_message", cpu * 1e6 / messages);
    print("rate_p50_ms", sorted[sorted.length / 2] / 1e6);
    print("rate_p99_ms", sorted[(int) (sorted.length * 0.99)] / 1e6);
    print("rate_lost", (double) (sent - messages));
  }

  private static void print(String name, double value) {
    System.out.printf("%s %.3f%n", name, value);
  }

  private double cpuSeconds() throws IOException {
    String stat = Files.readString(Path.of("/proc/" + serverPid + "/stat"));
    String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
    return (double) (Long.parseLong(fields[11]) + Long.parseLong(fields[12])) / TICKS_PER_SECOND;
  }

  private long resident() throws IOException {
    for (String line : Files.readAllLines(Path.of("/proc/" + serverPid + "/status"))) {
      if (line.startsWith("VmRSS:")) {
        return Long.parseLong(line.replaceAll("\\D", "")) * 1024;
      }
    }
    throw new IOException("no VmRSS");
  }

  private void connect(int sockets) throws InterruptedException {
    Semaphore free = new Semaphore(CONNECTING_AT_ONCE);
    CountDownLatch connected = new CountDownLatch(sockets);
    for (int i = 0; i < sockets; i++) {
      free.acquire();
      Client client = new Client(clients.size());
      clients.add(client);
      client.onConnect =
          () -> {
            free.release();
            connected.countDown();
          };
      client.open();
    }
    if (!connected.await(60, TimeUnit.SECONDS)) {
      throw new IllegalStateException(connected.getCount() + " sockets did not connect");
    }
  }

  /** One socket; an even one sends to the next. */
  private final class Client {
    final int index;
    Runnable onConnect = () -> {};
    private WebSocket socket;
    private String id;
    private int acks;

    Client(int index) {
      this.index = index;
    }

    void open() {
      http.connect(port, "127.0.0.1", "/socket.io/?EIO=4&transport=websocket")
          .onSuccess(
              opened -> {
                socket = opened;
                opened.textMessageHandler(this::received);
                opened.closeHandler(closed -> System.err.println("socket " + index + " closed"));
              })
          .onFailure(Throwable::printStackTrace);
    }

    void send() {
      String to = clients.get(index + 1).id;
      socket.writeTextMessage(
          "42"
              + acks++
              + "[\"relay\",{\"to\":\""
              + to
              + "\",\"data\":{\"t\":"
              + System.nanoTime()
              + ",\"text\":\""
              + TEXT
              + "\"}}]");
    }

    private void received(String message) {
      if (message.startsWith("42")) {
        relayed.incrementAndGet();
        if (latencyCount < latencies.length) {
          int from = message.indexOf("\"t\":") + 4;
          long sentAt = Long.parseLong(message.substring(from, message.indexOf(',', from)));
          latencies[latencyCount++] = System.nanoTime() - sentAt;
        }
        if (closedLoop) {
          clients.get(index - 1).send();
        }
      } else if (message.startsWith("43")) {
        acknowledged.incrementAndGet();
      } else if (message.equals("2")) {
        socket.writeTextMessage("3");
      } else if (message.startsWith("0")) {
        socket.writeTextMessage("40");
      } else if (message.startsWith("40{")) {
        id = message.replaceAll(".*\"sid\":\"([^\"]*)\".*", "$1");
        onConnect.run();
      }
    }
  }
}
