package kith.socketio.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import kith.socketio.engine.EngineBed.Response;
import kith.socketio.engine.EngineBed.TestLink;
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

  @Nested
  class Upgrade {
    final EngineBed bed = EngineBed.polling();

    @Test
    void goesFromProbeToWebSocket() {
      Response poll = bed.polls();
      TestLink second = bed.opensSecondTransport();
      second.sends("2probe");
      second.received("3probe");
      bed.after(100);
      poll.says("6");
      second.sends("5");
      second.sends("4hello");
      assertEquals(List.of("hello"), bed.heard);
      bed.emits("back");
      second.received("3probe", "4back");
    }

    @Test
    void messagesMeanwhileGoByPolling() {
      TestLink second = bed.opensSecondTransport();
      second.sends("2probe");
      Response poll = bed.polls();
      bed.emits("meanwhile");
      poll.says("4meanwhile");
      bed.posts("4too").says("ok");
      assertEquals(List.of("too"), bed.heard);
    }

    @Test
    void whatWaitedComesFirstOnTheNewTransport() {
      bed.emits("a").emits("b");
      bed.upgrades().received("3probe", "4a", "4b");
    }

    @Test
    void pollingIsOverAfterwards() {
      bed.upgrades();
      bed.after(100);
      bed.polls().isRefused(400);
      bed.posts("4x").isRefused(400);
      bed.link.isOpen();
      bed.isOpen();
    }

    @Test
    void aPollThatLostTheRaceIsRefusedAMomentLater() {
      Response poll = bed.polls();
      bed.upgrades();
      poll.waits();
      bed.after(100);
      poll.isRefused(400);
      bed.isOpen();
    }

    @Test
    void aPollRightAfterIsRefusedAMomentLater() {
      bed.upgrades();
      Response poll = bed.polls();
      poll.waits();
      bed.after(100);
      poll.isRefused(400);
      bed.isOpen();
    }

    @Test
    void ofTwoPollsRightAfterTheSecondIsRefusedAtOnce() {
      bed.upgrades();
      Response first = bed.polls();
      bed.polls().isRefused(400);
      bed.after(100);
      first.isRefused(400);
      bed.isOpen();
    }

    @Test
    void aPollThatLostTheRaceMayBeGivenUp() {
      Response poll = bed.polls();
      bed.upgrades();
      poll.isGivenUp();
      bed.isOpen();
    }

    @Test
    void aPollRightAfterIsAnsweredWhenTheSessionEnds() {
      bed.upgrades();
      Response poll = bed.polls();
      bed.closes();
      poll.isRefused(400);
    }

    @Test
    void aThirdTransportIsClosed() {
      TestLink second = bed.opensSecondTransport();
      TestLink third = bed.opensSecondTransport();
      second.sends("2probe");
      second.sends("5");
      bed.after(100);
      third.isClosed();
      bed.opensSecondTransport().isClosed();
      second.isOpen();
      bed.isOpen();
    }

    @Test
    void aThirdTransportCannotSpeak() {
      bed.opensSecondTransport();
      bed.opensSecondTransport().sends("4x");
      assertEquals(List.of(), bed.heard);
    }

    @ParameterizedTest
    @ValueSource(strings = {"4x", "5", "2", "2prob", "3probe", ""})
    void aSecondTransportThatDoesNotProbeIsClosed(String frame) {
      TestLink second = bed.opensSecondTransport();
      second.sends(frame);
      second.isClosed();
      assertEquals(List.of(), bed.heard);
      bed.isOpen();
    }

    @Test
    void aProbeThatIsNotCompletedIsClosedAndPollingGoesOn() {
      TestLink second = bed.opensSecondTransport();
      second.sends("2probe");
      bed.polls();
      bed.after(290);
      bed.posts("3");
      for (int i = 0; i < 3; i++) {
        bed.after(300);
        bed.polls().says("2");
        bed.posts("3");
      }
      second.isClosed();
      bed.emits("on");
      bed.polls().says("4on");
    }

    @Test
    void aProbeThatBreaksChangesNothing() {
      TestLink second = bed.opensSecondTransport();
      second.sends("2probe");
      second.breaks();
      bed.isOpen();
      bed.upgrades().sends("4x");
      assertEquals(List.of("x"), bed.heard);
    }

    @Test
    void aClientThatHasStoppedPollingHearsOfTheEndOnItsWebSocket() {
      TestLink second = bed.opensSecondTransport();
      second.sends("2probe");
      bed.emits("last").closes();
      second.isOpen();
      second.sends("5");
      second.received("3probe", "4last");
      second.isClosed();
      bed.endedBecause(CloseReason.FORCED_CLOSE);
    }

    @Test
    void oneThatPollsOnHearsOfTheEndThere() {
      TestLink second = bed.opensSecondTransport();
      second.sends("2probe");
      bed.emits("last").closes();
      bed.polls().says("4last\u001e1");
      second.isClosed();
    }

    @Test
    void oneThatDoesNeitherIsForgotten() {
      TestLink second = bed.opensSecondTransport();
      second.sends("2probe");
      bed.emits("last").closes();
      bed.after(2_000);
      second.isClosed();
      assertTrue(bed.session.isClosed());
    }

    @Test
    void theEndOfTheSessionClosesAProbe() {
      TestLink second = bed.opensSecondTransport();
      bed.closes();
      second.isClosed();
    }
  }
}
