package kith.turn.world;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import kith.turn.stun.TransportAddress;

/** Someone on the other side of the relay who knows nothing of TURN. */
public final class Peer {
  private final World world;
  private final TransportAddress at;
  private final List<String> heard = new ArrayList<>();
  private final List<byte[]> packets = new ArrayList<>();
  private TransportAddress lastFrom;
  private boolean lastWhole;

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
