package kith.signaling;

import static kith.testing.RawClient.patiently;
import static kith.testing.RawClient.with;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;
import kith.auth.Identities.Identity;
import kith.auth.SessionId;
import kith.auth.TokenRefused;
import kith.auth.User;
import kith.auth.UserId;
import kith.call.CallSettings;
import kith.call.running.CallHistory;
import kith.call.running.Calls;
import kith.call.running.OneCircle;
import kith.call.running.Presence;
import kith.database.Database;
import kith.database.DatabaseKind;
import kith.relay.IceServers;
import kith.socketio.SocketIoServer;
import kith.socketio.vertx.VertxSocketIo;
import kith.testing.RawClient;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The whole of it over real sockets, on real threads and databases. */
class SignalingOverSocketsTest {
  private static final IceServers NO_RELAY =
      (user, base) -> List.of(Map.of("urls", List.of("stun:x")));
  private static final SessionId SIGN_IN = new SessionId("sign-in");
  private static final int ROUNDS = 40;

  @TempDir Path folder;
  private final List<AutoCloseable> open = new ArrayList<>();
  private final Vertx vertx = Vertx.vertx();
  private final AtomicBoolean bobSignedOut = new AtomicBoolean();
  private Database database;
  private ConnectedDevices devices;
  private Signaling signaling;
  private Presence presence;
  private int port;

  @BeforeEach
  void start() {
    start(DatabaseKind.SQLITE);
  }

  private void start(DatabaseKind kind) {
    database = kind.open(folder);
    var circle = new OneCircle();
    Stream.of("alice", "bob", "carol").map(UserId::new).forEach(circle::join);
    devices = new ConnectedDevices(NO_RELAY);
    var calls = new Calls(CallSettings.DEFAULTS, circle, devices, database, InstantSource.system());
    presence = new Presence(devices, calls);
    SocketIoServer server = SocketIoServer.builder().limits(Signaling.limits()).build();
    signaling =
        new Signaling(
            server,
            this::check,
            devices,
            calls,
            presence,
            circle,
            handshake -> Optional.empty(),
            InstantSource.system());
    var options = VertxSocketIo.configure(new HttpServerOptions(), Signaling.limits());
    HttpServer http =
        vertx
            .createHttpServer(options)
            .requestHandler(VertxSocketIo.create(vertx, server))
            .listen(0, "127.0.0.1")
            .await();
    port = http.actualPort();
    open.addAll(List.of(database, calls, signaling, () -> http.close().await()));
  }

  @AfterEach
  void stop() throws Exception {
    for (AutoCloseable one : open.reversed()) {
      one.close();
    }
    vertx.close().await();
  }

  /** A token is the name of its user here, and for how long it is good. */
  private Identity check(String token) throws TokenRefused {
    if (token.equals("bob's last")) {
      return lastOfBob();
    }
    if (token.startsWith("old ")) {
      throw new TokenRefused(TokenRefused.Code.TOKEN_EXPIRED, "the token has expired");
    }
    if (!List.of("alice", "bob", "carol").contains(token)) {
      throw new TokenRefused(TokenRefused.Code.TOKEN_INVALID, "no such token");
    }
    return identity(token, Optional.empty());
  }

  /** Its sign-in ends just after it was looked at, and with it who is connected by then. */
  private Identity lastOfBob() throws TokenRefused {
    if (bobSignedOut.getAndSet(true)) {
      throw new TokenRefused(TokenRefused.Code.TOKEN_INVALID, "this sign-in is over");
    }
    devices.ended(new UserId("bob"), Set.of(SIGN_IN));
    return identity("bob", Optional.of(SIGN_IN));
  }

  private static Identity identity(String user, Optional<SessionId> session) {
    return new Identity(
        new User(new UserId(user), user, user), Instant.now().plus(Duration.ofHours(1)), session);
  }

  private RawClient connect(String user, String device) {
    var client = RawClient.connect(port, user, device);
    open.add(client);
    return client;
  }

  private static void eventually(BooleanSupplier condition) {
    long deadline = System.nanoTime() + Duration.ofSeconds(20).toNanos();
    while (!condition.getAsBoolean()) {
      assertTrue(System.nanoTime() < deadline, "it never happened");
      Thread.onSpinWait();
    }
  }

  @Test
  void aConnectionWithoutAGoodTokenIsRefusedWithACode() {
    assertRefused("token_missing", new JsonObject());
    assertRefused("token_missing", new JsonObject().put("token", 7));
    assertRefused("token_invalid", new JsonObject().put("token", "mallory"));
    assertRefused("token_expired", new JsonObject().put("token", "old alice"));
    assertRefused(
        "bad_request",
        new JsonObject().put("token", "alice").put("device", new JsonObject().put("id", 7)));
    assertRefused(
        "bad_request",
        new JsonObject()
            .put("token", "alice")
            .put("device", new JsonObject().put("id", "x".repeat(129))));
    assertRefused(
        "bad_request",
        new JsonObject().put("token", "alice").put("device", new JsonObject().put("name", 7)));
  }

