package kith.socketio.fuzz;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.code_intelligence.jazzer.api.FuzzedDataProvider;
import com.code_intelligence.jazzer.junit.FuzzTest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import kith.socketio.engine.CloseReason;
import kith.socketio.engine.EngineListener;
import kith.socketio.engine.EngineOptions;
import kith.socketio.engine.EngineSession;
import kith.socketio.engine.Exchange;
import kith.socketio.engine.Frame;
import kith.socketio.engine.Link;
import kith.socketio.engine.Reply;
import kith.socketio.protocol.MalformedPacket;
import kith.socketio.protocol.Packet;
import kith.socketio.protocol.PacketCodec;
import kith.socketio.protocol.PacketDecoder;
import kith.socketio.protocol.PacketLimits;

/**
 * Whatever a client sends, nothing but the answers of the protocol comes of it. Run with {@code
 * JAZZER_FUZZ=1} to search for inputs; otherwise the inputs kept beside it are tried.
 */
class HostileInputFuzzTest {
  private static final PacketCodec CODEC =
      new PacketCodec(new PacketLimits(4, 10_000, 16, 1_000, 32, 1_000));
  private static final EngineOptions OPTIONS =
      new EngineOptions(300, 200, 1_000, 2_000, 15_000, 100_000, 16, 10_000);

  /**
   * Messages of one client, one a line: what is read can be written, and reads the same again. A
   * line that begins with b is binary.
   */
  @FuzzTest(maxDuration = "10m")
  void packets(byte[] lines) {
    PacketDecoder decoder = CODEC.decoder();
    try {
      for (int from = 0; from <= lines.length; ) {
        int to = from;
        while (to < lines.length && lines[to] != '\n') {
          to++;
        }
        check(read(decoder, lines, from, to));
        from = to + 1;
      }
    } catch (MalformedPacket refused) {
      // as it should be
    }
  }

  private static Packet read(PacketDecoder decoder, byte[] lines, int from, int to)
      throws MalformedPacket {
    return from < to && lines[from] == 'b'
        ? decoder.binary(Arrays.copyOfRange(lines, from + 1, to))
        : decoder.text(lines, from, to);
  }

  private static void check(Packet packet) throws MalformedPacket {
    if (packet instanceof Packet.Event event && noBinary(event.args())) {
      Frame frame =
          CODEC
              .event(event.namespace(), event.ackId(), event.name(), event.args().toArray())
              .getFirst();
      assertEquals(event.args(), readBack(frame).args());
    }
  }

  private static Packet.Event readBack(Frame frame) throws MalformedPacket {
    return (Packet.Event) CODEC.decoder().text(frame.bytes(), 1, frame.size());
  }

  private static boolean noBinary(List<?> args) {
    return !args.toString().contains("[B@") && !args.toString().contains("Infinity");
  }

  /**
   * A polling body is delivered or refused as a whole request, and what it held is no longer than
   * it.
   */
  @FuzzTest(maxDuration = "10m")
  void payloads(byte[] body) {
    Watched watched = new Watched();
    EngineSession session = EngineSession.openPolling("id", OPTIONS, watched, new Once(), 0);
    Once post = new Once();
    assertTrue(session.postBegins(post, 0));
    session.post(body, post, 0);
    assertTrue(post.answered);
    assertTrue(watched.heardBytes <= body.length);
  }

  /** A session answers every request once, ends once, and says nothing after its end. */
  @FuzzTest(maxDuration = "10m")
  void sessions(FuzzedDataProvider data) {
    Watched watched = new Watched();
    List<TestLink> links = new ArrayList<>();
    List<Once> polls = new ArrayList<>();
    long now = 0;
    EngineSession session;
    if (data.consumeBoolean()) {
      session = EngineSession.openPolling("id", OPTIONS, watched, new Once(), now);
    } else {
      links.add(new TestLink());
      session = EngineSession.openWebSocket("id", OPTIONS, watched, links.getFirst(), now);
    }
    while (data.remainingBytes() > 0) {
      now += data.consumeInt(0, 400);
      session.tick(now);
      switch (data.consumeInt(0, 8)) {
        case 0 -> {
          polls.add(new Once());
          session.poll(polls.getLast(), now);
        }
        case 1 -> {
          Once post = new Once();
          if (session.postBegins(post, now)) {
            session.post(data.consumeBytes(200), post, now);
          }
          assertTrue(post.answered, "a POST without an answer");
        }
        case 2 -> {
          links.add(new TestLink());
          session.probeOpened(links.getLast(), now);
        }
        case 3 -> text(session, links, data, data.consumeBytes(100), now);
        case 4 -> text(session, links, data, data.pickValue(KNOWN), now);
        case 5 -> session.send(Frame.text("4" + data.consumeAsciiString(50)), now);
        case 6 -> {
          if (!links.isEmpty()) {
            session.linkClosed(data.pickValue(links), now);
          }
        }
        case 7 -> {
          if (!polls.isEmpty()) {
            Once poll = data.pickValue(polls);
            poll.givenUp = true;
            session.pollAborted(poll, now);
          }
        }
        default -> session.close(CloseReason.FORCED_CLOSE, now);
      }
      session.flush(now);
      assertEquals(session.isOpen(), watched.ended == 0);
    }
    session.tick(now + 1_000_000);
    session.tick(now + 2_000_000);
    session.tick(now + 3_000_000);
    assertTrue(session.isClosed(), "silence does not end it");
    assertEquals(1, watched.ended);
    polls.removeIf(poll -> poll.answered || poll.givenUp);
    assertTrue(polls.isEmpty(), "a poll without an answer");
  }

  private static final byte[][] KNOWN = {
    {'2', 'p', 'r', 'o', 'b', 'e'}, {'5'}, {'3'}, {'4', 'x'}, {'1'}
  };

  private static void text(
      EngineSession session, List<TestLink> links, FuzzedDataProvider data, byte[] text, long now) {
    if (!links.isEmpty()) {
      session.linkText(data.pickValue(links), text, 0, text.length, now);
    }
  }

  private static final class Once implements Exchange {
    boolean answered;
    boolean givenUp;

    @Override
    public void respond(Reply reply) {
      assertTrue(!answered, "answered twice");
      answered = true;
    }
  }

  private static final class TestLink implements Link {
    @Override
    public void write(Frame frame) {}

    @Override
    public void separate() {}

    @Override
    public boolean writable() {
      return true;
    }

    @Override
    public void close(int statusCode) {}

    @Override
    public void abort() {}
  }

  private static final class Watched implements EngineListener {
    int ended;
    int heardBytes;

    @Override
    public void onText(byte[] utf8, int from, int to, long now) {
      heardBytes += to - from;
      assertEquals(0, ended, "heard after the end");
    }

    @Override
    public void onBinary(byte[] data, long now) {
      heardBytes += data.length;
      assertEquals(0, ended, "heard after the end");
    }

    @Override
    public void onClosed(CloseReason reason, long now) {
      ended++;
    }

    @Override
    public void onTick(long now) {}

    @Override
    public long nextDeadline() {
      return Long.MAX_VALUE;
    }
  }
}
