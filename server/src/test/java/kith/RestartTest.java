package kith;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import kith.testing.Browser;
import kith.testing.KithServer;
import kith.testing.Person;
import kith.testing.RawSocket;
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
    try (RawSocket a = alice.connects(kith.port(), "a1");
        RawSocket b = bob.connects(kith.port(), "b1")) {
      String offered = a.asks("call-offer", "{\"to\":\"" + bob.id() + "\"}");
      Matcher callId = Pattern.compile("\"callId\":\"([^\"]+)\"").matcher(offered);
      assertTrue(callId.find(), offered);
      b.hears("42[\"call-offer\"");
      b.asks("call-answer", "{\"callId\":\"" + callId.group(1) + "\"}");
      a.hears("42[\"call-answer\"");
      return callId.group(1);
    }
  }

  private static void resume(KithServer kith, Person person, String device, String call) {
    try (RawSocket socket = person.connects(kith.port(), device)) {
      String resumed = socket.asks("call-resume", "{\"calls\":[\"" + call + "\"]}");
      assertTrue(resumed.contains("\"ok\":true"), resumed);
      assertTrue(resumed.contains(call), resumed);
      assertTrue(!resumed.contains("\"ended\""), resumed);
    }
  }
}
