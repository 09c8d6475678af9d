package kith.turn;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import kith.turn.Counters.Count;
import kith.turn.stun.AttributeType;
import kith.turn.stun.Integrity;
import kith.turn.stun.MessageClass;
import kith.turn.stun.Method;
import kith.turn.stun.PasswordAlgorithm;
import kith.turn.stun.StunWriter;
import kith.turn.stun.TransactionId;
import kith.turn.stun.TransportAddress;
import kith.turn.world.Client;
import kith.turn.world.Reply;
import kith.turn.world.World;
import org.junit.jupiter.api.Test;

/** RFC 8489, in the order of its sections. */
class StunTest {
  private final World world = new World();
  private final Client alice = world.client("alice");

  // §6.3 Receiving a STUN message

  @Test
  void aBindingRequestIsAnsweredWithTheClientsOwnAddress() {
    assertEquals(alice.address(), alice.binds().succeeds().mapped());
  }

  @Test
  void aClientOverIpv6LearnsItsIpv6Address() {
    Client six = world.client("alice", Transport.UDP, World.address("2001:db8::7", 5000));
    assertEquals(six.address(), six.binds().succeeds().mapped());
  }

  @Test
  void aBindingReplyIsNoLargerThanItMustBe() {
    assertEquals(20 + 12, alice.binds().size());
  }

  @Test
  void indicationsAndResponsesAreNotAnswered() {
    for (int type : List.of(MessageClass.INDICATION, MessageClass.SUCCESS, MessageClass.ERROR)) {
      alice.sendsRaw(StunWriter.of(type, Method.BINDING, new TransactionId(1, 2)).finish());
    }
    alice.isNotAnswered();
  }

  @Test
  void aMethodNobodyKnowsIsNotAnswered() {
    alice.sendsRaw(StunWriter.of(MessageClass.REQUEST, 0x0123, new TransactionId(1, 2)).finish());
    alice.isNotAnswered();
    assertEquals(1, world.count(Count.DROPPED_MALFORMED));
  }

  // §6.3.1 Unknown attributes

  @Test
  void anAttributeThatMustBeUnderstoodAndIsNotIsNamed() {
    Reply reply =
        alice.asks(
            Method.BINDING,
            request -> request.number(0x7001, 1).number(0x7002, 2).number(0x7001, 3));
    assertEquals(List.of(0x7001, 0x7002), reply.isRefused(420).unknownAttributes());
  }

  @Test
  void anOptionalAttributeNobodyKnowsIsIgnored() {
    alice.asks(Method.BINDING, request -> request.number(0xFFF0, 1)).succeeds();
  }

  @Test
  void unknownAttributesAreLookedAtAfterAuthentication() {
    alice.asks(Method.ALLOCATE, request -> request.number(0x7001, 1)).isRefused(401);
    alice.allocates(request -> request.number(0x7001, 1)).isRefused(420);
  }

  @Test
  void aBindingRequestMayCarryWhatBelongsToCredentials() {
    alice
        .asks(
            Method.BINDING,
            request ->
                request
                    .bytes(AttributeType.USERHASH, new byte[32])
                    .number(AttributeType.PASSWORD_ALGORITHM, 0x0002_0000))
        .succeeds();
  }

  // §7 FINGERPRINT

  @Test
  void aReplyHasAFingerprintIfTheRequestHadOne() {
    assertFalse(alice.binds().hasFingerprint());
    assertTrue(alice.withFingerprint().binds().hasFingerprint());
  }

  @Test
  void aWrongFingerprintIsNotAnswered() {
    byte[] request =
        StunWriter.of(MessageClass.REQUEST, Method.BINDING, new TransactionId(1, 2))
            .fingerprint()
            .finish();
    request[request.length - 1] ^= 1;
    alice.sendsRaw(request);
    alice.isNotAnswered();
  }

  // §9.2.4 Long-term credentials: receiving a request

  @Test
  void aRequestWithoutCredentialsIsChallenged() {
    Reply reply = alice.asks(Method.ALLOCATE, request -> {}).isRefused(401);
    assertEquals(World.REALM, reply.text(AttributeType.REALM));
    assertArrayEquals(PasswordAlgorithm.offered(), reply.value(AttributeType.PASSWORD_ALGORITHMS));
    assertTrue(reply.isUnsigned());
  }

  @Test
  void theNonceSaysWhichSecurityFeaturesThereAre() {
    World ofUsers = new World(World.Setup::secrets);
    String nonce = ofUsers.client("alice").asks(Method.ALLOCATE, request -> {}).nonce();
    assertTrue(nonce.startsWith("obMatJos2" + "wAAA"), nonce);
  }

