package kith.socketio.vertx;

import static kith.socketio.vertx.ListeningServer.eventually;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import kith.socketio.DisconnectReason;
import kith.socketio.Limits;
import kith.socketio.Socket;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What clients that come and go, or do not read, leave in the server's memory. */
class MemoryTest {
  private static final int CLIENTS = 5_000;
  private static final int AT_ONCE = 100;

  /** A leak of less than 400 bytes a client would pass; an idle client costs ten times that. */
  private static final long GENEROUS_BYTES = 2_000_000;

  private static final int LARGE = 100_000;

  private ListeningServer kith;

  @BeforeEach
  void listen() throws Exception {
    kith = new ListeningServer(Limits.defaults());
  }

  @AfterEach
  void close() throws Exception {
    kith.close();
  }

  @Test
  void fiveThousandClientsThatCameAndWentLeaveTheHeapWhereItWas() throws Exception {
    kith.server.of("/").onConnect(socket -> socket.join("all", "own " + socket.id()));
    comeAndGo(CLIENTS / 10);
    long before = usedBytes();
    comeAndGo(CLIENTS);
    assertTrue(
        eventually(() -> usedBytes() - before < GENEROUS_BYTES),
        () -> "%,d bytes more than before".formatted(usedBytes() - before));
  }

  private void comeAndGo(int clients) throws Exception {
    for (int some = 0; some < clients; some += AT_ONCE) {
      List<RawWebSocket> open = new ArrayList<>();
      for (int i = 0; i < AT_ONCE; i++) {
        open.add(RawWebSocket.connects(kith.port));
      }
      assertEquals(AT_ONCE, kith.server.clients());
      for (RawWebSocket client : open) {
        client.close();
      }
      assertTrue(eventually(() -> kith.server.clients() == 0), "clients that went are still there");
    }
    assertEquals(0, kith.server.of("/").sockets().size());
    assertEquals(0, kith.server.of("/").in("all").size());
  }

  private static long usedBytes() {
    System.gc();
    Runtime runtime = Runtime.getRuntime();
    return runtime.totalMemory() - runtime.freeMemory();
  }

  @Test
  void aClientThatDoesNotReadCostsABoundedAmountAndIsClosed() throws Exception {
    CompletableFuture<Socket> connected = new CompletableFuture<>();
    CompletableFuture<DisconnectReason> left = new CompletableFuture<>();
    kith.server
        .of("/")
        .onConnect(
            socket -> {
              socket.onDisconnect(left::complete);
              connected.complete(socket);
            });
    try (RawWebSocket silent = RawWebSocket.connects(kith.port)) {
      AtomicInteger sent = new AtomicInteger();
      feed(connected.get(20, TimeUnit.SECONDS), "x".repeat(LARGE), sent);
      assertEquals(DisconnectReason.SLOW_READER, left.get(20, TimeUnit.SECONDS));
      // What the system's socket buffers take is not the server's, and has bounds of its own.
      long taken = (long) sent.get() * LARGE;
      assertTrue(taken < 40_000_000, () -> "%,d bytes".formatted(taken));
    }
  }

  /** One message in each turn of the event loop, until the client is gone. */
  private void feed(Socket socket, String large, AtomicInteger sent) {
    kith.vertx.setTimer(
        1,
        timer -> {
          if (socket.isConnected()) {
            socket.emit("m", large);
            sent.incrementAndGet();
            feed(socket, large, sent);
          }
        });
  }
}
