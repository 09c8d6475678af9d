package kith.socketio;

import static java.time.Duration.ofSeconds;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import kith.socketio.TestServer.TestClient;
import org.junit.jupiter.api.Test;

/** https://socket.io/docs/v4/connection-state-recovery */
class RecoveryTest {
  final List<String> log = new ArrayList<>();
  TestServer server = serverWith(RecoveryOptions.defaults().within(ofSeconds(60)));

  private TestServer serverWith(RecoveryOptions options) {
    TestServer made = new TestServer(b -> b.recovery(options));
    made.main().onConnect(s -> log.add(s.id() + (s.recovered() ? " is back" : " is new")));
    return made;
  }

  /** A client in the namespace that knows its recovery id. */
  private Returning connects() {
    TestClient client = server.opens();
    client.sends("40{\"token\":\"t\"}");
    return new Returning(client, client.received.removeFirst());
  }

  private final class Returning {
    TestClient client;
    final String id;
    final String pid;
    String offset;

    Returning(TestClient client, String welcome) {
      this.client = client;
      this.id = welcome.replaceAll(".*\"sid\":\"([^\"]*)\".*", "$1");
      this.pid = welcome.replaceAll(".*\"pid\":\"([^\"]*)\".*", "$1");
    }

    /** What it received; remembers the last offset, as the stock client does. */
    List<String> hears() {
      List<String> events = new ArrayList<>();
      for (String message : client.received) {
        if (message.startsWith("42")) {
          offset = message.replaceAll(".*\"([^\"]*)\"\\]$", "$1");
          events.add(message.replaceAll(",\"[^\"]*\"\\]$", "]"));
        } else {
          events.add(message);
        }
      }
      client.received.clear();
      return events;
    }

    void breaks() {
      client.breaks();
    }

    void comesBack() {
      client = server.opens();
      client.sends(
          "40{\"pid\":\"%s\"%s,\"token\":\"t\"}"
              .formatted(pid, offset == null ? "" : ",\"offset\":\"" + offset + "\""));
    }

    Socket socket() {
      return server.main().socket(id);
    }

    String welcome() {
      return "40{\"sid\":\"" + id + "\",\"pid\":\"" + pid + "\"}";
    }
  }

  @Test
  void aClientComesBackWithItsRoomsAndWhatItMissed() {
    Returning alice = connects();
    alice.socket().join("friends");
    alice.socket().attach("alice's");
    server.main().to("friends").emit("before");
    assertEquals(List.of("42[\"before\"]"), alice.hears());
    alice.breaks();
    server.main().to("friends").emit("missed", 1);
    server.main().to("strangers").emit("not meant");
    server.main().emit("missed", 2);
    server.main().to(alice.id).emit("missed", 3);
    alice.comesBack();
    assertEquals(
        List.of(alice.welcome(), "42[\"missed\",1]", "42[\"missed\",2]", "42[\"missed\",3]"),
        alice.hears());
    assertEquals(Set.of("friends"), alice.socket().rooms());
    assertEquals("alice's", alice.socket().attachment(String.class));
    server.main().to("friends").emit("after");
    assertEquals(List.of("42[\"after\"]"), alice.hears());
    assertEquals(List.of(alice.id + " is new", alice.id + " is back"), log);
  }

  @Test
  void aClientThatHadHeardNothingMissesNothing() {
    Returning alice = connects();
    alice.breaks();
    server.main().emit("missed");
    alice.comesBack();
    assertEquals(List.of(alice.welcome(), "42[\"missed\"]"), alice.hears());
  }

  @Test
  void aClientComesBackAgainAndAgain() {
    Returning alice = connects();
    for (int i = 0; i < 3; i++) {
      alice.breaks();
      server.main().emit("missed", i);
      alice.comesBack();
      assertEquals(List.of(alice.welcome(), "42[\"missed\"," + i + "]"), alice.hears());
    }
  }

  @Test
  void whatWasSentToItsSocketWhileItWasGoneArrives() {
    Returning alice = connects();
    Socket socket = alice.socket();
    alice.breaks();
    socket.emit("missed");
    alice.comesBack();
    assertEquals(List.of(alice.welcome(), "42[\"missed\"]"), alice.hears());
  }

  @Test
  void aClientThatComesTooLateStartsAnew() {
    Returning alice = connects();
    alice.breaks();
    server.after(ofSeconds(61));
    alice.comesBack();
    assertEquals(2, log.stream().filter(line -> line.endsWith("is new")).count());
  }

  @Test
  void aClientWhoseMessagesAreForgottenStartsAnew() {
    server = serverWith(new RecoveryOptions(ofSeconds(60), 2, 1_000_000, 10, (a, b) -> true));
    Returning alice = connects();
    server.main().emit("heard");
    alice.hears();
    alice.breaks();
    for (int i = 0; i < 3; i++) {
      server.main().emit("missed", i);
    }
    alice.comesBack();
    assertTrue(log.stream().noneMatch(line -> line.endsWith("is back")));
  }

  @Test
  void aClientThatLeftOrWasPutOutStartsAnew() {
    Returning alice = connects();
    alice.client.sends("41");
    alice.breaks();
    alice.comesBack();
    Returning bob = connects();
    bob.socket().disconnect(true);
    bob.comesBack();
    assertTrue(log.stream().noneMatch(line -> line.endsWith("is back")));
  }

  @Test
  void aRecoveryIdWorksOnce() {
    Returning alice = connects();
    alice.breaks();
    alice.comesBack();
    TestClient mallory = server.opens();
    mallory.sends("40{\"pid\":\"" + alice.pid + "\"}");
    assertEquals(1, log.stream().filter(line -> line.endsWith("is back")).count());
  }

  @Test
  void thePublicIdIsNoRecoveryId() {
    Returning alice = connects();
    alice.breaks();
    server.opens().sends("40{\"pid\":\"" + alice.id + "\"}");
    assertTrue(log.stream().noneMatch(line -> line.endsWith("is back")));
  }

  @Test
  void anotherUserCannotSucceed() {
    server =
        serverWith(
            RecoveryOptions.defaults().provided((before, now) -> before.auth().equals(now.auth())));
    Returning alice = connects();
    alice.breaks();
    server.opens().sends("40{\"pid\":\"" + alice.pid + "\",\"token\":\"mallory\"}");
    assertTrue(log.stream().noneMatch(line -> line.endsWith("is back")));
  }

  @Test
  void onlySoManyAreWaitedFor() {
    server = serverWith(new RecoveryOptions(ofSeconds(60), 10, 1_000_000, 1, (a, b) -> true));
    Returning alice = connects();
    Returning bob = connects();
    alice.breaks();
    bob.breaks();
    bob.comesBack();
    alice.comesBack();
    assertEquals(
        List.of(bob.id + " is back"),
        log.stream().filter(line -> line.endsWith("is back")).toList());
  }
}
