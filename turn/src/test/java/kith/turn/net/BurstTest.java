package kith.turn.net;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.net.DatagramSocket;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import kith.turn.net.DatagramEngine.Port;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

/** More than an engine has room for at once, of packets that came together and are cut here. */
@EnabledOnOs(OS.LINUX)
class BurstTest extends Stations {

  @EachEngine
  void packetsThatAreAllDroppedTakeNoRoom(EngineKind kind) throws IOException {
    Station sender = new Station(EngineKind.MMSG, LOOPBACK);
    Station station = new Station(kind, LOOPBACK);
    List<String> burst = Collections.nCopies(64, "x".repeat(1_400));
    for (Port port : station.opens(8)) {
      burst.forEach(packet -> sender.sends(packet, port.local()));
    }
    sender.engine.poll(0, sender);
    station.engine.poll(0, station);
    station.hears(Collections.nCopies(8 * 64, "x".repeat(1_400)));
  }

  @EachEngine
  void largePacketsThatCameTogetherLeaveAsTheyCame(EngineKind kind) throws IOException {
    Station sender = new Station(EngineKind.MMSG, LOOPBACK);
    // What it sends as one is cut by the kernel, as by a sender in a network of large frames.
    boolean cuts =
        new Libc()
            .trySetOption(((NativePort) sender.port).fd(), Libc.SOL_UDP, Libc.UDP_SEGMENT, 9_000);
    assumeTrue(cuts, "an old kernel");
    Station station = new Station(kind, LOOPBACK);
    DatagramSocket[] peers = new DatagramSocket[9];
    for (int i = 0; i < peers.length; i++) {
      peers[i] = peer(LOOPBACK);
    }
    station.forwardsTo(peers);
    List<String> packets = numbered(18 * 7, 9_000);
    List<Port> ports = station.opens(9);
    for (int i = 0; i < 18; i++) {
      sender.sends(String.join("", packets.subList(i * 7, i * 7 + 7)), ports.get(i % 9).local());
    }
    sender.engine.poll(0, sender);
    station.engine.poll(0, station);
    List<String> heard = station.hears(packets.size());
    station.engine.poll(0, station);
    List<String> expected = new ArrayList<>(packets);
    for (int i = 0; i < packets.size(); i++) {
      assertEquals("!!!!" + heard.get(i), next(peers[i % peers.length]));
      assertTrue(expected.remove(heard.get(i)));
    }
  }
}
