package kith.turn.net;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.net.DatagramSocket;
import java.net.InetAddress;
import kith.turn.stun.TransportAddress;
import kith.turn.world.Client;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The kernel's ICMP errors reach the client (RFC 8656 §11.5, §18.13): all but the JDK tell. */
@EnabledOnOs(OS.LINUX)
class IcmpTest {
  private static final InetAddress LOOPBACK = InetAddress.ofLiteral("127.0.0.1");

  private static TurnServer start(EngineKind engine) throws IOException {
    assumeTrue(Stations.works(engine), "this machine forbids it");
    return TurnServer.start(OnLoopback.options().withEngine(engine).allowing("127.0.0.0/8"));
  }

  private static TransportAddress nobody() throws IOException {
    try (DatagramSocket gone = new DatagramSocket(0, LOOPBACK)) {
      return TransportAddress.of(LOOPBACK, gone.getLocalPort());
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"IO_URING", "MMSG"})
  void aClientIsToldThatItsPeerIsNotThereAndItsOtherPeersGoOn(EngineKind engine) throws Exception {
    try (TurnServer server = start(engine)) {
      Client alice = UdpWire.client("alice", LOOPBACK, server.port());
      Client bob = StreamWire.client("bob", LOOPBACK, server.port());
      alice.allocates().succeeds();
      bob.allocates().succeeds();
      TransportAddress nobody = nobody();
      alice.bindsChannel(0x4000, nobody).succeeds();
      alice.permits(bob.relayed()).succeeds();
      bob.bindsChannel(0x4001, alice.relayed()).succeeds();
      for (int i = 0; i < 10; i++) {
        alice.sendsOnChannel(0x4000, "anyone?");
        alice.hears(nobody + " icmp 3/3 0");
        alice.sends("still here " + i, bob.relayed());
        bob.hears("4001 still here " + i);
        bob.sendsOnChannel(0x4001, "so am I " + i);
        alice.hears(bob.relayed() + " so am I " + i);
      }
      assertEquals(2, server.stats().allocations());
      assertEquals(0, server.stats().sendErrors());
    }
  }
}
