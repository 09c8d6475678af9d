package kith.socketio.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import kith.socketio.engine.EngineBed.Response;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** https://github.com/socketio/engine.io-protocol */
class EngineSessionTest {

  @Nested
  class Handshake {
    @Test
    void overPollingOffersTheUpgrade() {
      EngineBed.polling()
          .handshake
          .says(
              "0{\"sid\":\"secret\",\"upgrades\":[\"websocket\"],\"pingInterval\":300,"
                  + "\"pingTimeout\":200,\"maxPayload\":1000000}");
    }

    @Test
    void overWebSocketOffersNoUpgrade() {
      EngineBed.webSocket()
          .link
          .received(
              "0{\"sid\":\"secret\",\"upgrades\":[],\"pingInterval\":300,"
                  + "\"pingTimeout\":200,\"maxPayload\":1000000}");
    }
  }

  @Nested
  class Polling {
    final EngineBed bed = EngineBed.polling();

    @Test
    void aPollWaitsForAMessage() {
      Response poll = bed.polls();
      poll.waits();
      bed.emits("hello");
      poll.says("4hello");
    }

    @Test
    void aPollTakesAllThatWaits() {
      bed.emits("a").emits("b").emitsBinary((byte) 1, (byte) 2, (byte) 3, (byte) 4);
      bed.polls().says("4a\u001e4b\u001ebAQIDBA==");
    }

    @Test
    void aMessageThatIsToBeActedOnFirstComesInTheSameBody() {
      Response poll = bed.polls();
      bed.session.send(Frame.text("4welcome"), bed.now);
      bed.session.separate(bed.now);
      poll.waits();
      bed.emits("next");
      poll.says("4welcome\u001e4next");
    }

    @Test
    void aMessageThatIsPushedComesInABodyOfItsOwn() {
      Response poll = bed.polls();
      bed.session.send(Frame.text("4go"), bed.now);
      bed.session.push(bed.now);
      poll.says("4go");
    }

    @Test
    void aPostDeliversItsPacketsInOrder() {
      bed.posts("4a\u001e4b\u001ebAQIDBA==\u001e4").says("ok");
      assertEquals(List.of("a", "b", "[1, 2, 3, 4]", ""), bed.heard);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "abc", "4a\u001e", "4a\u001exyz", "2", "0{}", "5", "b?", "bA"})
    void aMalformedBodyEndsTheSession(String body) {
      bed.posts(body).isRefused(400);
      bed.endedBecause(CloseReason.PARSE_ERROR);
      bed.polls().isRefused(400);
    }

    @Test
    void tooManyPacketsEndTheSessionUnheard() {
      bed.posts("4x" + "\u001e4x".repeat(8)).isRefused(400);
      bed.endedBecause(CloseReason.PARSE_ERROR);
      assertEquals(List.of(), bed.heard);
    }

    @Test
    void base64MayBeWrapped() {
      bed.posts("bAQID\nBA==\n").says("ok");
      assertEquals(List.of("[1, 2, 3, 4]"), bed.heard);
    }

    @Test
    void aSecondPollEndsTheSession() {
      Response first = bed.polls();
      bed.polls().isRefused(400);
      first.says("1");
      bed.polls().isRefused(400);
      bed.endedBecause(CloseReason.TRANSPORT_ERROR);
    }

    @Test
    void aSecondPostWhileOneIsReadEndsTheSession() {
      Response reading = bed.new Response();
      assertTrue(bed.session.postBegins(reading, bed.now));
      bed.posts("4x").isRefused(400);
      bed.endedBecause(CloseReason.TRANSPORT_ERROR);
    }

    @Test
    void anAbortedPollEndsTheSession() {
      bed.polls().isGivenUp();
      bed.endedBecause(CloseReason.TRANSPORT_ERROR);
    }

    @Test
    void anAbortedPostEndsTheSession() {
      Response reading = bed.new Response();
      assertTrue(bed.session.postBegins(reading, bed.now));
      bed.session.postAborted(bed.now);
      bed.endedBecause(CloseReason.TRANSPORT_ERROR);
    }

    @Test
    void aBodyTooLargeEndsTheSession() {
      Response reading = bed.new Response();
      assertTrue(bed.session.postBegins(reading, bed.now));
      bed.session.postTooLarge(reading, bed.now);
      reading.isRefused(413);
      bed.endedBecause(CloseReason.TRANSPORT_ERROR);
    }

    @Test
    void theClientCloses() {
      Response poll = bed.polls();
      bed.posts("1").says("ok");
      poll.says("6");
      bed.polls().isRefused(400);
      bed.endedBecause(CloseReason.TRANSPORT_CLOSE);
    }

    @Test
    void theServerClosesAWaitingPoll() {
      Response poll = bed.polls();
      bed.closes();
      poll.says("1");
      bed.endedBecause(CloseReason.FORCED_CLOSE);
    }

