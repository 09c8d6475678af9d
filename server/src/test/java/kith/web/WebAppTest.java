package kith.web;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.GZIPInputStream;
import kith.testing.Browser;
import kith.testing.KithServer;
import kith.testing.Reply;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class WebAppTest {
  private static final String SCRIPT =
      "/_expo/static/js/web/index-0123456789abcdef0123456789abcdef.js";
  private static final String CODE = "console.log('kith');".repeat(200);

  @TempDir static Path web;
  private static KithServer kith;

  @BeforeAll
  static void start() throws IOException {
    Files.writeString(web.resolve("index.html"), "<!doctype html><title>Kith</title>");
    Files.createDirectories(web.resolve("_expo/static/js/web"));
    Files.writeString(web.resolve(SCRIPT.substring(1)), CODE);
    Files.write(web.resolve("ring.mp3"), new byte[] {0, 1, 2, 3, 4, 5, 6, 7, 8, 9});
    kith = KithServer.start("KITH_WEB_DIR", web.toString());
  }

  @AfterAll
  static void stop() {
    kith.close();
  }

  @ParameterizedTest
  @ValueSource(strings = {"/", "/i/abc123", "/i/abc123/", "/?x=1"})
  void thePageAnswersWhereverTheAppIs(String path) {
    Reply page = browser().get(path).isOk();
    assertTrue(page.body().contains("<title>Kith"));
    assertEquals("text/html; charset=utf-8", page.header("content-type").orElse(""));
    assertEquals("no-cache", page.header("cache-control").orElse(""));
  }

  @Test
  void whatIsNamedByItsHashIsKeptForEver() {
    Reply script = browser().get(SCRIPT).isOk();
    assertEquals("public, max-age=31536000, immutable", script.header("cache-control").orElse(""));
    assertEquals(CODE, script.body());
  }

  @Test
  void textComesCompressed() throws IOException {
    Reply script = browser().with("Accept-Encoding", "gzip, deflate").get(SCRIPT).isOk();
    assertEquals("gzip", script.header("content-encoding").orElse(""));
    var plain = new GZIPInputStream(new ByteArrayInputStream(script.http().body())).readAllBytes();
    assertEquals(CODE, new String(plain, java.nio.charset.StandardCharsets.UTF_8));
  }

  @Test
  void whatABrowserHasIsNotSentAgain() {
    String tag = browser().get("/").header("etag").orElseThrow();
    assertEquals("", browser().with("If-None-Match", tag).get("/").is(304).body());
  }

  @Test
  void soundsComeInParts() {
    Reply part = browser().with("Range", "bytes=2-4").get("/ring.mp3").is(206);
    assertArrayEquals(new byte[] {2, 3, 4}, part.http().body());
    assertEquals("bytes 2-4/10", part.header("content-range").orElse(""));
    Reply last = browser().with("Range", "bytes=-2").get("/ring.mp3").is(206);
    assertArrayEquals(new byte[] {8, 9}, last.http().body());
    browser().with("Range", "bytes=10-").get("/ring.mp3").is(416);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"/../pom.xml", "/%2e%2e/pom.xml", "/..%5cpom.xml", "//etc/passwd", "/nothing.js"})
  void nothingOutsideTheAppIsServed(String path) {
    browser().get(path).isProblem(404, "not_found");
  }

  @Test
  void aPersonWhoIsLostIsToldSo() {
    Reply page = browser().with("Accept", "text/html").get("/nothing").is(404);
    assertTrue(page.body().contains("<a href=\"/\">"));
  }

  @Test
  void aNewBuildIsServedAtOnce(@TempDir Path folder) throws IOException {
    try (KithServer server = KithServer.start("KITH_WEB_DIR", folder.toString())) {
      assertTrue(server.stranger().get("/").is(503).body().contains("not built"));
      Files.writeString(folder.resolve("index.html"), "first");
      assertEquals("first", server.stranger().get("/").isOk().body());
      Files.writeString(folder.resolve("index.html"), "second");
      assertTrue(folder.resolve("index.html").toFile().setLastModified(1_000_000_000_000L));
      assertEquals("second", server.stranger().get("/").isOk().body());
    }
  }

  @Test
  void thePageMayDoOnlyWhatItNeeds() {
    Reply page = browser().get("/").isOk();
    String policy = page.header("content-security-policy").orElse("");
    assertTrue(policy.contains("default-src 'self'"), policy);
    assertTrue(policy.contains("frame-ancestors 'none'"), policy);
    assertFalse(policy.contains("*"), policy);
    assertTrue(page.header("permissions-policy").orElse("").contains("camera=(self)"));
    assertEquals("nosniff", page.header("x-content-type-options").orElse(""));
    assertEquals("no-referrer", page.header("referrer-policy").orElse(""));
    assertTrue(page.header("strict-transport-security").isEmpty());
  }

  private static Browser browser() {
    return kith.stranger();
  }
}
