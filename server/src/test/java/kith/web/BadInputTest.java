package kith.web;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import kith.testing.KithServer;
import kith.testing.Person;
import kith.testing.Reply;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class BadInputTest {
  private static KithServer kith;
  private static Person alice;

  @BeforeAll
  static void start() {
    kith = KithServer.start();
    alice = kith.person("alice");
  }

  @AfterAll
  static void stop() {
    kith.close();
  }

  static Stream<Object> noNames() {
    return Stream.of(
        "",
        "   ",
        "x".repeat(65),
        "x".repeat(10_000),
        "two\nlines",
        "bell\u0007",
        "null\u0000",
        "lone \ud83d surrogate",
        "turned \u202earound",
        "<b>bold</b>",
        "<img src=x onerror=alert(1)>",
        "<!-- -->",
        42,
        true,
        List.of("Family"),
        Map.of("name", "Family"));
  }

  @ParameterizedTest
  @MethodSource("noNames")
  void aCircleNeedsAName(Object name) {
    Person owner = alice;
    int before = owner.gets("/api/circles").list("circles").size();
    Reply refused = owner.posts("/api/circles", "name", name).isProblem(400, "bad_request");
    assertEquals(List.of("name"), refused.wrongFields());
    assertEquals(before, owner.gets("/api/circles").list("circles").size());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Family 👨‍👩‍👧‍👦",
        "I <3 Mum",
        "日本語",
        "O'Brien & \"sons\"",
        "🏴󠁧󠁢󠁷󠁬󠁳󠁿 Cymru",
        "  trimmed  "
      })
  void anyLineIsAName(String name) {
    Reply circle = alice.posts("/api/circles", "name", name).is(201);
    assertEquals(name.strip(), circle.text("name"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"al", "-alice", "al ice", "alice😀", "<alice>", "al\u0000ice", "аlice (Cyrillic)"})
  void aUsernameIsPlain(String username) {
    Reply refused = kith.register(username, "correct horse").isProblem(400, "bad_request");
    assertEquals(List.of("username"), refused.wrongFields());
  }

  @Test
  void everythingThatIsWrongIsToldAtOnce() {
    Reply refused =
        kith.stranger()
            .post("/api/auth/register", "username", 5, "password", "short", "displayName", "<b>")
            .isProblem(400, "bad_request");
    assertEquals(List.of("username", "password", "displayName"), refused.wrongFields());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "{",
        "[]",
        "null",
        "\"text\"",
        "{\"name\":\"x\"} trailing",
        "{\"name\":}",
        "not json",
        "{\"name\":\"a\",\"name\":\"b\"}",
        "{\"name\":\"\\ud83d\\u0000\"",
        "[[[[[[[[[[[[[[[[[[[[[[[]"
      })
  void aBodyMustBeAJsonObject(String body) {
    alice.browser().postText("/api/circles", body).isProblem(400, "bad_request");
  }

  @Test
  void aDeepBodyIsRefused() {
    String deep = "{\"name\":" + "[".repeat(5_000) + "]".repeat(5_000) + "}";
    alice.browser().postText("/api/circles", deep).isProblem(400, "bad_request");
  }

  @Test
  void bytesThatAreNoUtf8AreRefused() {
    byte[] body = {'{', '"', 'n', 'a', 'm', 'e', '"', ':', '"', (byte) 0xC3, '(', '"', '}'};
    alice.browser().postBytes("/api/circles", body).isProblem(400, "bad_request");
  }

  @Test
  void aByteOrderMarkOfNoEncodingIsRefused() {
    byte[] body = {(byte) 0xFE, (byte) 0xFF, 0, 0, '{', '}'};
    alice.browser().postBytes("/api/circles", body).isProblem(400, "bad_request");
  }

  @Test
  void anAddressThatCannotBeDecodedIsRefused() throws IOException {
    for (String id : List.of("%zz", "%00", "a%00b")) {
      String request =
          "GET /api/invites/" + id + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n";
      try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), kith.port())) {
        socket.setSoTimeout(10_000);
        socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
        byte[] answer = socket.getInputStream().readAllBytes();
        String text = new String(answer, StandardCharsets.UTF_8);
        assertTrue(text.startsWith("HTTP/1.1 400"), id + ": " + text);
      }
    }
  }

  @Test
  void aNulIsNoPartOfAUsername() {
    Reply refused = kith.signIn("al\u0000ice", "correct horse").isProblem(400, "bad_request");
    assertEquals(List.of("username"), refused.wrongFields());
  }

  @Test
  void aMegabyteIsTooMuch() {
    String body = "{\"name\":\"" + "x".repeat(1_000_000) + "\"}";
    alice.browser().postText("/api/circles", body).isProblem(413, "too_large");
    alice.gets("/api/me").isOk();
  }

  @Test
  void aBodyMustSayThatItIsJson() {
    alice
        .browser()
        .with("Content-Type", "application/x-www-form-urlencoded")
        .send("POST", "/api/circles", "name=Family".getBytes(StandardCharsets.UTF_8))
        .isProblem(415, "bad_request");
  }

  @Test
  void unknownAddressesAndMethodsAreTold() {
    alice.gets("/api/nothing").isProblem(404, "not_found");
    Reply refused = alice.deletes("/api/circles").isProblem(405, "bad_request");
    assertEquals("GET, POST", refused.header("allow").orElse(""));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "x",
        "00000000-0000-0000-0000-000000000000",
        "%00",
        "%E0%A4%41",
        "..%2f..%2fetc%2fpasswd",
        "1-1-1-1-1",
        "'%20OR%20'1'='1"
      })
  void aCircleThatIsNoneIsNotFound(String id) {
    Reply reply = alice.gets("/api/circles/" + id);
    assertTrue(reply.status() == 404 || reply.status() == 400, reply::body);
  }

  @ParameterizedTest
  @ValueSource(strings = {"\"1\"", "0", "-1", "1.5", "1e3", "99999999999999999999", "true"})
  void anInviteTakesWholeNumbers(String number) {
    String invites = "/api/circles/" + alice.makesCircle("Numbers") + "/invites";
    Reply refused = alice.browser().postText(invites, "{\"maxUses\":" + number + "}");
    assertEquals(List.of("maxUses"), refused.isProblem(400, "bad_request").wrongFields());
  }

  @Test
  void whatIsWrongIsNotQuoted() {
    Reply refused = kith.register("alice9", "pässword".repeat(100));
    assertTrue(!refused.isProblem(400, "bad_request").body().contains("pässword"));
  }
}