    @Test
    void theServerClosesBetweenPollsAndTellsTheNext() {
      bed.emits("last").closes();
      bed.endedBecause(CloseReason.FORCED_CLOSE);
      bed.posts("4too late").says("ok");
      assertEquals(List.of(), bed.heard);
      bed.polls().says("4last\u001e1");
      bed.polls().isRefused(400);
    }

    @Test
    void aClientThatNeverComesToHearOfTheEndIsForgotten() {
      bed.closes();
      bed.after(2_000);
      assertTrue(bed.session.isClosed());
    }

    @Test
    void messagesSentFromWithinAPostReachThePollOnce() {
      Response poll = bed.polls();
      bed.whenHeard(() -> bed.session.send(Frame.text("4re"), bed.now));
      bed.posts("4a\u001e4b").says("ok");
      poll.says("4re\u001e4re");
    }

    @Test
    void aHandlerThatClosesStopsTheRestOfTheBody() {
      bed.whenHeard(bed::closes);
      bed.posts("4a\u001e4b").says("ok");
      assertEquals(List.of("a"), bed.heard);
    }

    @Test
    void aSlowReaderIsClosed() {
      bed.emits("x".repeat(900)).emits("y".repeat(900)).isOpen();
      bed.emits("z");
      bed.endedBecause(CloseReason.SLOW_READER);
    }
  }

  @Nested
  class WebSocket {
    final EngineBed bed = EngineBed.webSocket();

    WebSocket() {
      bed.link.received.clear();
    }

    @Test
    void carriesTextBothWays() {
      bed.link.sends("4hello");
      assertEquals(List.of("hello"), bed.heard);
      bed.emits("back");
      bed.link.received("4back");
    }

    @Test
    void carriesBinaryBothWays() {
      bed.link.sendsBinary((byte) 7);
      assertEquals(List.of("[7]"), bed.heard);
      bed.emitsBinary((byte) 1, (byte) 2);
      bed.link.received("binary[2]");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "abc", "2", "2probe", "5", "0{}", "9"})
    void aMalformedFrameEndsTheSession(String frame) {
      bed.link.sends(frame);
      bed.link.isClosed();
      bed.endedBecause(CloseReason.PARSE_ERROR);
    }

    @Test
    void theClientCloses() {
      bed.link.sends("1");
      bed.link.isClosed();
      bed.endedBecause(CloseReason.TRANSPORT_CLOSE);
    }

    @Test
    void theLinkBreaks() {
      bed.link.breaks();
      bed.endedBecause(CloseReason.TRANSPORT_CLOSE);
    }

    @Test
    void nothingIsHeardAfterTheEnd() {
      bed.closes();
      bed.link.sends("4late");
      assertEquals(List.of(), bed.heard);
    }

    @Test
    void whatCannotBeWrittenWaitsInOrder() {
      bed.link.writable = false;
      bed.emits("a").emits("b");
      bed.link.received();
      bed.link.reads();
      bed.emits("c");
      bed.link.received("4a", "4b", "4c");
    }

    @Test
    void aSlowReaderIsCutOff() {
      bed.link.writable = false;
      bed.emits("x".repeat(2_000)).isOpen();
      bed.emits("y");
      bed.endedBecause(CloseReason.SLOW_READER);
      assertTrue(bed.link.aborted);
      bed.link.received();
    }

    @Test
    void whatWaitsIsWrittenBeforeAClose() {
      bed.link.writable = false;
      bed.emits("last").closes();
      bed.link.received("4last");
      bed.link.isClosed();
    }
  }

  @Nested
  class Heartbeat {
    @Test
    void aWebSocketThatAnswersStaysOpen() {
      EngineBed bed = EngineBed.webSocket();
      bed.link.received.clear();
      for (int i = 0; i < 3; i++) {
        bed.after(300);
        bed.link.sends("3");
      }
      bed.link.received("2", "2", "2");
      bed.isOpen();
    }

    @Test
    void aPollingClientThatAnswersStaysOpen() {
      EngineBed bed = EngineBed.polling();
      for (int i = 0; i < 3; i++) {
        Response poll = bed.polls();
        bed.after(300);
        poll.says("2");
        bed.posts("3").says("ok");
      }
      bed.isOpen();
    }

    @Test
    void silenceEndsTheSession() {
      EngineBed bed = EngineBed.webSocket();
      bed.after(499);
      bed.isOpen();
      bed.after(1);
      bed.endedBecause(CloseReason.PING_TIMEOUT);
      bed.link.isClosed();
    }

    @Test
    void silenceEndsAPollingSessionThatNobodyWoke() {
      EngineBed bed = EngineBed.polling();
      bed.session.tick(bed.now + 310);
      bed.now += 500;
      bed.polls().isRefused(400);
      bed.endedBecause(CloseReason.PING_TIMEOUT);
    }

    @Test
    void aServerThatWasHeldUpGivesItsClientsTimeToAnswer() {
      EngineBed bed = EngineBed.webSocket();
      bed.now += 10_000;
      bed.session.tick(bed.now);
      bed.isOpen();
      bed.after(99);
      bed.link.sends("3");
      bed.after(299);
      bed.isOpen();
    }
  }
}
