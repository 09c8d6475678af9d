package kith.turn.world;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.Random;
import java.util.function.Consumer;
import kith.turn.Credentials;
import kith.turn.stun.AttributeType;
import kith.turn.stun.Integrity;
import kith.turn.stun.MessageClass;
import kith.turn.stun.Method;
import kith.turn.stun.PasswordAlgorithm;
import kith.turn.stun.StunWriter;
import kith.turn.stun.TransactionId;
import kith.turn.stun.TransportAddress;

/** A TURN client that does as it is told, wrong things too. */
public final class Client {
  private final Random random = new Random(7);
  private final Wire wire;
  private final TransportAddress at;
  private final Deque<Reply> replies = new ArrayDeque<>();
  private final List<String> heard = new ArrayList<>();
  private final List<byte[]> frames = new ArrayList<>();
  private String username;
  private String password;
  private String realm = World.REALM;
  private PasswordAlgorithm algorithm = PasswordAlgorithm.MD5;
  private Integrity integrity = Integrity.SHA1;
  private byte[] sha1Key;
  private boolean negotiates;
  private boolean userhash;
  private boolean fingerprints;
  private String nonce;
  private TransactionId nextId;
  private TransactionId lastId;
  private TransportAddress relayed;
  private int attempted;
  private boolean raw;

  public Client(String user, TransportAddress at, Wire wire) {
    this.wire = wire;
    this.at = at;
    this.username = user;
    this.password =
        switch (user) {
          case "alice" -> "wonderland";
          case "bob" -> "builder";
          default -> "nobody knows";
        };
  }

  // Who it is.

  public Client withPassword(String value) {
    password = value;
    return this;
  }

  public Client named(String value) {
    username = value;
    return this;
  }

  /** Uses time-limited credentials that end so many seconds after the world began. */
  public Client untilSecond(long seconds) {
    return untilSecond(seconds, World.SECRET);
  }

  public Client untilSecond(long seconds, String secret) {
    username = Credentials.timeLimitedUsername(username, World.EPOCH_SECONDS + seconds);
    password = Credentials.timeLimitedPassword(secret.getBytes(StandardCharsets.UTF_8), username);
    return this;
  }

  /** Signs with MESSAGE-INTEGRITY-SHA256 and a SHA-256 key, as RFC 8489 negotiates. */
  public Client withSha256() {
    algorithm = PasswordAlgorithm.SHA256;
    integrity = Integrity.SHA256;
    negotiates = true;
    return this;
  }

  /** Signs with this attribute, and negotiates nothing. */
  public Client signingWith(Integrity value) {
    integrity = value;
    return this;
  }

  /** Signs with MESSAGE-INTEGRITY under this key as well (RFC 8489 §9.2). */
  public Client alsoWithSha1(byte[] key) {
    sha1Key = key;
    return this;
  }

  public Client withUserhash() {
    userhash = true;
    return this;
  }

  public Client withFingerprint() {
    fingerprints = true;
    return this;
  }

  public Client inRealm(String value) {
    realm = value;
    return this;
  }

  public Client withNonce(String value) {
    nonce = value;
    return this;
  }

  public String nonce() {
    return nonce;
  }

  /** Sends its next request with this transaction. */
  public Client with(TransactionId id) {
    nextId = id;
    return this;
  }

  /** Sends its next request with the transaction of the one before. */
  public Client again() {
    nextId = lastId;
    return this;
  }

  public byte[] key() {
    return algorithm.key(username, realm, password);
  }

  public TransportAddress address() {
    return at;
  }

  /** Its relayed address, once it allocated. */
  public TransportAddress relayed() {
    return relayed;
  }

  // What it asks.

  public Reply binds() {
    return asks(Method.BINDING, request -> {});
  }

  public Reply allocates() {
    return allocates(request -> {});
  }

  public Reply allocates(Consumer<StunWriter> more) {
    Reply reply =
        asksSigned(
            Method.ALLOCATE,
            request -> {
              request.number(AttributeType.REQUESTED_TRANSPORT, 17 << 24);
              more.accept(request);
            });
    if (reply.isSuccess()) {
      relayed = reply.relayed();
    }
    return reply;
  }

  /** Allocates a relayed address for TCP (RFC 6062). */
  public Reply allocatesTcp() {
    return allocatesTcp(request -> {});
  }

