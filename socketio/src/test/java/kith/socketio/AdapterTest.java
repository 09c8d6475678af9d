package kith.socketio;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.Arrays;
import java.util.List;
import java.util.Set;
import kith.socketio.TestServer.TestClient;
import kith.socketio.adapter.Command;
import kith.socketio.adapter.InProcess;
import kith.socketio.adapter.Target;
import kith.socketio.engine.Frame;
import org.junit.jupiter.api.Test;

/** Two nodes, one cluster. */
class AdapterTest {
  final InProcess cluster = new InProcess();
  final TestServer east = new TestServer(b -> b.adapter(cluster));
  final TestServer west = new TestServer(b -> b.adapter(cluster).ids(new Ids()));
  final TestClient alice;
  final TestClient bob;

  /** Ids of the second node. */
  private static final class Ids implements java.util.function.Supplier<String> {
    private int next;

    @Override
    public String get() {
      return "west-" + next++;
    }
  }

  AdapterTest() {
    east.main();
    west.main();
    alice = east.connects();
    bob = west.connects();
  }

  private void settle() {
    east.loop.settle();
    west.loop.settle();
  }

  @Test
  void aMessageReachesTheSocketsOfAllNodes() {
    east.main().emit("m");
    settle();
    alice.hears("42[\"m\"]");
    bob.hears("42[\"m\"]");
  }

  @Test
  void aRoomHasItsMembersOnAllNodes() throws Exception {
    alice.socket().join("friends");
    bob.socket().join("friends");
    assertEquals(
        Set.of(alice.id, bob.id), east.main().to("friends").present().toCompletableFuture().get());
    alice.socket().to("friends").emit("m");
    settle();
    alice.hears();
    bob.hears("42[\"m\"]");
  }

  @Test
  void aSocketIsReachedByItsIdFromAnotherNode() {
    east.main().to(bob.id).emit("m");
    settle();
    bob.hears("42[\"m\"]");
    alice.hears();
  }

  @Test
  void socketsOfAnotherNodeAreMoved() {
    east.main().to(bob.id).join("a", "b");
    assertEquals(Set.of("a", "b"), bob.socket().rooms());
    east.main().to("a").leave("b");
    assertEquals(Set.of("a"), bob.socket().rooms());
    east.main().to("a").disconnect(true);
    settle();
    bob.isClosed();
    alice.isOpen();
  }

  @Test
  void aNodeThatLeftIsNotReached() {
    east.server.close();
    west.main().emit("m");
    settle();
    bob.hears("42[\"m\"]");
    alice.hears();
  }

  @Test
  void aCommandTravelsAsBytes() {
    Target target = new Target(Set.of("a"), Set.of("b", "c"));
    Command.Emit emit =
        new Command.Emit(
            target, List.of(Frame.text("42[\"é\"]"), Frame.binary(new byte[] {1, 2})), "o.1");
    Command.Emit read = assertInstanceOf(Command.Emit.class, Command.decode(emit.encode()));
    assertEquals(target, read.target());
    assertEquals("o.1", read.offset());
    assertEquals("42[\"é\"]", read.message().get(0).toString());
    assertArrayEquals(new byte[] {1, 2}, read.message().get(1).bytes());
    for (Command command :
        List.of(
            new Command.Join(target, Set.of("r")),
            new Command.Leave(target, Set.of("r")),
            new Command.Disconnect(target, true))) {
      assertEquals(command, Command.decode(command.encode()));
    }
  }

  @Test
  void whatIsNoCommandIsRefused() {
    byte[] bytes = new Command.Disconnect(Target.ALL, true).encode();
    for (int length = 0; length < bytes.length; length++) {
      byte[] cut = Arrays.copyOf(bytes, length);
      assertThrows(IllegalArgumentException.class, () -> Command.decode(cut));
    }
  }
}
