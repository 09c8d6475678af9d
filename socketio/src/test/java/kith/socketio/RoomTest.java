package kith.socketio;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.Set;
import kith.socketio.TestServer.TestClient;
import org.junit.jupiter.api.Test;

/** Who hears what is sent to rooms. */
class RoomTest {
  final TestServer server = new TestServer();

  TestClient alice;
  TestClient bob;
  TestClient carol;

  RoomTest() {
    server.main();
    alice = server.connects();
    bob = server.connects();
    carol = server.connects();
  }

  @Test
  void aMessageReachesEachMemberOnce() {
    alice.socket().join("a", "b");
    bob.socket().join("b");
    server.main().to("a", "b").emit("m");
    alice.hears("42[\"m\"]");
    bob.hears("42[\"m\"]");
    carol.hears();
  }

  @Test
  void someCanBeLeftOut() {
    alice.socket().join("a", "muted");
    bob.socket().join("a");
    server.main().to("a").except("muted").emit("m");
    alice.hears();
    bob.hears("42[\"m\"]");
    server.main().except("a").emit("n");
    carol.hears("42[\"n\"]");
    bob.hears();
  }

  @Test
  void theSenderCanBeLeftOut() {
    alice.socket().join("a");
    bob.socket().join("a");
    alice.socket().to("a").emit("m");
    alice.hears();
    bob.hears("42[\"m\"]");
    alice.socket().broadcast().emit("n");
    alice.hears();
    carol.hears("42[\"n\"]");
  }

  @Test
  void anIdIsARoom() {
    server.main().to(bob.id).emit("m");
    bob.hears("42[\"m\"]");
    alice.hears();
  }

  @Test
  void aMemberCanLeave() {
    alice.socket().join("a");
    alice.socket().leave("a");
    server.main().to("a").emit("m");
    alice.hears();
    assertEquals(Set.of(), alice.socket().rooms());
  }

  @Test
  void nothingStaysOfASocketThatEnded() {
    Socket socket = alice.socket();
    socket.join("a");
    alice.breaks();
    socket.join("b");
    socket.emit("m");
    assertEquals(0, server.main().rooms().count());
    assertEquals(2, server.main().sockets().size());
    assertNull(server.main().socket(alice.id));
  }

  @Test
  void thereAreOnlySoMany() {
    for (int i = 0; i < 256; i++) {
      alice.socket().join("r" + i);
    }
    assertThrows(IllegalStateException.class, () -> alice.socket().join("one more"));
  }
}
