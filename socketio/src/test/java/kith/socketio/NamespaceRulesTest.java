package kith.socketio;

import static java.time.Duration.ofSeconds;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import kith.socketio.TestServer.TestClient;
import org.junit.jupiter.api.Test;

/** What a client may not send, and what becomes of it. */
class NamespaceRulesTest {
  final TestServer server = new TestServer();
  final List<String> log = new ArrayList<>();

  private void logDisconnects() {
    server.main().onConnect(s -> s.onDisconnect(why -> log.add(why.wireName())));
  }

  @Test
  void anEventBeforeConnectEndsTheClientUnheard() {
    server.main().on("e", e -> log.add("heard"));
    TestClient mallory = server.opens();
    mallory.sends("42[\"e\"]");
    mallory.isClosed();
    assertEquals(List.of(), log);
  }

  @Test
  void anEventAfterARefusalEndsTheClientUnheard() {
    server
        .main()
        .use(h -> CompletableFuture.failedFuture(new ConnectRefused("no")))
        .on("e", e -> log.add("heard"));
    TestClient mallory = server.opens();
    mallory.sends("40", "42[\"e\"]");
    mallory.isClosed();
    assertEquals(List.of(), log);
  }

  @Test
  void anEventForAnotherNamespaceEndsTheClient() {
    server.server.of("/other").on("e", e -> log.add("heard"));
    server.main();
    TestClient mallory = server.connects();
    mallory.sends("42/other,[\"e\"]");
    mallory.isClosed();
    assertEquals(List.of(), log);
  }

  @Test
  void anEventThatCrossesAServerDisconnectIsIgnored() {
    server.main().on("e", e -> log.add("heard"));
    server.server.of("/other");
    TestClient alice = server.connects().sends("40/other");
    alice.socket().disconnect(false);
    alice.sends("42[\"e\"]");
    alice.isOpen();
    assertEquals(List.of(), log);
  }

  @Test
  void aStrayDisconnectEndsTheClient() {
    TestClient mallory = server.opens();
    mallory.sends("41");
    mallory.isClosed();
  }

  @Test
  void attachmentsThatDoNotComeEndTheClient() {
    server.main();
    logDisconnects();
    TestClient mallory = server.connects();
    mallory.sends("451-[\"e\",{\"_placeholder\":true,\"num\":0}]");
    server.after(ofSeconds(24));
    mallory.sends("3"); // answers the ping
    server.after(ofSeconds(7));
    mallory.isClosed();
    assertEquals(List.of("parse error"), log);
  }
}
