package kith.socketio.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import kith.socketio.engine.EngineBed.Response;
import kith.socketio.engine.EngineBed.TestLink;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A session that goes from polling to a WebSocket:
 * https://github.com/socketio/engine.io-protocol#upgrade
 */
class UpgradeTest {
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