  public Reply allocatesTcp(Consumer<StunWriter> more) {
    Reply reply =
        asksSigned(
            Method.ALLOCATE,
            request -> {
              request.number(AttributeType.REQUESTED_TRANSPORT, 6 << 24);
              more.accept(request);
            });
    if (reply.isSuccess()) {
      relayed = reply.relayed();
    }
    return reply;
  }

  public Reply connects(Peer peer) {
    return connects(peer.address());
  }

  public Reply connects(TransportAddress peer) {
    return asksSigned(
        Method.CONNECT, request -> request.xorAddress(AttributeType.XOR_PEER_ADDRESS, peer));
  }

  /** Asks to connect to a peer that takes its time. */
  public void beginsToConnect(TransportAddress peer) {
    sendsRaw(
        signed(
            Method.CONNECT, request -> request.xorAddress(AttributeType.XOR_PEER_ADDRESS, peer)));
  }

  public Reply bindsConnection(int id) {
    return asksSigned(
        Method.CONNECTION_BIND, request -> request.number(AttributeType.CONNECTION_ID, id));
  }

  /** The answer to a request that was only begun. */
  public Reply isAnswered() {
    Reply reply = replies.poll();
    assertNotNull(reply, "the server has answered");
    return reply;
  }

  /** The CONNECTION-ID of the last ConnectionAttempt it heard of. */
  public int attemptedConnection() {
    return attempted;
  }

  /** Refreshes from where it is now, showing a ticket (RFC 8016). */
  public Reply refreshesWith(byte[] ticket) {
    return asksSigned(
        Method.REFRESH,
        request ->
            request
                .number(AttributeType.LIFETIME, 600)
                .bytes(AttributeType.MOBILITY_TICKET, ticket));
  }

  public Reply refreshes(int seconds) {
    return asksSigned(Method.REFRESH, request -> request.number(AttributeType.LIFETIME, seconds));
  }

  public Reply permits(Peer... peers) {
    return permits(Arrays.stream(peers).map(Peer::address).toArray(TransportAddress[]::new));
  }

  public Reply permits(TransportAddress... peers) {
    return asksSigned(
        Method.CREATE_PERMISSION,
        request ->
            Arrays.asList(peers)
                .forEach(peer -> request.xorAddress(AttributeType.XOR_PEER_ADDRESS, peer)));
  }

  public Reply bindsChannel(int number, Peer peer) {
    return bindsChannel(number, peer.address());
  }

  public Reply bindsChannel(int number, TransportAddress peer) {
    return asksSigned(
        Method.CHANNEL_BIND,
        request ->
            request
                .number(AttributeType.CHANNEL_NUMBER, number << 16)
                .xorAddress(AttributeType.XOR_PEER_ADDRESS, peer));
  }

  /** A request without credentials. */
  public Reply asks(int method, Consumer<StunWriter> attributes) {
    StunWriter request = StunWriter.of(MessageClass.REQUEST, method, newId());
    attributes.accept(request);
    if (fingerprints) {
      request.fingerprint();
    }
    return sends(request.finish());
  }

  /** A signed request; learns the nonce first if it has none. */
  public Reply asksSigned(int method, Consumer<StunWriter> attributes) {
    if (nonce == null) {
      TransactionId keep = nextId;
      nextId = null;
      nonce = asks(Method.ALLOCATE, request -> {}).nonce();
      nextId = keep;
    }
    return sends(signed(method, attributes));
  }

  /** Takes up the nonce that a reply brought. */
  public Client learnsNonce(Reply from) {
    nonce = from.nonce();
    return this;
  }

  public byte[] signed(int method, Consumer<StunWriter> attributes) {
    StunWriter request = StunWriter.of(MessageClass.REQUEST, method, newId());
    attributes.accept(request);
    if (userhash) {
      request.bytes(AttributeType.USERHASH, PasswordAlgorithm.userhash(username, realm));
    } else {
      request.text(AttributeType.USERNAME, username);
    }
    request.text(AttributeType.REALM, realm).text(AttributeType.NONCE, nonce);
    if (negotiates) {
      request.bytes(AttributeType.PASSWORD_ALGORITHMS, PasswordAlgorithm.offered());
      request.number(AttributeType.PASSWORD_ALGORITHM, algorithm.code() << 16);
    }
    if (sha1Key != null) {
      request.integrity(Integrity.SHA1, sha1Key);
    }
    request.integrity(integrity, key());
    if (fingerprints) {
      request.fingerprint();
    }
    return request.finish();
  }

