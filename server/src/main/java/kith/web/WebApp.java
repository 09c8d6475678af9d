package kith.web;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;
import org.jspecify.annotations.Nullable;

/**
 * The exported web app, held in memory: its files by path, and its page for every address the app
 * itself understands. Read again when the page on disk changes.
 */
public final class WebApp {
  private static final String PAGE = "/index.html";
  private static final Pattern APP_ADDRESS = Pattern.compile("/|/i/[^/]{1,64}/?");
  private static final Pattern HASHED_NAME =
      Pattern.compile("/_expo/static/.*|.*[-.][0-9a-f]{16,}\\.[^/]*");
  private static final Pattern RANGE = Pattern.compile("bytes=(\\d{0,18})-(\\d{0,18})");
  private static final long MAX_FILE_BYTES = 32L << 20;
  private static final int WORTH_COMPRESSING = 1024;
  private static final Map<String, String> TYPES =
      Map.ofEntries(
          Map.entry("html", "text/html; charset=utf-8"),
          Map.entry("js", "text/javascript; charset=utf-8"),
          Map.entry("css", "text/css; charset=utf-8"),
          Map.entry("json", "application/json"),
          Map.entry("map", "application/json"),
          Map.entry("webmanifest", "application/manifest+json"),
          Map.entry("svg", "image/svg+xml"),
          Map.entry("png", "image/png"),
          Map.entry("jpg", "image/jpeg"),
          Map.entry("ico", "image/x-icon"),
          Map.entry("webp", "image/webp"),
          Map.entry("mp3", "audio/mpeg"),
          Map.entry("wav", "audio/wav"),
          Map.entry("ogg", "audio/ogg"),
          Map.entry("m4a", "audio/mp4"),
          Map.entry("woff2", "font/woff2"),
          Map.entry("ttf", "font/ttf"),
          Map.entry("wasm", "application/wasm"),
          Map.entry("txt", "text/plain; charset=utf-8"));

  private final Optional<Path> folder;
  private volatile Snapshot snapshot = new Snapshot(-1, Map.of());

  /**
   * @param folder of the export, with index.html; it need not exist yet
   */
  public WebApp(Optional<Path> folder) {
    this.folder = folder;
  }

  Answer answer(Request request) {
    if (!request.method().equals("GET") && !request.method().equals("HEAD")) {
      return Problem.methodNotAllowed("GET, HEAD").answer();
    }
    boolean appAddress = isAppAddress(request.path());
    StaticFile file = files().get(appAddress ? PAGE : request.path());
    if (file != null) {
      return file.answer(request);
    }
    return appAddress ? notBuilt() : missing(request);
  }

  /** Whether the app's page answers there. */
  static boolean isAppAddress(String path) {
    return APP_ADDRESS.matcher(path).matches();
  }

  private Map<String, StaticFile> files() {
    if (folder.isEmpty()) {
      return Map.of();
    }
    long builtAt = folder.get().resolve("index.html").toFile().lastModified();
    if (snapshot.builtAt() != builtAt) {
      snapshot = new Snapshot(builtAt, load(folder.get()));
    }
    return snapshot.files();
  }

  private static Map<String, StaticFile> load(Path folder) {
    Map<String, StaticFile> files = new HashMap<>();
    try (Stream<Path> paths = Files.walk(folder)) {
      for (Path path : paths.filter(Files::isRegularFile).toList()) {
        if (Files.size(path) <= MAX_FILE_BYTES) {
          String name = "/" + folder.relativize(path).toString().replace('\\', '/');
          files.put(name, StaticFile.load(name, path));
        }
      }
    } catch (IOException | UncheckedIOException notThere) {
      return Map.of();
    }
    return files;
  }

  private static Answer notBuilt() {
    return page(
        503,
        "Kith is running",
        "The server is up, but the web app is not built yet. <code>./kith up</code> builds it;"
            + " <code>KITH_WEB_DIR</code> names another folder to serve.");
  }

  private static Answer missing(Request request) {
    if (request.header("accept").orElse("").contains("text/html")) {
      return page(404, "Nothing here", "<a href=\"/\">Go to Kith</a>");
    }
    return Problem.notFound("There is nothing at this address").answer();
  }

