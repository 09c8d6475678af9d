package kith.history;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import java.util.List;
import java.util.Map;
import kith.testing.KithServer;
import kith.testing.Person;
import kith.testing.RawSocket;
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
  private RawSocket alicesPhone;
  private RawSocket bobsPhone;
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
    bobsPhone.hears("42[\"end-call\"");
    assertEquals("removed_from_circle", only(alice).get("reason"));
  }

  @Test
  void theCircleShowsWhoIsThere() {
    assertEquals(List.of("online", "online"), statuses());
    bobsPhone.close();
    alicesPhone.hears("42[\"presence\"", "offline");
    assertEquals(List.of("online", "offline"), statuses());
  }

  @Test
  void everyoneIsToldWhenTheServerStops() {
    kith.stop();
    alicesPhone.hears("42[\"server-draining\"");
    bobsPhone.hears("42[\"server-draining\"");
  }

  private void call() {
    alicesPhone.emits("call-offer", "{\"to\":\"" + bob.id() + "\"}");
    bobsPhone.hears("42[\"call-offer\"");
  }

  private void bobDeclinesACall() {
    call();
    bobsPhone.emits("call-decline", "{\"to\":\"" + alice.id() + "\"}");
    alicesPhone.hears("42[\"end-call\"");
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