  private TransactionId newId() {
    lastId = nextId != null ? nextId : new TransactionId(random.nextInt(), random.nextLong());
    nextId = null;
    return lastId;
  }

  /** Sends these bytes and returns what was answered. */
  public Reply sends(byte[] bytes) {
    sendsRaw(bytes);
    while (replies.isEmpty() && wire.await(this)) {
      // Data may come between.
    }
    Reply reply = replies.poll();
    assertNotNull(reply, "the server answers");
    assertEquals(lastId, reply.message().transactionId(), "the transaction that is answered");
    return reply;
  }

  /** Sends a request that was made elsewhere. */
  public Reply repeats(byte[] request) {
    lastId = new Reply(request).message().transactionId();
    Reply reply = sends(request);
    if (reply.has(AttributeType.XOR_RELAYED_ADDRESS)) {
      relayed = reply.relayed();
    }
    return reply;
  }

  /** Sends these bytes, which the server need not answer. */
  public void sendsRaw(byte[] bytes) {
    wire.send(bytes);
  }

  public void isNotAnswered() {
    assertEquals(0, replies.size(), "replies");
  }

  // What it relays.

  public void sends(String text, Peer to) {
    sends(text, to.address());
  }

  public void sends(String text, TransportAddress to) {
    sendsIndication(text, to, indication -> {});
  }

  public void sendsIndication(String text, TransportAddress to, Consumer<StunWriter> more) {
    StunWriter indication =
        StunWriter.of(MessageClass.INDICATION, Method.SEND, newId(), text.length() * 3)
            .xorAddress(AttributeType.XOR_PEER_ADDRESS, to)
            .text(AttributeType.DATA, text);
    more.accept(indication);
    sendsRaw(indication.finish());
  }

  public void sendsOnChannel(int number, String text) {
    byte[] data = text.getBytes(StandardCharsets.UTF_8);
    sendsRaw(channelData(number, data.length, data));
  }

  /** ChannelData that says it has {@code length} bytes, and has these. */
  public static byte[] channelData(int number, int length, byte[] data) {
    return ByteBuffer.allocate(4 + data.length)
        .putShort((short) number)
        .putShort((short) length)
        .put(data)
        .array();
  }

  // What it gets.

  public void received(byte[] bytes) {
    frames.add(bytes);
    if (raw) {
      heard.add(new String(bytes, StandardCharsets.UTF_8));
      return;
    }
    int type = ByteBuffer.wrap(bytes).getShort() & 0xFFFF;
    if ((type & 0xC000) == 0x4000) {
      int length = ByteBuffer.wrap(bytes).getShort(2) & 0xFFFF;
      heard.add(
          Integer.toHexString(type) + " " + new String(bytes, 4, length, StandardCharsets.UTF_8));
    } else if (MessageClass.of(type) == MessageClass.INDICATION) {
      indicated(new Reply(bytes));
    } else {
      replies.add(new Reply(bytes));
    }
  }

  private void indicated(Reply indication) {
    if (indication.has(AttributeType.CONNECTION_ID)) {
      attempted = indication.number(AttributeType.CONNECTION_ID);
      heard.add(indication.peer() + " connects");
    } else if (indication.has(AttributeType.ICMP)) {
      heard.add(indication.peer() + " icmp " + indication.icmp());
    } else {
      heard.add(indication.peer() + " " + indication.data());
    }
  }

  /** From now on what comes are bytes of a peer's, as they are (RFC 6062 §5.4). */
  public void isJoined() {
    raw = true;
  }

  /** Sends bytes as they are over a connection that is joined with a peer's. */
  public void says(String text) {
    sendsRaw(text.getBytes(StandardCharsets.UTF_8));
  }

  /**
   * All it heard since it was asked last: {@code "4000 text"} on a channel, {@code
   * "203.0.113.5:7000 text"} in a Data indication.
   */
  public void hears(String... texts) {
    while (heard.size() < texts.length && wire.await(this)) {
      // Replies may come between.
    }
    assertEquals(List.of(texts), List.copyOf(heard), "what " + username + " hears");
    heard.clear();
  }

  public void hearsNothing() {
    hears();
  }

  /** The last packet it got, whatever it was. */
  public byte[] lastFrame() {
    return frames.getLast();
  }

  public void disconnects() {
    wire.disconnect();
  }
}
