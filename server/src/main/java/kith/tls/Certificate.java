package kith.tls;

import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A certificate chain and its key in two PEM files, read again when they change. */
public final class Certificate implements Supplier<SslContext> {
  private static final Logger log = LoggerFactory.getLogger(Certificate.class);
  private static final Duration LOOK_EVERY = Duration.ofMinutes(1);

  private final Path chain;
  private final Path key;
  private final InstantSource clock;
  private volatile Loaded loaded;

  private record Loaded(SslContext context, long modified, Instant lookedAt) {}

  /**
   * @throws IOException if a file cannot be read
   * @throws IllegalArgumentException if they hold no certificate and key
   */
  public Certificate(Path chain, Path key, InstantSource clock) throws IOException {
    this.chain = chain;
    this.key = key;
    this.clock = clock;
    this.loaded = new Loaded(read(), modified(), clock.instant());
  }

  @Override
  public SslContext get() {
    Loaded last = loaded;
    Instant now = clock.instant();
    if (now.isAfter(last.lookedAt().plus(LOOK_EVERY))) {
      loaded = new Loaded(last.context(), last.modified(), now);
      if (modified() != last.modified()) {
        reload(now);
      }
    }
    return loaded.context();
  }

  private void reload(Instant now) {
    try {
      loaded = new Loaded(read(), modified(), now);
      log.info("The TLS certificate was read again");
    } catch (IOException | IllegalArgumentException unusable) {
      log.warn(
          "The new TLS certificate cannot be used, the old one stays: {}", unusable.getMessage());
    }
  }

  private SslContext read() throws IOException {
    return SslContextBuilder.forServer(chain.toFile(), key.toFile())
        .protocols("TLSv1.3", "TLSv1.2")
        .build();
  }

  private long modified() {
    return Math.max(chain.toFile().lastModified(), key.toFile().lastModified());
  }
}
