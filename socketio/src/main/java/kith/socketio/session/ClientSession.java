package kith.socketio.session;

import java.util.ArrayList;
import java.util.List;
import kith.socketio.protocol.MalformedPacket;
import kith.socketio.protocol.Packet;
import kith.socketio.protocol.PacketDecoder;
import org.jspecify.annotations.Nullable;

/**
 * The rules between CONNECT and DISCONNECT, for one client. Nothing reaches a namespace that the
 * client is not in; a client that sends something there is in violation, unless the server put it
 * out and the packet was on its way.
 *
 * @see <a
 *     href="https://github.com/socketio/socket.io-protocol#connection-to-a-namespace">connection to
 *     a namespace</a>
 */
public final class ClientSession {
  private static final long NEVER = Long.MAX_VALUE;

  private enum State {
    ASKED,
    IN,
    /** Left at the server's wish: packets may still be on their way. */
    PUT_OUT
  }

  private static final class Membership {
    final String namespace;
    State state = State.ASKED;
    int attempt;

    Membership(String namespace) {
      this.namespace = namespace;
    }
  }

  private final SessionLimits limits;
  private final PacketDecoder decoder;
  private final SessionListener listener;
  private final List<Membership> memberships = new ArrayList<>(1);
  private int attempts;
  private int refusals;
  private boolean over;

  /** When a client in no namespace is closed. */
  private long connectBy;

  private long attachmentsBy = NEVER;

  public ClientSession(
      SessionLimits limits, PacketDecoder decoder, SessionListener listener, long now) {
    this.limits = limits;
    this.decoder = decoder;
    this.listener = listener;
    this.connectBy = now + limits.connectTimeout();
  }

  public void text(byte[] utf8, int from, int to, long now) {
    if (over) {
      return;
    }
    try {
      received(decoder.text(utf8, from, to), now);
    } catch (MalformedPacket malformed) {
      violated(malformed.what());
    }
  }

  public void binary(byte[] data, long now) {
    if (over) {
      return;
    }
    try {
      received(decoder.binary(data), now);
    } catch (MalformedPacket malformed) {
      violated(malformed.what());
    }
  }

  private void received(@Nullable Packet packet, long now) {
    if (packet == null) {
      attachmentsBy = Math.min(attachmentsBy, now + limits.attachmentTimeout());
      return;
    }
    attachmentsBy = NEVER;
    switch (packet) {
      case Packet.Connect connect -> connect(connect);
      case Packet.Disconnect disconnect -> disconnect(disconnect, now);
      case Packet.Event event -> {
        if (mayPass(event)) {
          listener.event(event);
        }
      }
      case Packet.Ack ack -> {
        if (mayPass(ack)) {
          listener.acknowledged(ack);
        }
      }
    }
  }

  private void connect(Packet.Connect packet) {
    Membership membership = find(packet.namespace());
    if (membership != null && membership.state != State.PUT_OUT) {
      return; // a client may ask twice; it is, or will be, answered once
    }
    if (membership == null && memberships.size() >= limits.maxNamespaces()) {
      violated("too many namespaces");
    } else {
      if (membership == null) {
        membership = new Membership(packet.namespace());
        memberships.add(membership);
      }
      membership.state = State.ASKED;
      membership.attempt = ++attempts;
      listener.connectRequested(attempts, packet.namespace(), packet.auth());
    }
  }

  private void disconnect(Packet.Disconnect packet, long now) {
    Membership membership = find(packet.namespace());
    if (membership == null) {
      violated("DISCONNECT from a namespace it is not in");
      return;
    }
    memberships.remove(membership);
    armConnectTimeout(now);
    if (membership.state == State.IN) {
      listener.left(packet.namespace());
    }
  }

  private boolean mayPass(Packet packet) {
    Membership membership = find(packet.namespace());
    if (membership == null || membership.state == State.ASKED) {
      violated("a packet for a namespace it is not in");
      return false;
    }
    return membership.state == State.IN;
  }

  private void violated(String what) {
    over = true;
    listener.violated(what);
  }

  private @Nullable Membership find(String namespace) {
    for (Membership membership : memberships) {
      if (membership.namespace.equals(namespace)) {
        return membership;
      }
    }
    return null;
  }

  // ---- what the server decides

  /** The client is let in; false when it no longer asks by this attempt. */
  public boolean accept(int attempt) {
    Membership membership = asking(attempt);
    if (membership == null) {
      return false;
    }
    membership.state = State.IN;
    connectBy = NEVER;
    return true;
  }

  /** The client is not let in; false when it no longer asks by this attempt. */
  public boolean refuse(int attempt) {
    Membership membership = asking(attempt);
    return membership != null && memberships.remove(membership);
  }

  private @Nullable Membership asking(int attempt) {
    for (Membership membership : memberships) {
      if (!over && membership.attempt == attempt && membership.state == State.ASKED) {
        return membership;
      }
    }
    return null;
  }

  /** A refusal was sent: too many of them end the client. */
  public void refused() {
    if (++refusals > limits.maxRefusals() && !over) {
      violated("too many refused CONNECTs");
    }
  }

  /** The server puts the client out of a namespace; false when it is not in it. */
  public boolean putOut(String namespace, long now) {
    Membership membership = find(namespace);
    if (over || membership == null || membership.state != State.IN) {
      return false;
    }
    membership.state = State.PUT_OUT;
    armConnectTimeout(now);
    return true;
  }

  /** Nothing more is to be told. */
  public void end() {
    over = true;
  }

  private void armConnectTimeout(long now) {
    if (connectBy == NEVER && memberships.stream().noneMatch(m -> m.state == State.IN)) {
      connectBy = now + limits.connectTimeout();
    }
  }

  // ---- time

  public void tick(long now) {
    if (over) {
      return;
    }
    if (now >= attachmentsBy) {
      violated("attachments that do not come");
    } else if (now >= connectBy) {
      over = true;
      listener.idled();
    }
  }

  public long nextDeadline() {
    return over ? NEVER : Math.min(connectBy, attachmentsBy);
  }
}
