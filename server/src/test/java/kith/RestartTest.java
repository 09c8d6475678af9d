package kith;

import static kith.testing.RawClient.with;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import kith.testing.Browser;
import kith.testing.KithServer;
import kith.testing.Person;
import kith.testing.RawClient;
import org.junit.jupiter.api.Test;

/** What a restart of the server leaves as it was. */
class RestartTest {
  @Test
  void peopleStaySignedInAndACallGoesOn() throws IOException {
    Path data = Files.createTempDirectory("kith-restart");
    KithServer before = KithServer.start(InstantSource.system(), data);
    Person alice = before.person("alice");
    Person bob = before.person("bob");
    bob.accepts(alice.invitesTo(alice.makesCircle("Family"))).isOk();
    String call = call(before, alice, bob);
    before.stop();

    try (KithServer after = KithServer.start(InstantSource.system(), data)) {
      Browser asAlice = after.stranger().withToken(alice.token());
      assertEquals(1, asAlice.get("/api/circles").isOk().list("circles").size());
      after.refresh(bob.refreshToken()).isOk();
      resume(after, alice, "a1", call);
      resume(after, bob, "b1", call);
      assertEquals(0, asAlice.get("/api/calls").isOk().list("calls").size());
    }
  }

  private static String call(KithServer kith, Person alice, Person bob) {
    try (RawClient a = alice.connects(kith.port(), "a1");
        RawClient b = bob.connects(kith.port(), "b1")) {
      String call = a.says("call-offer", with("to", bob.id())).getString("callId");
      b.hears("call-offer");
      b.says("call-answer", with("callId", call));
      a.hears("call-answer");
      return call;
    }
  }

  private static void resume(KithServer kith, Person person, String device, String call) {
    try (RawClient client = person.connects(kith.port(), device)) {
      JsonObject resumed = client.says("call-resume", with("calls", List.of(call)));
      assertEquals(true, resumed.getBoolean("ok"), resumed::encode);
      JsonObject standing = resumed.getJsonArray("calls").getJsonObject(0);
      assertEquals(call, standing.getString("callId"));
      assertNotEquals("ended", standing.getString("state"));
    }
  }
}
