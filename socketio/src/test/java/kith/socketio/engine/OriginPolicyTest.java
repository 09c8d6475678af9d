package kith.socketio.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class OriginPolicyTest {
  private static final OriginPolicy OWN = new OriginPolicy(Set.of());
  private static final OriginPolicy LISTED = new OriginPolicy(Set.of("https://app.example"));
  private static final OriginPolicy ANY = new OriginPolicy(Set.of("*"));

  private static EngineRequest from(String... headers) {
    return new EngineRequest("GET", Map.of(), Headers.of(List.of(headers)), "", false, false);
  }

  @Test
  void aClientThatIsNoWebPageMay() {
    assertTrue(OWN.allows(from("Host", "kith.example")));
  }

  @Test
  void theServersOwnPageMay() {
    assertTrue(OWN.allows(from("Origin", "https://kith.example", "Host", "kith.example")));
    assertTrue(OWN.allows(from("Origin", "http://kith.example:3001", "Host", "KITH.example:3001")));
    assertTrue(OWN.allows(from("Origin", "https://kith.example", "Host", "kith.example:443")));
  }

  @Test
  void anotherPageMayNot() {
    assertFalse(OWN.allows(from("Origin", "https://evil.example", "Host", "kith.example")));
    assertFalse(OWN.allows(from("Origin", "null", "Host", "kith.example")));
    assertFalse(OWN.allows(from("Origin", "https://kith.example.evil", "Host", "kith.example")));
    assertFalse(LISTED.allows(from("Origin", "https://evil.example", "Host", "kith.example")));
  }

  @Test
  void aListedPageMayAndIsNamedInTheAnswer() {
    EngineRequest request = from("Origin", "https://app.example", "Host", "kith.example");
    assertTrue(LISTED.allows(request));
    assertEquals(
        Map.of(
            "Access-Control-Allow-Origin", "https://app.example",
            "Access-Control-Allow-Credentials", "true",
            "Vary", "Origin"),
        LISTED.responseHeaders(request));
  }

  @Test
  void everyPageMayWithoutCredentialsWhenAllAreAllowed() {
    EngineRequest request = from("Origin", "https://evil.example");
    assertTrue(ANY.allows(request));
    assertEquals(Map.of("Access-Control-Allow-Origin", "*"), ANY.responseHeaders(request));
  }

  @Test
  void aPreflightIsToldWhatItMaySend() {
    EngineRequest preflight =
        new EngineRequest(
            "OPTIONS",
            Map.of(),
            Headers.of(
                List.of(
                    "Origin", "https://app.example",
                    "Access-Control-Request-Headers", "x-token\r\nSet-Cookie: a")),
            "",
            false,
            false);
    Map<String, String> headers = LISTED.responseHeaders(preflight);
    assertEquals("GET, POST", headers.get("Access-Control-Allow-Methods"));
    assertEquals("Content-Type", headers.get("Access-Control-Allow-Headers"));
  }
}
