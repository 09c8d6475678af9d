package kith.turn.world;

import java.util.HashMap;
import java.util.Map;
import kith.turn.Flow;
import kith.turn.PeerConnection;
import kith.turn.Relay;
import kith.turn.stun.TransportAddress;

/** TCP between the relayed addresses of a world and its peers (RFC 6062). */
final class Connections {
  private final World world;
  private final Map<PeerConnection, Peer> connected = new HashMap<>();
  private final Map<PeerConnection, Flow> joined = new HashMap<>();
  private final Map<PeerConnection, PeerConnection> opposite = new HashMap<>();

  Connections(World world) {
    this.world = world;
  }

  void connect(PeerConnection connection) {
    Peer peer = world.peerAt(connection.wire());
    Relay listening = world.relayAt(connection.wire());
    if (listening != null && listening.isTcp()) {
      PeerConnection other =
          world.core().accepted(listening, connection.relay().local(), world.now());
      if (other == null) {
        world.core().closed(connection);
        return;
      }
      opposite.put(connection, other);
      opposite.put(other, connection);
      world.core().connected(connection, world.now());
    } else if (peer != null && peer.welcome() == Peer.Welcome.ACCEPTING) {
      connected.put(connection, peer);
      peer.connected(connection);
      world.core().connected(connection, world.now());
    } else if (peer != null && peer.welcome() == Peer.Welcome.REFUSING) {
      world.core().closed(connection);
    }
  }

  /** The connection, or null when the server hung up at once. */
  PeerConnection connects(Peer peer, TransportAddress to) {
    Relay relay = world.relayAt(to);
    PeerConnection made =
        relay == null || !relay.isTcp()
            ? null
            : world.core().accepted(relay, peer.address(), world.now());
    if (made != null) {
      connected.put(made, peer);
    }
    world.carryOut();
    return made;
  }

  void join(PeerConnection connection, Flow client) {
    joined.put(connection, client);
    world.clientOf(client).isJoined();
  }

  void hangUp(PeerConnection connection) {
    Peer peer = connected.remove(connection);
    if (peer != null) {
      peer.hungUp();
    }
    joined.remove(connection);
    PeerConnection other = opposite.remove(connection);
    if (other != null) {
      opposite.remove(other);
      hangsUp(other);
    }
  }

  /** The end of the connection that the peer has is closed. */
  void hangsUp(PeerConnection connection) {
    hangUp(connection);
    world.core().closed(connection);
    world.carryOut();
  }

  void fromPeer(PeerConnection connection, byte[] bytes) {
    Flow client = joined.get(connection);
    if (client != null && world.core().mayCarry(connection, world.now())) {
      world.core().carried(connection, false, bytes.length, world.now());
      world.clientOf(client).received(bytes);
    }
  }

  void fromClient(PeerConnection connection, byte[] bytes) {
    Peer peer = connected.get(connection);
    if (!world.core().mayCarry(connection, world.now())) {
      return;
    }
    world.core().carried(connection, true, bytes.length, world.now());
    if (peer != null) {
      peer.received(connection.relay().local(), bytes, false);
    } else {
      fromPeer(opposite.get(connection), bytes);
    }
  }

  /** The connection that this client's is joined with; null when it is with none. */
  PeerConnection joinedWith(Flow client) {
    return joined.entrySet().stream()
        .filter(entry -> entry.getValue() == client)
        .map(Map.Entry::getKey)
        .findFirst()
        .orElse(null);
  }

  boolean isJoined(Client client) {
    return joined.values().stream().anyMatch(flow -> world.clientOf(flow) == client);
  }
}
