package kith.turn;

import java.util.concurrent.TimeUnit;
import kith.turn.stun.TransportAddress;
import kith.turn.world.Client;
import kith.turn.world.Peer;
import kith.turn.world.World;
import org.junit.jupiter.api.Test;

/** Receiving an ICMP packet: RFC 8656 §11.5. */
class PeerErrorTest {
  private final World world = new World();
  private final Client alice = world.client("alice");
  private final Peer peer = world.peer("203.0.113.5", 7000);

  @Test
  void theClientOfAPermittedPeerIsToldThatItIsUnreachable() {
    alice.allocates().succeeds();
    alice.permits(peer).succeeds();
    icmp(peer.address(), 3, 3, 0);
    alice.hears("203.0.113.5:7000 icmp 3/3 0");
    icmp(peer.address(), 11, 0, 0);
    alice.hears("203.0.113.5:7000 icmp 11/0 0");
  }

  private void icmp(TransportAddress from, int type, int code, int data) {
    world.icmp(alice.relayed(), from, type, code, data);
  }

  @Test
  void theMtuIsToldWhereThePacketWasTooBigAndNothingElse() {
    alice.allocates().succeeds();
    alice.permits(peer).succeeds();
    icmp(peer.address(), 3, 4, 1_280);
    icmp(peer.address(), 3, 1, 1_280);
    alice.hears("203.0.113.5:7000 icmp 3/4 1280", "203.0.113.5:7000 icmp 3/1 0");
  }

  @Test
  void ofAPeerThatIsNotPermittedNothingIsTold() {
    alice.allocates().succeeds();
    icmp(peer.address(), 3, 3, 0);
    alice.permits(peer).succeeds();
    world.after(5, TimeUnit.MINUTES);
    icmp(peer.address(), 3, 3, 0);
    alice.hearsNothing();
  }

  @Test
  void otherTypesAreNoneOfTheClientsBusiness() {
    alice.allocates().succeeds();
    alice.permits(peer).succeeds();
    for (int type : new int[] {0, 4, 5, 8, 12, 200, -1}) {
      icmp(peer.address(), type, 0, 0);
    }
    alice.hearsNothing();
  }

  @Test
  void anUnreachablePeerEndsNoAllocation() {
    alice.allocates().succeeds();
    alice.permits(peer).succeeds();
    icmp(peer.address(), 3, 3, 0);
    alice.hears("203.0.113.5:7000 icmp 3/3 0");
    alice.sends("still here", peer);
    peer.hears("still here");
  }
}