  private void assertRefused(String code, JsonObject auth) {
    try (var client = RawClient.open(port)) {
      String packet = client.connect(auth);
      assertEquals("44", packet.substring(0, 2), packet);
      var refusal = new JsonObject(packet.substring(2));
      assertEquals(code, refusal.getJsonObject("data").getString("code"));
      assertFalse(refusal.getString("message").isEmpty());
    }
  }

  @Test
  void aSignInThatEndsWhileItsDeviceConnectsKeepsNoConnection() {
    patiently(connect("bob's last", "b1").closed());
    eventually(() -> presence.of(new UserId("bob")) == Presence.Status.OFFLINE);
  }

  @Test
  void nothingSaidBeforeConnectIsHeard() {
    RawClient bob = connect("bob", "b1");
    try (var client = RawClient.open(port)) {
      client.send("42[\"call-offer\",{\"to\":\"bob\"}]");
      patiently(client.closed());
    }
    try (var client = RawClient.open(port)) {
      client.connect(new JsonObject().put("token", "mallory"));
      client.send("42[\"call-offer\",{\"to\":\"bob\"}]");
      patiently(client.closed());
    }
    assertTrue(bob.says("call-resume", with("calls", new JsonArray())).getBoolean("ok"));
    assertTrue(bob.heardNothing());
  }

  @Test
  void aCallGoesFromOfferToHistory() {
    RawClient alice = connect("alice", "a1");
    RawClient bob = connect("bob", "b1");
    String call = UUID.randomUUID().toString();
    var answer = alice.says("call-offer", with("to", "bob", "callId", call, "media", "audio"));
    assertEquals("offered", answer.getString("state"));
    assertEquals(1, answer.getJsonArray("iceServers").size());
    assertEquals("alice", bob.hears("call-offer").getString("from"));
    bob.says("call-ringing", with("callId", call));
    alice.hears("call-ringing");
    assertEquals("connecting", bob.says("call-answer", with("callId", call)).getString("state"));
    assertEquals("b1", alice.hears("call-answer").getString("device"));
    alice.shouts("ice-candidate", with("callId", call, "candidate", null));
    assertTrue(bob.hears("ice-candidate").containsKey("candidate"));
    assertEquals("active", bob.says("call-connected", with("callId", call)).getString("state"));
    assertEquals(Presence.Status.IN_CALL, presence.of(new UserId("alice")));
    bob.says("end-call", with("callId", call));
    assertEquals("completed", alice.hears("end-call").getString("reason"));
    var history =
        new CallHistory(database).page(new UserId("bob"), Optional.empty(), Optional.empty(), 10);
    assertEquals(call, history.getFirst().callId().toString());
    assertEquals(1, history.size());
  }

  @Test
  void whoseOtherDeviceTookACallIsToldWhichByItsName() {
    RawClient alice = connect("alice", "a1");
    RawClient laptop = connect("bob", "b2");
    RawClient phone = RawClient.open(port);
    open.add(phone);
    var device = new JsonObject().put("id", "b1").put("name", " Bob’s <b>phone\u0000 ");
    phone.connect(new JsonObject().put("token", "bob").put("device", device));
    String call = UUID.randomUUID().toString();
    alice.says("call-offer", with("to", "bob", "callId", call));
    phone.says("call-answer", with("callId", call));
    laptop.hears("call-offer");
    JsonObject elsewhere = laptop.hears("call-elsewhere");
    assertEquals("b1", elsewhere.getString("device"));
    assertEquals("Bob’s bphone", elsewhere.getString("deviceName"));
  }

  @Test
  void aMegabyteOfSdpIsRefusedAndTheConnectionLives() {
    RawClient alice = connect("alice", "a1");
    RawClient bob = connect("bob", "b1");
    var huge = new JsonObject().put("type", "offer").put("sdp", "x".repeat(1_048_576));
    var answer = alice.says("call-offer", with("to", "bob", "offer", huge));
    assertEquals("too_large", answer.getJsonObject("error").getString("code"));
    assertTrue(alice.says("call-offer", with("to", "bob")).getBoolean("ok"));
    bob.hears("call-offer");
  }

