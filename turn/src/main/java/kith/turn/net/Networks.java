package kith.turn.net;

import java.io.IOException;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.util.Optional;
import java.util.Set;
import kith.turn.IpRange;
import org.jspecify.annotations.Nullable;

/** Where this machine's addresses lead. */
interface Networks {

  /** The networks of the machine that the server runs on. */
  Networks OF_THIS_MACHINE =
      new Networks() {
        @Override
        public Set<InetAddress> addresses() throws SocketException {
          return Interfaces.addresses();
        }

        @Override
        public Set<IpRange> links() throws SocketException {
          return Interfaces.links();
        }

        @Override
        public Network of(InetAddress address) {
          try {
            return Network.of(NetworkInterface.getByInetAddress(address));
          } catch (SocketException gone) {
            return Network.UNKNOWN;
          }
        }

        @Override
        public Optional<InetAddress> sourceTowards(InetAddress there) {
          // Connecting a datagram socket sends nothing: the system only looks up the route.
          try (DatagramSocket socket = new DatagramSocket()) {
            socket.connect(new InetSocketAddress(there, ANY_PORT));
            return Optional.of(Interfaces.bare(socket.getLocalAddress()));
          } catch (IOException | RuntimeException noRoute) {
            return Optional.empty();
          }
        }
      };

  int ANY_PORT = 9;

  /** All addresses that the machine has by now. */
  Set<InetAddress> addresses() throws SocketException;

  /** The networks that the machine is in by now, whose devices no relay is to lead to. */
  Set<IpRange> links() throws SocketException;

  /** The network that has this address. */
  Network of(InetAddress address);

  /** The address that packets to there leave from; empty when no route leads there. */
  Optional<InetAddress> sourceTowards(InetAddress there);

  /** An interface, as far as it matters which of its addresses are relayed from. */
  record Network(String name, Kind kind) {
    static final Network UNKNOWN = new Network("", Kind.OUTWARD);

    /** Best first. */
    enum Kind {
      OUTWARD,
      TUNNEL,
      /** Put up for containers and virtual machines: leads nowhere but to them. */
      BRIDGE
    }

    static Network of(@Nullable NetworkInterface network) throws SocketException {
      if (network == null) {
        return UNKNOWN;
      }
      String name = network.getName();
      boolean bridge =
          name.startsWith("docker")
              || name.startsWith("br-")
              || name.startsWith("veth")
              || name.startsWith("virbr");
      Kind kind = bridge ? Kind.BRIDGE : network.isPointToPoint() ? Kind.TUNNEL : Kind.OUTWARD;
      return new Network(name, kind);
    }

    boolean isBridge() {
      return kind == Kind.BRIDGE;
    }
  }
}
