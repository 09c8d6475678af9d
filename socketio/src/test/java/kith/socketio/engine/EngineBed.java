package kith.socketio.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** A session and its client in virtual time: pings every 300 ms, 200 ms to answer. */
final class EngineBed {
  static final int MAX_PAYLOAD = 1_000_000;
  static final EngineOptions OPTIONS =
      new EngineOptions(300, 200, 1_000, 2_000, 15_000, MAX_PAYLOAD, 8, 1_000);

  long now = 1_000;
  final List<String> heard = new ArrayList<>();
  CloseReason ended;
  EngineSession session;
  private Runnable onMessage = () -> {};

  static EngineBed polling() {
    EngineBed bed = new EngineBed();
    bed.handshake = bed.new Response();
    bed.session =
        EngineSession.openPolling("secret", OPTIONS, bed.new Heard(), bed.handshake, bed.now);
    return bed;
  }

  static EngineBed webSocket() {
    EngineBed bed = new EngineBed();
    bed.link = bed.new TestLink();
    bed.session =
        EngineSession.openWebSocket("secret", OPTIONS, bed.new Heard(), bed.link, bed.now);
    return bed;
  }

  Response handshake;
  TestLink link;

  // ---- what the client does

  Response polls() {
    Response response = new Response();
    session.poll(response, now);
    session.flush(now);
    return response;
  }

  Response posts(String body) {
    return posts(body.getBytes(StandardCharsets.UTF_8));
  }

  Response posts(byte[] body) {
    Response response = new Response();
    if (session.postBegins(response, now)) {
      session.post(body, response, now);
    }
    session.flush(now);
    return response;
  }

  TestLink opensSecondTransport() {
    TestLink second = new TestLink();
    session.probeOpened(second, now);
    session.flush(now);
    return second;
  }

  /** Upgrades to a WebSocket, as a good client does. */
  TestLink upgrades() {
    TestLink second = opensSecondTransport();
    second.sends("2probe");
    second.sends("5");
    link = second;
    return second;
  }

  // ---- what the server does

  void whenHeard(Runnable reaction) {
    onMessage = reaction;
  }

  EngineBed emits(String text) {
    session.send(Frame.text("4" + text), now);
    session.flush(now);
    return this;
  }

  EngineBed emitsBinary(byte... data) {
    session.send(Frame.binary(data), now);
    session.flush(now);
    return this;
  }

  void closes() {
    session.close(CloseReason.FORCED_CLOSE, now);
    session.flush(now);
  }

  /** Lets time pass, waking the session when it asks to be. */
  void after(long millis) {
    long end = now + millis;
    while (session.nextDeadline() <= end) {
      now = Math.max(now, session.nextDeadline());
      session.tick(now);
      session.flush(now);
    }
    now = end;
  }

  void endedBecause(CloseReason reason) {
    assertEquals(reason, ended);
  }

  void isOpen() {
    assertNull(ended);
  }

  private final class Heard implements EngineListener {
    @Override
    public void onText(byte[] utf8, int from, int to, long at) {
      heard.add(new String(utf8, from, to - from, StandardCharsets.UTF_8));
      onMessage.run();
    }

    @Override
    public void onBinary(byte[] data, long at) {
      heard.add(Arrays.toString(data));
    }

    @Override
    public void onClosed(CloseReason reason, long at) {
      assertNull(ended, "closed twice");
      ended = reason;
    }

    @Override
    public void onTick(long at) {}

    @Override
    public long nextDeadline() {
      return Long.MAX_VALUE;
    }
  }

  /** The answer to a request. */
  final class Response implements Exchange {
    private Reply reply;

    @Override
    public void respond(Reply answer) {
      assertNull(reply, "answered twice");
      reply = answer;
    }

    void waits() {
      assertNull(reply);
    }

    void says(String body) {
      assertNotNull(reply, "no answer");
      assertEquals(body, text());
      assertEquals(200, reply.status());
    }

    void isRefused(int status) {
      assertNotNull(reply, "no answer");
      assertEquals(status, reply.status());
    }

    String text() {
      return new String(reply.body(), StandardCharsets.UTF_8);
    }

    void isGivenUp() {
      session.pollAborted(this, now);
    }
  }

  /** A WebSocket with its client at the other end. */
  final class TestLink implements Link {
    final List<String> received = new ArrayList<>();
    boolean writable = true;
    Integer closed;
    boolean aborted;

    @Override
    public void write(Frame frame) {
      received.add(frame.toString());
    }

    @Override
    public void separate() {}

    @Override
    public boolean writable() {
      return writable;
    }

    @Override
    public void close(int statusCode) {
      closed = statusCode;
    }

    @Override
    public void abort() {
      aborted = true;
    }

    void sends(String text) {
      byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
      session.linkText(this, utf8, 0, utf8.length, now);
      session.flush(now);
    }

    void sendsBinary(byte... data) {
      session.linkBinary(this, data, now);
      session.flush(now);
    }

    void reads() {
      writable = true;
      session.linkDrained(this, now);
    }

    void breaks() {
      session.linkClosed(this, now);
    }

    void received(String... frames) {
      assertEquals(List.of(frames), received);
    }

    void isOpen() {
      assertNull(closed);
    }

    void isClosed() {
      assertNotNull(closed, "still open");
    }
  }
}
