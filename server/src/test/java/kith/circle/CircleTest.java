package kith.circle;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.URI;
import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import kith.database.DatabaseKind;
import kith.testing.KithServer;
import kith.testing.Person;
import kith.testing.Reply;
import kith.testing.TestClock;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class CircleTest {
  private static final TestClock clock = new TestClock();
  private static final Map<DatabaseKind, KithServer> servers = new EnumMap<>(DatabaseKind.class);

  private static KithServer on(DatabaseKind kind) {
    return servers.computeIfAbsent(
        kind,
        wanted ->
            KithServer.start(
                clock, "KITH_DATABASE_URL", wanted.url().map(URI::toString).orElse("")));
  }

  @AfterAll
  static void stop() {
    servers.values().forEach(KithServer::close);
  }

  @ParameterizedTest
  @EnumSource
  void whoMakesACircleOwnsIt(DatabaseKind kind) {
    Person alice = on(kind).person("alice");
    String circle = alice.makesCircle("Family 🏡");
    Reply list = alice.gets("/api/circles").isOk();
    assertEquals(
        List.of(
            Map.of(
                "id",
                circle,
                "name",
                "Family 🏡",
                "ownerId",
                alice.id(),
                "role",
                "owner",
                "memberCount",
                1)),
        list.list("circles"));
  }

  @ParameterizedTest
  @EnumSource
  void anInviteLetsOthersIn(DatabaseKind kind) {
    Person alice = on(kind).person("alice");
    Person bob = on(kind).person("bob");
    String circle = alice.makesCircle("Family");
    clock.passes(Duration.ofSeconds(1));
    Reply accepted = bob.accepts(alice.invitesTo(circle)).isOk();
    assertEquals("member", accepted.text("role"));
    assertEquals(
        List.of(member(alice, "alice", "owner"), member(bob, "bob", "member")),
        alice.gets("/api/circles/" + circle).isOk().list("members"));
  }

  private static Map<String, Object> member(Person person, String name, String role) {
    return Map.of(
        "userId",
        person.id(),
        "username",
        person.username(),
        "displayName",
        name,
        "role",
        role,
        "status",
        "offline");
  }

  @ParameterizedTest
  @EnumSource
  void aStrangerSeesOnlyWhatAnInviteTells(DatabaseKind kind) {
    Person alice = on(kind).person("alice");
    String code = alice.invitesTo(alice.makesCircle("Family"));
    Reply preview = on(kind).stranger().get("/api/invites/" + code).isOk();
    assertEquals("Family", preview.text("circle.name"));
    assertEquals("alice", preview.text("invitedBy"));
    assertEquals(3, preview.json().size());
    on(kind).stranger().get("/api/invites/nonsense").isProblem(404, "not_found");
  }

  @ParameterizedTest
  @EnumSource
  void anInviteExpires(DatabaseKind kind) {
    Person alice = on(kind).person("alice");
    String circle = alice.makesCircle("Family");
    String code =
        alice.posts("/api/circles/" + circle + "/invites", "expiresInHours", 1).text("code");
    clock.passes(Duration.ofHours(1));
    on(kind).person("bob").accepts(code).isProblem(410, "not_found");
    on(kind).stranger().get("/api/invites/" + code).isProblem(410, "not_found");
  }

  @ParameterizedTest
  @EnumSource
  void anInviteIsUsedUpByNewMembersOnly(DatabaseKind kind) {
    Person alice = on(kind).person("alice");
    Person bob = on(kind).person("bob");
    String circle = alice.makesCircle("Family");
    String code = alice.posts("/api/circles/" + circle + "/invites", "maxUses", 2).text("code");
    alice.accepts(code).isOk();
    bob.accepts(code).isOk();
    bob.accepts(code).isOk();
    on(kind).person("carol").accepts(code).isOk();
    on(kind).person("dave").accepts(code).isProblem(410, "not_found");
  }

  @ParameterizedTest
  @EnumSource
  void anInviteThatIsUsedUpIsSaidToBeSoWhenThereAreOthers(DatabaseKind kind) {
    Person alice = on(kind).person("alice");
    String circle = alice.makesCircle("Family");
    String code = alice.posts("/api/circles/" + circle + "/invites", "maxUses", 1).text("code");
    on(kind).person("bob").accepts(code).isOk();
    alice.invitesTo(circle);
    on(kind).person("carol").accepts(code).isProblem(410, "not_found");
  }

  @ParameterizedTest
  @EnumSource
  void onlyInvitesThatAreOpenCountAgainstACircle(DatabaseKind kind) {
    Person alice = on(kind).person("alice");
    Person bob = on(kind).person("bob");
    String circle = alice.makesCircle("Family");
    String invites = "/api/circles/" + circle + "/invites";
    bob.accepts(alice.posts(invites, "maxUses", 1).text("code")).isOk();
    String lasting = alice.invitesTo(circle);
    for (int made = 1; made < Invites.MAX_PER_CIRCLE; made++) {
      alice.posts(invites, "expiresInHours", 1).is(201);
    }
    alice.posts(invites).isProblem(409, "conflict");
    clock.passes(Duration.ofHours(1));
    Person carol = on(kind).person("carol");
    carol.accepts(lasting).isOk();
    carol.posts(invites).is(201);
  }

  @ParameterizedTest
  @EnumSource
  void aCircleIsNobodysBusinessButItsMembers(DatabaseKind kind) {
    String circle = on(kind).person("alice").makesCircle("Family");
    Person eve = on(kind).person("eve");
    eve.gets("/api/circles/" + circle).isProblem(404, "not_found");
    eve.posts("/api/circles/" + circle + "/invites").isProblem(404, "not_found");
    eve.browser().patch("/api/circles/" + circle, "name", "Mine").isProblem(404, "not_found");
    eve.deletes("/api/circles/" + circle).isProblem(404, "not_found");
  }

  @ParameterizedTest
  @EnumSource
  void onlyTheOwnerRenamesRemovesAndDeletes(DatabaseKind kind) {
    Person alice = on(kind).person("alice");
    Person bob = on(kind).person("bob");
    String circle = "/api/circles/" + alice.makesCircle("Family");
    bob.accepts(alice.invitesTo(circle.substring(13))).isOk();
    bob.browser().patch(circle, "name", "Mine").isProblem(403, "forbidden");
    bob.deletes(circle + "/members/" + alice.id()).isProblem(403, "forbidden");
    bob.deletes(circle).isProblem(403, "forbidden");
    assertEquals("Friends", alice.browser().patch(circle, "name", "Friends").isOk().text("name"));
    alice.deletes(circle + "/members/" + bob.id()).is(204);
    bob.gets(circle).isProblem(404, "not_found");
    alice.deletes(circle).is(204);
    alice.gets(circle).isProblem(404, "not_found");
  }

  @ParameterizedTest
  @EnumSource
  void whoWasRemovedDoesNotComeBackByAnOldInvite(DatabaseKind kind) {
    Person alice = on(kind).person("alice");
    Person bob = on(kind).person("bob");
    String circle = alice.makesCircle("Family");
    String first = alice.invitesTo(circle);
    bob.accepts(first).isOk();
    String own = bob.invitesTo(circle);
    alice.deletes("/api/circles/" + circle + "/members/" + bob.id()).is(204);
    bob.accepts(first).isProblem(404, "not_found");
    bob.accepts(own).isProblem(404, "not_found");
    bob.accepts(alice.invitesTo(circle)).isOk();
  }

  @ParameterizedTest
  @EnumSource
  void whenTheOwnerLeavesTheLongestMemberOwns(DatabaseKind kind) {
    Person alice = on(kind).person("alice");
    String circle = alice.makesCircle("Family");
    String code = alice.invitesTo(circle);
    Person bob = on(kind).person("bob");
    bob.accepts(code).isOk();
    clock.passes(Duration.ofSeconds(1));
    on(kind).person("carol").accepts(code).isOk();
    alice.deletes("/api/circles/" + circle + "/members/" + alice.id()).is(204);
    assertEquals("owner", bob.gets("/api/circles/" + circle).isOk().text("role"));
  }

  @ParameterizedTest
  @EnumSource
  void whenTheLastLeavesTheCircleIsGone(DatabaseKind kind) {
    Person alice = on(kind).person("alice");
    String circle = alice.makesCircle("Family");
    String code = alice.invitesTo(circle);
    alice.deletes("/api/circles/" + circle + "/members/" + alice.id()).is(204);
    on(kind).stranger().get("/api/invites/" + code).isProblem(404, "not_found");
  }

  @ParameterizedTest
  @EnumSource
  void nobodyIsInMoreThanAHundredCircles(DatabaseKind kind) {
    Person alice = on(kind).person("alice");
    for (int i = 0; i < Circles.MAX_PER_USER; i++) {
      alice.makesCircle("Circle " + i);
    }
    Reply refused = alice.posts("/api/circles", "name", "One more").isProblem(409, "conflict");
    assertTrue(refused.text("detail").contains("leave one"));
  }
}
