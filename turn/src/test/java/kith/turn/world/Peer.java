package kith.turn.world;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import kith.turn.PeerConnection;
import kith.turn.stun.TransportAddress;

/** Someone on the other side of the relay who knows nothing of TURN. */
public final class Peer {
  private final World world;
  private final TransportAddress at;
  private final List<String> heard = new ArrayList<>();
  private final List<byte[]> packets = new ArrayList<>();
  private TransportAddress lastFrom;
  private boolean lastWhole;
  private Welcome welcome = Welcome.SILENT;
  private PeerConnection connection;

  /** What becomes of a TCP connection to it. */
  enum Welcome {
    SILENT,
    ACCEPTING,
    REFUSING
  }

  Peer(World world, TransportAddress at) {
    this.world = world;
    this.at = at;
  }

  public TransportAddress address() {
    return at;
  }

  void received(TransportAddress from, byte[] bytes, boolean dontFragment) {
    heard.add(new String(bytes, StandardCharsets.UTF_8));
    packets.add(bytes);
    lastFrom = from;
    lastWhole = dontFragment;
  }

  public void sends(String text, TransportAddress to) {
    sends(text.getBytes(StandardCharsets.UTF_8), to);
  }

  public void sends(byte[] bytes, TransportAddress to) {
    world.fromPeer(at, to, bytes);
  }

  // TCP

  public Peer acceptsConnections() {
    welcome = Welcome.ACCEPTING;
    return this;
  }

  public Peer refusesConnections() {
    welcome = Welcome.REFUSING;
    return this;
  }

  Welcome welcome() {
    return welcome;
  }

  /** Connects to a relayed address. */
  public void connectsTo(TransportAddress relayed) {
    connection = world.connects(this, relayed);
  }

  void connected(PeerConnection made) {
    connection = made;
  }

  void hungUp() {
    connection = null;
  }

  public boolean isConnected() {
    return connection != null;
  }

  /** Sends over its connection. */
  public void says(String text) {
    world.fromConnection(connection, text.getBytes(StandardCharsets.UTF_8));
  }

  public void hangsUp() {
    world.hangsUp(connection);
  }

  /** All it heard since it was asked last was this. */
  public void hears(String... texts) {
    assertEquals(List.of(texts), List.copyOf(heard), "what " + at + " hears");
    heard.clear();
  }

  public void hearsNothing() {
    hears();
  }

  public TransportAddress lastFrom() {
    return lastFrom;
  }

  public boolean lastWasNotToBeFragmented() {
    return lastWhole;
  }

  public List<byte[]> packets() {
    return packets;
  }
}