  /** A client that hid its name behind a hash could not be told from the others who have one. */
  @Test
  void whereSomeNamesAreTimeLimitedNobodyIsToldToHideTheirs() {
    String nonce = alice.asks(Method.ALLOCATE, request -> {}).nonce();
    assertTrue(nonce.startsWith("obMatJos2" + "gAAA"), nonce);
    alice.withSha256().withUserhash().allocates().succeeds();
  }

  @Test
  void everyNonceIsDifferentForEveryHostPortAndSecond() {
    String first = alice.asks(Method.ALLOCATE, request -> {}).nonce();
    TransportAddress here = alice.address();
    for (TransportAddress other :
        List.of(World.address("198.51.100.99", here.port()), here.withPort(here.port() + 1))) {
      Client elsewhere = world.client("alice", Transport.UDP, other);
      assertNotEquals(first, elsewhere.asks(Method.ALLOCATE, request -> {}).nonce());
    }
    world.after(1, TimeUnit.SECONDS);
    assertNotEquals(first, alice.asks(Method.ALLOCATE, request -> {}).nonce());
  }

  @Test
  void aSignedRequestWithoutUsernameRealmOrNonceIsBad() {
    for (int missing : List.of(AttributeType.USERNAME, AttributeType.REALM, AttributeType.NONCE)) {
      Reply reply =
          alice.asks(
              Method.ALLOCATE,
              request -> {
                for (int present :
                    List.of(AttributeType.USERNAME, AttributeType.REALM, AttributeType.NONCE)) {
                  if (present != missing) {
                    request.text(present, "x");
                  }
                }
                request.integrity(Integrity.SHA1, alice.key());
              });
      reply.isRefused(400);
    }
  }

  @Test
  void aKnownUserWithTheRightPasswordIsLetIn() {
    Reply reply = alice.allocates().succeeds();
    assertTrue(reply.isSigned(Integrity.SHA1, alice.key()));
  }

  @Test
  void aWrongPasswordIsChallengedAgain() {
    assertTrue(alice.withPassword("wrong").allocates().isRefused(401).isUnsigned());
  }

  @Test
  void anUnknownUserIsChallengedAgain() {
    world.client("mallory").allocates().isRefused(401);
  }

  @Test
  void anotherRealmIsChallengedAgain() {
    alice.inRealm("elsewhere.org").allocates().isRefused(401);
  }

  @Test
  void sha256IsAnsweredWithSha256() {
    Reply reply = alice.withSha256().allocates().succeeds();
    assertTrue(reply.isSigned(Integrity.SHA256, alice.key()));
  }

  @Test
  void whoNegotiatesAnAlgorithmIsAnsweredWithSha256WhateverItSignsWith() {
    Reply reply =
        alice
            .allocates(
                request ->
                    request
                        .bytes(AttributeType.PASSWORD_ALGORITHMS, PasswordAlgorithm.offered())
                        .number(AttributeType.PASSWORD_ALGORITHM, 0x0001_0000))
            .succeeds();
    assertTrue(reply.isSigned(Integrity.SHA256, alice.key()));
  }

  @Test
  void whoNegotiatesNoneIsAnsweredWithSha1WhateverItSignsWith() {
    Reply reply = alice.signingWith(Integrity.SHA256).allocates().succeeds();
    assertTrue(reply.isSigned(Integrity.SHA1, alice.key()));
  }

  /** §14.6: it may be where the usage says so, and TURN does not. */
  @Test
  void aSha256SignatureMayNotBeTruncated() throws GeneralSecurityException {
    alice.withSha256().learnsNonce(alice.asks(Method.ALLOCATE, request -> {}));
    for (int length : List.of(12, 16, 18, 28)) {
      alice.sends(truncated(length)).isRefused(401);
    }
    alice.sends(truncated(32)).succeeds();
  }

  /**
   * A signed Allocate request whose HMAC has so many bytes, computed over the length that the
   * message then has.
   */
  private byte[] truncated(int length) throws GeneralSecurityException {
    byte[] whole =
        alice.signed(
            Method.ALLOCATE,
            request -> request.number(AttributeType.REQUESTED_TRANSPORT, 17 << 24));
    int attribute = whole.length - 36;
    int padded = (length + 3) & ~3;
    ByteBuffer message = ByteBuffer.wrap(Arrays.copyOf(whole, attribute + 4 + padded));
    message.putShort(2, (short) (message.capacity() - 20)).putShort(attribute + 2, (short) length);
    Mac mac = Mac.getInstance("HmacSHA256");
    mac.init(new SecretKeySpec(alice.key(), "HmacSHA256"));
    mac.update(message.array(), 0, attribute);
    message.put(attribute + 4, mac.doFinal(), 0, length);
    return message.array();
  }