  @Test
  void aDeviceThatConnectsOnceMoreTakesThePlaceOfItsFormerSocket() {
    RawClient alice = connect("alice", "a1");
    RawClient former = connect("bob", "b1");
    RawClient bob = connect("bob", "b1");
    assertEquals("conflict", former.hears("error").getJsonObject("error").getString("code"));
    patiently(former.closed());
    alice.says("call-offer", with("to", "bob"));
    bob.hears("call-offer");
    assertEquals(Presence.Status.ONLINE, presence.of(new UserId("bob")));
  }

  @Test
  void aCallOutlivesABrokenConnection() {
    RawClient alice = connect("alice", "a1");
    RawClient bob = connect("bob", "b1");
    String call = talk(alice, bob);
    bob.breaks();
    assertEquals("reconnecting", alice.hears("peer-connection").getString("state"));
    alice.says("call-media", with("callId", call, "audio", false, "video", true, "screen", false));
    RawClient back = connect("bob", "b1");
    var standing = back.says("call-resume", with("calls", new JsonArray().add(call)));
    assertEquals("active", standing.getJsonArray("calls").getJsonObject(0).getString("state"));
    back.hears("call-state");
    assertFalse(back.hears("call-media").getBoolean("audio"));
    assertEquals("reconnected", alice.hears("peer-connection").getString("state"));
  }

  private static String talk(RawClient alice, RawClient bob) {
    String call = UUID.randomUUID().toString();
    alice.says("call-offer", with("to", "bob", "callId", call));
    bob.hears("call-offer");
    bob.says("call-answer", with("callId", call));
    alice.hears("call-answer");
    bob.says("call-connected", with("callId", call));
    return call;
  }

  @ParameterizedTest
  @EnumSource
  void ofTwoDevicesThatAnswerAtOnceOneWins(DatabaseKind kind) throws Exception {
    restartOn(kind);
    RawClient alice = connect("alice", "a1");
    RawClient phone = connect("bob", "b1");
    RawClient laptop = connect("bob", "b2");
    for (int round = 0; round < ROUNDS; round++) {
      String call = UUID.randomUUID().toString();
      alice.says("call-offer", with("to", "bob", "callId", call));
      phone.hears("call-offer");
      laptop.hears("call-offer");
      var one = phone.asks("call-answer", with("callId", call));
      var other = laptop.asks("call-answer", with("callId", call));
      boolean first = patiently(one).getBoolean("ok");
      assertTrue(first != patiently(other).getBoolean("ok"), "one winner");
      assertEquals(first ? "b1" : "b2", alice.hears("call-answer").getString("device"));
      (first ? laptop : phone).hears("call-elsewhere");
      alice.says("end-call", with("callId", call));
      (first ? phone : laptop).hears("end-call");
    }
    assertTrue(alice.heardNothing());
    var history = new CallHistory(database);
    assertEquals(
        ROUNDS, history.page(new UserId("bob"), Optional.empty(), Optional.empty(), 100).size());
  }

  private void restartOn(DatabaseKind kind) throws Exception {
    if (kind != DatabaseKind.SQLITE) {
      for (AutoCloseable one : open.reversed()) {
        one.close();
      }
      open.clear();
      start(kind);
    }
  }

  @Test
  void whenBothCallAtOnceOneCallComesOfIt() {
    RawClient alice = connect("alice", "a1");
    RawClient bob = connect("bob", "b1");
    for (int round = 0; round < ROUNDS; round++) {
      String one = UUID.randomUUID().toString();
      String other = UUID.randomUUID().toString();
      var ofAlice = alice.asks("call-offer", with("to", "bob", "callId", one));
      var ofBob = bob.asks("call-offer", with("to", "alice", "callId", other));
      String lesser = one.compareTo(other) < 0 ? one : other;
      var answers = List.of(patiently(ofAlice), patiently(ofBob));
      assertTrue(answers.stream().allMatch(answer -> answer.getBoolean("ok")), answers::toString);
      assertTrue(
          answers.stream()
              .anyMatch(
                  answer ->
                      answer.getString("callId").equals(lesser)
                          && answer.getString("state").equals("connecting")),
          answers::toString);
      assertTrue(alice.says("end-call", with("callId", lesser)).getBoolean("ok"));
      eventually(() -> presence.of(new UserId("bob")) == Presence.Status.ONLINE);
    }
    var history = new CallHistory(database);
    var calls = history.page(new UserId("bob"), Optional.empty(), Optional.empty(), 100);
    assertEquals(ROUNDS, calls.size());
  }

  @Test
  void everyoneIsToldWhenTheServerStops() {
    RawClient alice = connect("alice", "a1");
    signaling.drain(Duration.ofSeconds(2));
    assertEquals(2_000, alice.hears("server-draining").getInteger("reconnectInMs"));
  }
}
