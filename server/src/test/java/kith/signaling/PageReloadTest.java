package kith.signaling;

import static java.time.temporal.ChronoUnit.SECONDS;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;

import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * A page that goes away may be loaded anew, or closed for good: nobody can tell before it is back.
 */
class PageReloadTest extends Story {

  @Test
  void aPageLoadedAnewIsBackInItsCall() {
    String call = talking(alice, bob);
    bob.on("phone").saysOfTheCall("call-leave").isDone();
    bob.on("phone").device.disconnect();
    alice.on("phone").hears("peer-connection", "state", "reconnecting");
    at(9, SECONDS);
    bob.on("phone").device.connect();
    var standing = bob.on("phone").resumes(call).isDone().call();
    assertEquals("active", standing.get("state"));
    assertNotNull(standing.get("iceServers"));
    alice.on("phone").hears("peer-connection", "state", "reconnected");
    at(120, SECONDS);
    assertEquals(List.of(), alice.history());
  }

  @Test
  void aPageClosedInACallHasHungUp() {
    talking(alice, bob);
    bob.on("phone").saysOfTheCall("call-leave").isDone();
    bob.on("phone").device.disconnect();
    at(10, SECONDS);
    alice.on("phone").hears("peer-connection", "state", "reconnecting");
    alice.on("phone").hears("end-call", "reason", "completed", "by", "bob");
    assertEquals(List.of("completed"), alice.history());
    assertEquals(List.of("completed"), bob.history());
  }

  @Test
  void aPageClosedWhileItCallsHasCancelled() {
    alice.calls(bob);
    bob.on("phone").rings();
    alice.on("phone").saysOfTheCall("call-leave").isDone();
    alice.on("phone").device.disconnect();
    at(9, SECONDS);
    bob.on("phone").hearsNothing();
    at(10, SECONDS);
    bob.on("phone").hears("end-call", "reason", "cancelled", "by", "alice");
    assertEquals(List.of("cancelled"), bob.history());
  }

  @Test
  void whoCameBackHasTheWholeGraceTheNextTime() {
    String call = talking(alice, bob);
    bob.on("phone").saysOfTheCall("call-leave").isDone();
    bob.on("phone").device.disconnect();
    bob.on("phone").device.connect();
    bob.on("phone").resumes(call).isDone();
    bob.on("phone").device.disconnect();
    at(29, SECONDS);
    assertEquals(List.of(), bob.history());
    at(30, SECONDS);
    assertEquals(List.of("connection_lost"), bob.history());
  }

  @Test
  void whoStaysConnectedHasNotLeft() {
    talking(alice, bob);
    bob.on("phone").saysOfTheCall("call-leave").isDone();
    at(120, SECONDS);
    alice.on("phone").hearsNothing();
    assertEquals(List.of(), alice.history());
  }

  @Test
  void nobodyElseCanLeaveForThem() {
    String call = talking(alice, bob);
    carol.on("phone").says("call-leave", with("callId", call)).isRefused("forbidden");
    bob.on("laptop").says("call-leave", with("callId", call)).isRefused("conflict");
    bob.on("phone").device.disconnect();
    at(29, SECONDS);
    assertEquals(List.of(), bob.history());
  }
}