  @Test
  void ofTwoSignaturesTheStrongerCounts() {
    byte[] key = alice.withSha256().key();
    Reply reply = alice.alsoWithSha1(key).allocates().succeeds();
    assertTrue(reply.isSigned(Integrity.SHA256, key));
    byte[] wrong = new byte[32];
    world.client("alice").withSha256().alsoWithSha1(wrong).allocates().succeeds();
    world
        .client("alice")
        .withPassword("wrong")
        .withSha256()
        .alsoWithSha1(key)
        .allocates()
        .isRefused(401);
  }

  @Test
  void aUserMayHideBehindAHash() {
    alice.withSha256().withUserhash().allocates().succeeds();
  }

  @Test
  void aHashOfNobodyIsChallengedAgain() {
    world.client("mallory").withSha256().withUserhash().allocates().isRefused(401);
  }

  @Test
  void anAlgorithmThatWasNotOfferedIsBad() {
    alice.learnsNonce(alice.asks(Method.ALLOCATE, request -> {}));
    bidDown(
        request ->
            request
                .bytes(AttributeType.PASSWORD_ALGORITHMS, new byte[] {0, 1, 0, 0})
                .number(AttributeType.PASSWORD_ALGORITHM, 0x0001_0000));
    bidDown(request -> request.number(AttributeType.PASSWORD_ALGORITHM, 0x0001_0000));
    bidDown(
        request -> request.bytes(AttributeType.PASSWORD_ALGORITHMS, PasswordAlgorithm.offered()));
    bidDown(
        request ->
            request
                .bytes(AttributeType.PASSWORD_ALGORITHMS, PasswordAlgorithm.offered())
                .number(AttributeType.PASSWORD_ALGORITHM, 0x0007_0000));
  }

  /** Someone in the middle took the stronger algorithm from the list. */
  private void bidDown(Consumer<StunWriter> attributes) {
    alice.allocates(attributes).isRefused(400);
  }

  @Test
  void md5MayBeChosenInTheNegotiationToo() {
    alice
        .allocates(
            request ->
                request
                    .bytes(AttributeType.PASSWORD_ALGORITHMS, PasswordAlgorithm.offered())
                    .number(AttributeType.PASSWORD_ALGORITHM, 0x0001_0000))
        .succeeds();
  }

  @Test
  void anOldNonceIsStaleAndTheNewOneWorks() {
    alice.allocates().succeeds();
    world.at(59, TimeUnit.MINUTES);
    alice.refreshes(600).isRefused(437);
    world.at(60, TimeUnit.MINUTES);
    Reply stale = alice.refreshes(600).isRefused(438);
    assertTrue(stale.isUnsigned());
    assertEquals(World.REALM, stale.text(AttributeType.REALM));
    alice.learnsNonce(stale).allocates().succeeds();
  }

  @Test
  void aNonceMadeUpIsStale() {
    alice.withNonce("obMatJos2wAAAAAAAAAAAAAAAAAAA").allocates().isRefused(438);
    alice.withNonce("anything").allocates().isRefused(438);
    alice.withNonce("").allocates().isRefused(438);
  }

  @Test
  void aNonceOfAnotherHostIsStale() {
    String nonce = alice.asks(Method.ALLOCATE, request -> {}).nonce();
    Client thief = world.client("alice", Transport.UDP, World.address("198.51.100.66", 1000));
    thief.withNonce(nonce).allocates().isRefused(438);
  }

  // Time-limited credentials

  @Test
  void timeLimitedCredentialsWorkUntilTheyExpire() {
    Client carol = world.client("carol").untilSecond(300);
    carol.allocates().succeeds();
    world.at(299, TimeUnit.SECONDS);
    carol.refreshes(600).succeeds();
    world.at(300, TimeUnit.SECONDS);
    carol.refreshes(600).isRefused(401);
  }

  @Test
  void anyOfSeveralSecretsWillDo() {
    World rotating = new World(setup -> setup.secrets("new secret", "old secret"));
    rotating.client("carol").untilSecond(60, "old secret").allocates().succeeds();
    rotating.client("carol").untilSecond(60, "new secret").allocates().succeeds();
    rotating.client("carol").untilSecond(60, "no secret").allocates().isRefused(401);
  }

  @Test
  void anExpiryAloneIsANameToo() {
    String name = "" + (World.EPOCH_SECONDS + 60);
    Client anyone = world.client(name).named(name);
    String password =
        Credentials.timeLimitedPassword(World.SECRET.getBytes(StandardCharsets.UTF_8), name);
    anyone.withPassword("wrong").allocates().isRefused(401);
    anyone.withPassword(password).allocates().succeeds();
    world.at(60, TimeUnit.SECONDS);
    anyone.refreshes(600).isRefused(401);
  }

  @Test
  void anExpiryThatIsNoNumberIsNobody() {
    for (String name :
        List.of(
            "soon:carol",
            ":carol",
            "-1:carol",
            "99999999999999999999:carol",
            "carol",
            "1 :x",
            "")) {
      world.client("carol").named(name).withPassword("").allocates().isRefused(401);
    }
  }
}
