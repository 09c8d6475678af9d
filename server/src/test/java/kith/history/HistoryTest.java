package kith.history;

import static kith.testing.RawClient.with;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import kith.testing.KithServer;
import kith.testing.Person;
import kith.testing.RawClient;
import kith.testing.Reply;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Two people call each other over real sockets, and read what is kept of it. */
class HistoryTest {
  private KithServer kith;
  private Person alice;
  private Person bob;
  private RawClient alicesPhone;
  private RawClient bobsPhone;
  private String circle;

  @BeforeEach
  void connect() {
    kith = KithServer.start();
    alice = kith.person("alice");
    bob = kith.person("bob");
    circle = alice.makesCircle("Family");
    bob.accepts(alice.invitesTo(circle)).isOk();
    alicesPhone = alice.connects(kith.port(), "a1");
    bobsPhone = bob.connects(kith.port(), "b1");
  }

  @AfterEach
  void stop() {
    alicesPhone.close();
    bobsPhone.close();
    kith.close();
  }

  @Test
  void aDeclinedCallIsInBothHistoriesOnce() {
    bobDeclinesACall();
    Map<?, ?> hers = only(alice);
    Map<?, ?> his = only(bob);
    assertEquals("outgoing", hers.get("direction"));
    assertEquals("incoming", his.get("direction"));
    assertEquals("declined", hers.get("reason"));
    assertEquals(hers.get("callId"), his.get("callId"));
    assertEquals(circle, hers.get("circleId"));
    assertEquals(
        Map.of("userId", bob.id(), "username", bob.username(), "displayName", "bob"),
        hers.get("peer"));
    assertNull(hers.get("answeredAt"));
    assertEquals(0, ((Number) hers.get("durationMs")).intValue());
  }

  @Test
  void pagesFollowOneAnother() {
    for (int i = 0; i < 3; i++) {
      bobDeclinesACall();
    }
    Reply first = alice.gets("/api/calls?limit=2").isOk();
    assertEquals(2, first.list("calls").size());
    Reply second = alice.gets("/api/calls?limit=2&before=" + first.text("nextBefore")).isOk();
    assertEquals(1, second.list("calls").size());
    assertNull(second.get("nextBefore"));
  }

  @Test
  void aMissedCallIsNewsOnEveryDeviceUntilItIsLookedAt() {
    try (RawClient bobsLaptop = bob.connects(kith.port(), "b2")) {
      aliceGivesUp();
      bobsPhone.awaits("history-changed", "unseenMissed", 1);
      bobsLaptop.awaits("history-changed", "unseenMissed", 1);
      alicesPhone.awaits("history-changed", "unseenMissed", 0);
      assertEquals(false, only(bob).get("seen"));
      assertEquals(true, only(alice).get("seen"));

      assertEquals(0, bob.posts("/api/calls/seen").isOk().number("unseenMissed"));
      bobsPhone.awaits("history-changed", "unseenMissed", 0);
      bobsLaptop.awaits("history-changed", "unseenMissed", 0);
      assertEquals(true, only(bob).get("seen"));
      assertEquals(0, bob.gets("/api/calls").number("unseenMissed"));
    }
  }

  @Test
  void lookingAtACallDoesNotMakeALaterOneSeen() {
    aliceGivesUp();
    aliceGivesUp();
    assertEquals(2, bob.gets("/api/calls").number("unseenMissed"));
    List<?> calls = bob.gets("/api/calls").list("calls");
    Object firstEnd = ((Map<?, ?>) calls.getLast()).get("endedAt");
    Object secondEnd = ((Map<?, ?>) calls.getFirst()).get("endedAt");
    long unseen = firstEnd.equals(secondEnd) ? 0 : 1;
    assertEquals(
        unseen, bob.posts("/api/calls/seen", "until", firstEnd).isOk().number("unseenMissed"));
    assertEquals(unseen, bob.posts("/api/calls/seen", "until", 0).isOk().number("unseenMissed"));
  }

  @Test
  void noClockThatIsAheadSeesWhatIsStillToCome() {
    bob.posts("/api/calls/seen", "until", 99_999_999_999_999L).isOk();
    aliceGivesUp();
    assertEquals(1, bob.gets("/api/calls").number("unseenMissed"));
  }

