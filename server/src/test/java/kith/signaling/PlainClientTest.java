package kith.signaling;

import static java.time.temporal.ChronoUnit.MINUTES;
import static java.time.temporal.ChronoUnit.SECONDS;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * A client that knows five messages and no callId: call-offer {offer, to, from}, call-answer
 * {answer, to}, ice-candidate {candidate, to}, call-decline {to}, end-call {to}.
 */
class PlainClientTest extends Story {
  private Person dave;
  private Person erin;
  private Handset daves;
  private Handset erins;

  @BeforeEach
  void open() {
    dave = new Person("dave");
    erin = new Person("erin");
    daves = dave.opensAPlainClient("socket-d");
    erins = erin.opensAPlainClient("socket-e");
  }

  private void call() {
    daves.shouts("call-offer", with("offer", sdp("offer"), "to", "erin", "from", "dave"));
    erins.hears("call-offer", "from", "dave", "offer", sdp("offer"));
  }

  private void answer() {
    erins.shouts("call-answer", with("answer", sdp("answer"), "to", "dave"));
    daves.hears("call-answer", "from", "erin", "answer", sdp("answer"));
  }

  @Test
  void whoHangsUpJustAfterTheOtherHearsNoError() {
    call();
    answer();
    erins.shouts("end-call", with("to", "dave"));
    daves.hears("end-call");
    daves.shouts("ice-candidate", with("to", "erin", "candidate", candidate(1)));
    daves.shouts("end-call", with("to", "erin"));
    daves.hearsNothing();
    daves.shouts("end-call", with("to", "carol"));
    daves.hearsRefusal("end-call", "not_found");
    later(10, MINUTES);
    daves.shouts("end-call", with("to", "erin"));
    daves.hearsRefusal("end-call", "not_found");
  }

  @Test
  void callsAnswersTricklesAndHangsUp() {
    call();
    answer();
    daves.shouts("ice-candidate", with("candidate", candidate(1), "to", "erin"));
    erins.hears("ice-candidate", "candidate", candidate(1), "from", "dave");
    erins.shouts("ice-candidate", with("candidate", candidate(2), "to", "dave"));
    daves.hears("ice-candidate", "candidate", candidate(2), "from", "erin");
    at(5, SECONDS);
    erins.shouts("end-call", with("to", "dave"));
    daves.hears("end-call", "reason", "completed");
    daves.hearsNothing();
    erins.hearsNothing();
    assertEquals(List.of("completed"), dave.history());
  }

  @Test
  void tricklesBeforeTheAnswerToo() {
    call();
    daves.shouts("ice-candidate", with("candidate", candidate(1), "to", "erin"));
    erins.hears("ice-candidate", "candidate", candidate(1));
    erins.shouts("ice-candidate", with("candidate", candidate(2), "to", "dave"));
    daves.hears("ice-candidate", "candidate", candidate(2));
  }

  @Test
  void declines() {
    call();
    erins.shouts("call-decline", with("to", "dave"));
    daves.hears("call-decline", "from", "erin");
    daves.hears("end-call", "reason", "declined");
    erins.hearsNothing();
  }

  @Test
  void cancels() {
    call();
    daves.shouts("end-call", with("to", "erin"));
    erins.hears("end-call", "reason", "cancelled");
  }

  @Test
  void isNotCutOffThoughItNeverSaysThatItIsConnected() {
    call();
    answer();
    at(3600, SECONDS);
    daves.hearsNothing();
    erins.hearsNothing();
    assertEquals("in-call", dave.isSeen().wire());
  }

  @Test
  void isCutOffWhenItAnswersWithoutADescription() {
    call();
    erins.shouts("call-answer", with("to", "dave"));
    daves.hears("call-answer");
    at(20, SECONDS);
    daves.hears("end-call", "reason", "connect_failed");
    erins.hears("end-call", "reason", "connect_failed");
  }

  @Test
  void talksWithAFullClient() {
    daves.shouts("call-offer", with("offer", sdp("offer"), "to", "alice"));
    Handset phone = alice.on("phone");
    phone.rings();
    daves.hears("call-ringing");
    phone.saysOfTheCall("call-answer", "answer", sdp("answer")).isDone();
    daves.hears("call-answer", "answer", sdp("answer"));
    phone
        .saysOfTheCall("ice-candidate", "candidates", List.of(candidate(1), candidate(2)))
        .isDone();
    daves.hears("ice-candidate", "candidate", candidate(1));
    daves.hears("ice-candidate", "candidate", candidate(2));
    phone.isConnected();
    at(60, SECONDS);
    daves.shouts("end-call", with("to", "alice"));
    phone.hears("end-call", "reason", "completed", "durationMs", 60_000L);
  }

  @Test
  void thatOffersAnewNegotiatesAnew() {
    call();
    Map<String, Object> second = Map.of("type", "offer", "sdp", "v=0 second");
    daves.shouts("call-offer", with("offer", second, "to", "erin"));
    erins.hears("call-offer", "offer", second);
    answer();
    daves.shouts("call-offer", with("offer", sdp("offer"), "to", "erin"));
    erins.hears("call-offer", "offer", sdp("offer"));
    answer();
    assertEquals(List.of(), dave.history());
  }

  @Test
  void thatCallsBackWhileItIsCalledHasAnswered() {
    call();
    erins.shouts("call-offer", with("offer", sdp("offer"), "to", "dave"));
    daves.hears("call-answer", "from", "erin");
    erins.shouts("call-answer", with("answer", sdp("answer"), "to", "dave"));
    daves.hears("call-answer", "answer", sdp("answer"));
    at(3600, SECONDS);
    assertEquals("in-call", erin.isSeen().wire());
  }

  @Test
  void isToldOfAMistakeByAnErrorEvent() {
    daves.shouts("call-answer", with("answer", sdp("answer"), "to", "erin"));
    daves.hearsRefusal("call-answer", "not_found");
    daves.shouts("end-call", with());
    daves.hearsRefusal("end-call", "bad_request");
  }
}
