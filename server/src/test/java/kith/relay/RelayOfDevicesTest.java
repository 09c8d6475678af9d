package kith.relay;

import static kith.testing.RawClient.with;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vertx.core.json.JsonArray;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import kith.testing.KithServer;
import kith.testing.Person;
import kith.testing.RawClient;
import org.junit.jupiter.api.Test;

/** A device finds the relay where it found the server: each by the address it came by itself. */
class RelayOfDevicesTest {
  private static final String HOME = "127.0.0.1";
  private static final String ROAD = "127.0.0.2";

  private static KithServer start(Path data) {
    return KithServer.start(InstantSource.system(), data, "KITH_HOST", "0.0.0.0");
  }

  private static Path folder() throws IOException {
    return Files.createTempDirectory("kith-test");
  }

  private static RawClient connects(Person person, String host, KithServer kith, String device) {
    return RawClient.connect(host, kith.port(), person.token(), device);
  }

  private static void isAt(String host, JsonArray iceServers) {
    assertTrue(iceServers.encode().contains("\"turn:" + host + ":"), iceServers::encode);
  }

  @Test
  void twoDevicesOfOneUserAreToldOfTheRelayWhereEachReachesIt() throws IOException {
    try (KithServer kith = start(folder())) {
      Person alice = kith.person("alice");
      Person bob = kith.person("bob");
      bob.accepts(alice.invitesTo(alice.makesCircle("Family"))).isOk();
      try (RawClient tablet = connects(alice, HOME, kith, "tablet");
          RawClient phone = connects(alice, ROAD, kith, "phone");
          RawClient b = connects(bob, ROAD, kith, "b1")) {
        var called = b.says("call-offer", with("to", alice.id()));
        isAt(ROAD, called.getJsonArray("iceServers"));
        isAt(HOME, tablet.hears("call-offer").getJsonArray("iceServers"));
        isAt(ROAD, phone.hears("call-offer").getJsonArray("iceServers"));
        var answered = tablet.says("call-answer", with("callId", called.getString("callId")));
        isAt(HOME, answered.getJsonArray("iceServers"));
      }
    }
  }

  @Test
  void afterARestartTheFirstWordOfADeviceIsAnsweredWithTheRelayWhereItReachesIt()
      throws IOException {
    Path data = folder();
    KithServer before = start(data);
    Person alice = before.person("alice");
    Person bob = before.person("bob");
    bob.accepts(alice.invitesTo(alice.makesCircle("Family"))).isOk();
    String call;
    try (RawClient a = connects(alice, ROAD, before, "a1");
        RawClient b = connects(bob, ROAD, before, "b1")) {
      call = a.says("call-offer", with("to", bob.id())).getString("callId");
      b.hears("call-offer");
      b.says("call-answer", with("callId", call));
    }
    before.stop();
    try (KithServer after = start(data);
        RawClient a = connects(alice, ROAD, after, "a1")) {
      var resumed = a.says("call-resume", with("calls", List.of(call)));
      isAt(ROAD, resumed.getJsonArray("calls").getJsonObject(0).getJsonArray("iceServers"));
    }
  }
}