  @Test
  void aDeclinedCallIsNotNews() {
    bobDeclinesACall();
    assertEquals(true, only(bob).get("seen"));
    assertEquals(0, bob.gets("/api/calls").number("unseenMissed"));
  }

  @Test
  void aTimeThatIsNoneIsRefused() {
    bob.posts("/api/calls/seen", "until", "now").isProblem(400, "bad_request");
    bob.posts("/api/calls/seen", "until", -1).isProblem(400, "bad_request");
  }

  @Test
  void theCourseOfACallIsInItsRowAndInTheMetrics() {
    call();
    bobsPhone.says("call-ringing", with("to", alice.id()));
    bobsPhone.says("call-answer", with("to", alice.id()));
    bobsPhone.says(
        "call-quality",
        with("to", alice.id(), "quality", "fair", "warmMs", 700, "firstFrameMs", 90));
    bobsPhone.says("end-call", with("to", alice.id()));
    Map<?, ?> row = only(alice);
    assertEquals("fair", row.get("quality"));
    Map<?, ?> timeline = (Map<?, ?>) row.get("timeline");
    assertEquals(
        List.of(
            "offeredAt",
            "ringingAt",
            "warmAt",
            "answeredAt",
            "connectedAt",
            "firstFrameAt",
            "reconnects",
            "reconnectMs",
            "endedAt"),
        List.copyOf(timeline.keySet()));
    String metrics = kith.stranger().get("/metrics").isOk().body();
    for (String line :
        List.of(
            "kith_calls_ended_total{reason=\"completed\"} 1.0",
            "kith_calls_quality_total{quality=\"fair\"} 1.0",
            "kith_call_ring_seconds_count 1",
            "kith_calls_warm_total{warm=\"yes\"} 1.0",
            "kith_call_warm_seconds_count 1",
            "kith_call_connect_seconds_count 1",
            "kith_call_first_frame_seconds_count 1",
            "kith_call_first_audio_seconds_count 0")) {
      assertTrue(metrics.contains(line), () -> line + " in " + metrics);
    }
  }

  private void aliceGivesUp() {
    call();
    alicesPhone.says("end-call", with("to", bob.id()));
  }

  @Test
  void aCircleHasAHistoryOfItsOwn() {
    bobDeclinesACall();
    String other = alice.makesCircle("Friends");
    assertEquals(1, alice.gets("/api/calls?circleId=" + circle).list("calls").size());
    assertEquals(0, alice.gets("/api/calls?circleId=" + other).list("calls").size());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"limit=0", "limit=101", "limit=-1", "limit=x", "circleId=x", "before=yesterday"})
  void aPageThatMakesNoSenseIsRefused(String query) {
    Reply refused = alice.gets("/api/calls?" + query).isProblem(400, "bad_request");
    assertEquals(List.of(query.substring(0, query.indexOf('='))), refused.wrongFields());
  }

  @Test
  void whoIsRemovedFromTheCircleLeavesTheCall() {
    call();
    assertEquals(204, alice.deletes("/api/circles/" + circle + "/members/" + bob.id()).status());
    bobsPhone.awaits("end-call");
    assertEquals("removed_from_circle", only(alice).get("reason"));
  }

  @Test
  void theCircleShowsWhoIsThere() {
    assertEquals(List.of("online", "online"), statuses());
    bobsPhone.close();
    alicesPhone.awaits("presence", "status", "offline");
    assertEquals(List.of("online", "offline"), statuses());
  }

  @Test
  void everyoneIsToldWhenTheServerStops() {
    kith.stop();
    alicesPhone.awaits("server-draining");
    bobsPhone.awaits("server-draining");
  }

  private void call() {
    alicesPhone.shouts("call-offer", with("to", bob.id()));
    bobsPhone.awaits("call-offer");
  }

  private void bobDeclinesACall() {
    call();
    bobsPhone.shouts("call-decline", with("to", alice.id()));
    alicesPhone.awaits("end-call");
  }

  private static Map<?, ?> only(Person person) {
    List<?> calls = person.gets("/api/calls").isOk().list("calls");
    assertEquals(1, calls.size());
    return (Map<?, ?>) calls.getFirst();
  }

  private List<Object> statuses() {
    return alice.gets("/api/circles/" + circle).list("members").stream()
        .<Object>map(member -> ((Map<?, ?>) member).get("status"))
        .toList();
  }
}
