package kith.turn;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import kith.turn.stun.AttributeType;
import kith.turn.stun.Integrity;
import kith.turn.stun.Method;
import kith.turn.stun.PasswordAlgorithm;
import kith.turn.stun.StunMessage;
import kith.turn.stun.TransportAddress;
import kith.turn.stun.XorAddress;
import kith.turn.world.Client;
import kith.turn.world.Peer;
import kith.turn.world.Reply;
import kith.turn.world.World;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * What real browsers send, captured on its way to a {@link World} at its beginning, with alice's
 * credentials and a peer at 203.0.113.5:7000: the packets are good for that world's nonces alone.
 */
class BrowsersTest {
  private static final byte[] KEY = PasswordAlgorithm.MD5.key("alice", World.REALM, "wonderland");

  enum Browser {
    CHROMIUM(600),
    FIREFOX(3600);

    /** Seconds it gets: Firefox asks for an hour, Chromium for no time in particular. */
    private final int lifetime;

    Browser(int lifetime) {
      this.lifetime = lifetime;
    }

    /** Its packets by name, in the order it sent them. */
    private Map<String, byte[]> packets() throws IOException {
      String file = "/kith/turn/browsers/" + name().toLowerCase(Locale.ROOT) + ".txt";
      Map<String, byte[]> packets = new LinkedHashMap<>();
      try (InputStream in = BrowsersTest.class.getResourceAsStream(file)) {
        assertNotNull(in, file);
        new String(in.readAllBytes(), StandardCharsets.UTF_8)
            .lines()
            .filter(line -> !line.startsWith("#"))
            .map(line -> line.split(" "))
            .forEach(words -> packets.put(words[0], HexFormat.of().parseHex(words[1])));
      }
      return packets;
    }

    byte[] packet(String name) throws IOException {
      byte[] packet = packets().get(name);
      assertNotNull(packet, () -> this + " sent no " + name);
      return packet;
    }
  }

  private final World world = new World();
  private final Client alice = world.client("alice");
  private final Peer peer = world.peer("203.0.113.5", 7000);

  private Reply sends(Browser browser, String packet) throws IOException {
    return alice.repeats(browser.packet(packet));
  }

  private static StunMessage read(byte[] bytes) {
    StunMessage message = new StunMessage();
    assertTrue(message.read(ByteBuffer.wrap(bytes), 0, bytes.length), "well-formed");
    return message;
  }

  @ParameterizedTest
  @EnumSource
  void aBindingRequestIsAnsweredWithTheAddressItCameFrom(Browser browser) throws IOException {
    assertEquals(alice.address(), sends(browser, "binding").succeeds().mapped());
  }

  @ParameterizedTest
  @EnumSource
  void theFirstAllocateIsToldRealmAndNonce(Browser browser) throws IOException {
    Reply reply = sends(browser, "allocate").isRefused(401);
    assertEquals(World.REALM, reply.text(AttributeType.REALM));
    assertTrue(reply.has(AttributeType.NONCE));
    assertTrue(reply.isUnsigned());
  }

  @ParameterizedTest
  @EnumSource
  void theSignedAllocateGetsARelayedAddress(Browser browser) throws IOException {
    Reply reply = sends(browser, "allocate-signed").succeeds();
    assertTrue(reply.relayed().sameHost(World.address("192.0.2.15", 0)));
    assertEquals(browser.lifetime, reply.lifetime());
    assertTrue(reply.isSigned(Integrity.SHA1, KEY));
  }

  @ParameterizedTest
  @EnumSource
  void theNonceIsForItsHostAlone(Browser browser) throws IOException {
    Client other = world.client("alice", Transport.UDP, World.address("198.51.100.99", 5000));
    other.repeats(browser.packet("allocate-signed")).isRefused(438);
  }

  @ParameterizedTest
  @EnumSource
  void eachSignedRequestCarriesTheUsersIntegrity(Browser browser) throws IOException {
    for (String name : List.of("allocate-signed", "create-permission", "refresh")) {
      assertTrue(Integrity.SHA1.matches(read(browser.packet(name)), KEY), name);
    }
  }

  @ParameterizedTest
  @EnumSource
  void checksReachThePeerOnceItIsPermitted(Browser browser) throws IOException {
    sends(browser, "allocate-signed").succeeds();
    alice.sendsRaw(browser.packet("send"));
    assertEquals(0, peer.packets().size(), "before the permission");

    sends(browser, "create-permission").succeeds();
    alice.sendsRaw(browser.packet("send"));

    StunMessage check = read(peer.packets().getFirst());
    assertEquals(Method.BINDING, check.method());
    assertTrue(check.hasFingerprint());
    assertEquals(peer.address(), peerOf(read(browser.packet("create-permission"))));
  }

  private static TransportAddress peerOf(StunMessage message) {
    XorAddress address = new XorAddress();
    assertTrue(address.read(message, message.find(AttributeType.XOR_PEER_ADDRESS)));
    return address.toAddress();
  }

  @ParameterizedTest
  @EnumSource
  void closingTheConnectionGivesTheAllocationBack(Browser browser) throws IOException {
    sends(browser, "allocate-signed").succeeds();
    assertEquals(1, world.openSockets());
    assertEquals(0, sends(browser, "refresh").succeeds().lifetime());
    assertEquals(0, world.openSockets());
  }

  @ParameterizedTest
  @EnumSource(names = "CHROMIUM") // Firefox binds no channels
  void dataGoesThroughTheChannelOnceItIsBound(Browser browser) throws IOException {
    sends(browser, "allocate-signed").succeeds();
    sends(browser, "channel-bind").succeeds();
    byte[] framed = browser.packet("channel-data");
    alice.sendsRaw(framed);

    int length = ByteBuffer.wrap(framed).getShort(2);
    assertEquals(ByteBuffer.wrap(framed, 4, length), ByteBuffer.wrap(peer.packets().getFirst()));
    peer.sends("back", alice.relayed());
    alice.hears("4000 back");
  }
}
