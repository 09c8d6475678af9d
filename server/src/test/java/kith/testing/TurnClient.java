package kith.testing;

import static java.nio.charset.StandardCharsets.UTF_8;
import static kith.turn.stun.AttributeType.ERROR_CODE;
import static kith.turn.stun.AttributeType.LIFETIME;
import static kith.turn.stun.AttributeType.NONCE;
import static kith.turn.stun.AttributeType.REALM;
import static kith.turn.stun.AttributeType.REQUESTED_TRANSPORT;
import static kith.turn.stun.AttributeType.USERNAME;
import static kith.turn.stun.AttributeType.XOR_PEER_ADDRESS;
import static kith.turn.stun.AttributeType.XOR_RELAYED_ADDRESS;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import kith.turn.Credentials;
import kith.turn.stun.Integrity;
import kith.turn.stun.MessageClass;
import kith.turn.stun.Method;
import kith.turn.stun.PasswordAlgorithm;
import kith.turn.stun.StunMessage;
import kith.turn.stun.StunWriter;
import kith.turn.stun.TransactionId;
import kith.turn.stun.TransportAddress;
import kith.turn.stun.XorAddress;

/** A client of a relay, over UDP: as much of TURN as tests of the server need. */
public final class TurnClient implements AutoCloseable {
  private static final int PATIENCE_MILLIS = 10_000;
  private static final int UDP = 17 << 24;
  private static final Pattern UDP_URL = Pattern.compile("turn:([^?]+):(\\d+)\\?transport=udp");

  private final DatagramSocket socket;
  private final Random random = new Random();
  private final String username;
  private final String password;
  private String realm = "";
  private String nonce = "";
  private TransportAddress relayed;

  private TurnClient(InetSocketAddress relay, String username, String password) {
    this.username = username;
    this.password = password;
    try {
      this.socket = new DatagramSocket(0, relay.getAddress());
      socket.setSoTimeout(PATIENCE_MILLIS);
      socket.connect(relay);
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  /** Comes with the address and the credentials that the server gives this person. */
  public static TurnClient of(Person person) {
    return of(person.gets("/api/ice-servers").isOk());
  }

  /**
   * @param iceServers what a server answered
   */
  public static TurnClient of(Reply iceServers) {
    return of(iceServers, relay(iceServers));
  }

  /** Comes with these credentials to the relay by another address. */
  public static TurnClient of(Reply iceServers, InetSocketAddress relay) {
    Map<?, ?> turn = turn(iceServers);
    return new TurnClient(relay, (String) turn.get("username"), (String) turn.get("credential"));
  }

  /** Comes to the same relay with credentials signed by this secret. */
  public static TurnClient signedBy(String secret, Reply iceServers) {
    String name = Credentials.timeLimitedUsername("someone", Instant.now().getEpochSecond() + 3600);
    return new TurnClient(relay(iceServers), name, passwordOf(secret, name));
  }

  /** The password of this name under that secret. */
  public static String passwordOf(String secret, String username) {
    return Credentials.timeLimitedPassword(secret.getBytes(UTF_8), username);
  }

  public String username() {
    return username;
  }

  public String password() {
    return password;
  }

  /** Where clients are told the relay is, over UDP. */
  public static InetSocketAddress relay(Reply iceServers) {
    Matcher url = UDP_URL.matcher(turn(iceServers).get("urls").toString());
    assertTrue(url.find(), () -> "a URL of the relay in " + iceServers.body());
    return new InetSocketAddress(
        InetAddress.ofLiteral(url.group(1)), Integer.parseInt(url.group(2)));
  }

  private static Map<?, ?> turn(Reply iceServers) {
    List<?> servers = iceServers.list("iceServers");
    return (Map<?, ?>) servers.get(servers.size() - 1);
  }

  public TurnClient allocates() {
    assertEquals(0, allocation(), "the error code");
    return this;
  }

  public void isRefusedAnAllocation(int code) {
    assertEquals(code, allocation(), "the error code");
  }

  private int allocation() {
    Consumer<StunWriter> wish = request -> request.number(REQUESTED_TRANSPORT, UDP);
    StunMessage challenge = ask(request(Method.ALLOCATE, wish));
    realm = challenge.text(REALM, 1000);
    nonce = challenge.text(NONCE, 1000);
    StunMessage answer = ask(signed(Method.ALLOCATE, wish));
    XorAddress address = new XorAddress();
    if (answer.has(XOR_RELAYED_ADDRESS) && address.read(answer, answer.find(XOR_RELAYED_ADDRESS))) {
      relayed = address.toAddress();
    }
    return error(answer);
  }

  /** What the relay says its relayed address is, once it allocated. */
  public TransportAddress relayed() {
    return Objects.requireNonNull(relayed);
  }

  public void refreshes(int seconds) {
    byte[] request = signed(Method.REFRESH, writer -> writer.number(LIFETIME, seconds));
    assertEquals(0, error(ask(request)), "the error code");
  }

  /** The error code to the wish to reach this peer, 0 if it is granted. */
  public int permission(String peer) {
    TransportAddress address = TransportAddress.of(InetAddress.ofLiteral(peer), 5000);
    return error(
        ask(
            signed(
                Method.CREATE_PERMISSION, writer -> writer.xorAddress(XOR_PEER_ADDRESS, address))));
  }

  private StunWriter request(int method, Consumer<StunWriter> attributes) {
    TransactionId id = new TransactionId(random.nextInt(), random.nextLong());
    StunWriter writer = StunWriter.of(MessageClass.REQUEST, method, id);
    attributes.accept(writer);
    return writer;
  }

  private byte[] signed(int method, Consumer<StunWriter> attributes) {
    byte[] key = PasswordAlgorithm.MD5.key(username, realm, password);
    return request(method, attributes)
        .text(USERNAME, username)
        .text(REALM, realm)
        .text(NONCE, nonce)
        .integrity(Integrity.SHA1, key)
        .finish();
  }

  private StunMessage ask(StunWriter request) {
    return ask(request.finish());
  }

  private StunMessage ask(byte[] request) {
    try {
      socket.send(new DatagramPacket(request, request.length));
      DatagramPacket answer = new DatagramPacket(new byte[1500], 1500);
      socket.receive(answer);
      StunMessage message = new StunMessage();
      assertTrue(message.read(ByteBuffer.wrap(answer.getData()), 0, answer.getLength()));
      return message;
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  private static int error(StunMessage answer) {
    int value = answer.find(ERROR_CODE);
    return value < 0 ? 0 : answer.byteAt(value + 2) * 100 + answer.byteAt(value + 3);
  }

  @Override
  public void close() {
    socket.close();
  }
}
