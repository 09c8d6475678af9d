package kith.socketio;

import static java.time.Duration.ofSeconds;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import kith.socketio.TestServer.TestClient;
import kith.socketio.gateway.Admission;
import org.junit.jupiter.api.Test;

/** https://github.com/socketio/socket.io-protocol#disconnection-from-a-namespace */
class DisconnectTest {
  final TestServer server = new TestServer();
  final List<String> log = new ArrayList<>();

  private void logDisconnects() {
    server.main().onConnect(s -> s.onDisconnect(why -> log.add(why.wireName())));
  }

  @Test
  void byTheClientLeavesItsConnectionForAWhile() {
    logDisconnects();
    TestClient alice = server.connects();
    alice.sends("41");
    assertEquals(List.of("client namespace disconnect"), log);
    alice.isOpen();
    server.after(ofSeconds(11));
    alice.isClosed();
  }

  @Test
  void byTheServerTellsTheClient() {
    logDisconnects();
    TestClient alice = server.connects();
    alice.socket().disconnect(false);
    alice.hears("41");
    assertEquals(List.of("server namespace disconnect"), log);
    alice.isOpen();
    alice.sends("40");
    assertEquals(1, server.main().sockets().size());
  }

  @Test
  void byTheServerCanCloseTheConnection() {
    logDisconnects();
    server.server.of("/other").onConnect(s -> s.onDisconnect(why -> log.add("other")));
    TestClient alice = server.connects().sends("40/other");
    alice.received.clear();
    alice.socket().disconnect(true);
    alice.hears("41", "41/other,");
    alice.isClosed();
    assertEquals(List.of("server namespace disconnect", "other"), log);
  }

  @Test
  void ofTheConnectionEndsItsSockets() {
    logDisconnects();
    server.connects().breaks();
    assertEquals(List.of("transport close"), log);
  }

  @Test
  void ofTheServerEndsAll() {
    logDisconnects();
    TestClient alice = server.connects();
    TestClient bob = server.opens();
    CompletableFuture<Void> gone = server.server.close().toCompletableFuture();
    server.loop.settle();
    alice.isClosed();
    bob.isClosed();
    assertEquals(List.of("server shutting down"), log);
    assertTrue(gone.isDone());
    assertInstanceOf(Admission.Answer.class, server.asksToOpen());
  }

  @Test
  void isToldToAHandlerThatComesLate() {
    server.main();
    TestClient alice = server.connects();
    Socket socket = alice.socket();
    alice.breaks();
    socket.onDisconnect(why -> log.add(why.wireName()));
    assertEquals(List.of("transport close"), log);
  }

  @Test
  void ofASlowReaderCostsABoundedAmount() {
    logDisconnects();
    TestClient alice = server.connects();
    TestClient bob = server.connects();
    alice.reads = false;
    String large = "x".repeat(100_000);
    for (int i = 0; i < 30; i++) {
      server.main().emit("m", large);
    }
    server.loop.settle();
    alice.isClosed();
    bob.isOpen();
    assertEquals(30, bob.received.size());
    assertEquals(List.of("slow reader"), log);
  }

  @Test
  void aThousandClientsLeaveNothingBehind() {
    server.main().onConnect(s -> s.join("all", s.id()));
    List<TestClient> clients = new ArrayList<>();
    for (int i = 0; i < 1_000; i++) {
      clients.add(server.connects());
    }
    clients.forEach(TestClient::breaks);
    assertEquals(0, server.server.clients());
    assertEquals(0, server.main().rooms().count());
    server.after(ofSeconds(120));
    assertEquals(0, server.loop.timers());
  }

  @Test
  void anAttachmentIsKept() {
    server.main();
    Socket socket = server.connects().socket();
    assertThrows(IllegalStateException.class, () -> socket.attachment(String.class));
    socket.attach("alice");
    assertEquals("alice", socket.attachment(String.class));
  }
}