  private static Answer page(int status, String title, String html) {
    return Answer.text(
            status,
            "text/html; charset=utf-8",
            """
            <!doctype html><html lang="en"><meta charset="utf-8">
            <meta name="viewport" content="width=device-width, initial-scale=1">
            <meta name="color-scheme" content="light dark"><title>%s</title>
            <style>body{font:18px/1.5 system-ui,sans-serif;max-width:34em;margin:20vh auto;padding:0 1em}</style>
            <h1>%s</h1><p>%s</p></html>
            """
                .formatted(title, title, html))
        .with("Cache-Control", "no-store");
  }

  private record Snapshot(long builtAt, Map<String, StaticFile> files) {}

  /** One file with its compressed forms, if it has any that are smaller. */
  private record StaticFile(
      Map<String, String> headers, byte[] plain, byte @Nullable [] gzip, byte @Nullable [] brotli) {

    static StaticFile load(String name, Path path) throws IOException {
      byte[] plain = Files.readAllBytes(path);
      String extension = name.substring(name.lastIndexOf('.') + 1).toLowerCase(Locale.ROOT);
      String type = TYPES.getOrDefault(extension, "application/octet-stream");
      Map<String, String> headers =
          Map.of(
              "Content-Type",
              type,
              "ETag",
              "\"" + digest(plain) + "\"",
              "Vary",
              "Accept-Encoding",
              "Accept-Ranges",
              "bytes",
              "Cache-Control",
              HASHED_NAME.matcher(name).matches()
                  ? "public, max-age=31536000, immutable"
                  : "no-cache");
      boolean text = type.startsWith("text/") || type.contains("json") || type.contains("svg");
      return new StaticFile(
          headers,
          plain,
          text && plain.length > WORTH_COMPRESSING ? gzip(plain) : null,
          readIfThere(path.resolveSibling(path.getFileName() + ".br")));
    }

    Answer answer(Request request) {
      String known = request.header("if-none-match").orElse("");
      if (!known.isEmpty() && List.of(known.split("\\s*,\\s*")).contains(headers.get("ETag"))) {
        return new Answer(304, headers, new byte[0]);
      }
      Matcher range = RANGE.matcher(request.header("range").orElse(""));
      if (range.matches() && !request.header("if-range").isPresent()) {
        return part(range.group(1), range.group(2));
      }
      String accepted = request.header("accept-encoding").orElse("");
      if (brotli != null && accepted.contains("br")) {
        return new Answer(200, headers, brotli).with("Content-Encoding", "br");
      }
      if (gzip != null && accepted.contains("gzip")) {
        return new Answer(200, headers, gzip).with("Content-Encoding", "gzip");
      }
      return new Answer(200, headers, plain);
    }

    /** RFC 9110 section 14: Safari plays no sound that it cannot ask for in parts. */
    private Answer part(String first, String last) {
      long size = plain.length;
      long from = first.isEmpty() ? Math.max(0, size - parse(last, 0)) : parse(first, 0);
      long to = first.isEmpty() ? size - 1 : Math.min(parse(last, size - 1), size - 1);
      if (from > to) {
        return new Answer(416, headers, new byte[0]).with("Content-Range", "bytes */" + size);
      }
      byte[] part = java.util.Arrays.copyOfRange(plain, (int) from, (int) to + 1);
      return new Answer(206, headers, part)
          .with("Content-Range", "bytes " + from + "-" + to + "/" + size);
    }

    private static long parse(String digits, long fallback) {
      return digits.isEmpty() ? fallback : Long.parseLong(digits);
    }

    private static byte @Nullable [] readIfThere(Path path) throws IOException {
      return Files.isRegularFile(path) ? Files.readAllBytes(path) : null;
    }

    private static byte[] gzip(byte[] plain) throws IOException {
      var bytes = new ByteArrayOutputStream(plain.length / 3);
      try (var gzip = new GZIPOutputStream(bytes)) {
        gzip.write(plain);
      }
      return bytes.toByteArray();
    }

    private static String digest(byte[] plain) {
      try {
        byte[] hash = MessageDigest.getInstance("SHA-256").digest(plain);
        return HexFormat.of().formatHex(hash, 0, 12);
      } catch (NoSuchAlgorithmException everyJdkHasIt) {
        throw new IllegalStateException(everyJdkHasIt);
      }
    }
  }
}
