package kith;

import io.netty.channel.ChannelHandler;
import io.netty.channel.unix.Errors;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.file.FileSystemOptions;
import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionException;
import java.util.function.Supplier;
import kith.database.Database;
import kith.database.DatabaseUnavailable;
import kith.relay.EmbeddedRelay;
import kith.relay.RelayAddress;
import kith.settings.DataDirectory;
import kith.settings.Settings;
import kith.settings.Settings.Tls;
import kith.tls.Certificate;
import kith.tls.SelfSigned;
import kith.web.HttpPort;
import org.jspecify.annotations.Nullable;

/** The steps of a start that may fail, each with what a person is told then. */
record Startup(Settings settings, InstantSource clock) {
  DataDirectory data() throws StartFailed {
    try {
      return DataDirectory.open(settings.dataDir());
    } catch (DataDirectory.Unusable unusable) {
      throw new StartFailed(StartFailed.Cause.DATA_DIRECTORY, message(unusable), unusable);
    }
  }

  /** The secret that was set, or else the one kept in the data directory. */
  String secret(Optional<String> set, DataDirectory data, String file) throws StartFailed {
    try {
      return set.isPresent() ? set.get() : data.secret(file);
    } catch (DataDirectory.Unusable unusable) {
      throw new StartFailed(StartFailed.Cause.DATA_DIRECTORY, message(unusable), unusable);
    }
  }

  /** Of the relay: those that were set, or else the one kept in the data directory. */
  List<String> turnSecrets(DataDirectory data) throws StartFailed {
    List<String> set = settings.turn().secrets();
    return set.isEmpty() ? List.of(secret(Optional.empty(), data, "turn-secret")) : set;
  }

  Database database(DataDirectory data) throws StartFailed {
    try {
      return Database.open(settings.databaseUrl(), data.path());
    } catch (DatabaseUnavailable unavailable) {
      throw new StartFailed(StartFailed.Cause.DATABASE, message(unavailable), unavailable);
    }
  }

  Optional<Certificate> certificate(DataDirectory data) throws StartFailed {
    try {
      return switch (settings.tls()) {
        case Tls.Off() -> Optional.empty();
        case Tls.Files(Path chain, Path key) -> Optional.of(new Certificate(chain, key, clock));
        case Tls.SelfSigned() -> {
          List<InetAddress> addresses = RelayAddress.ofThisMachine().stream().toList();
          var files = SelfSigned.in(data.path().resolve("tls"), addresses, clock.instant());
          yield Optional.of(new Certificate(files.certificate(), files.key(), clock));
        }
      };
    } catch (IOException | IllegalArgumentException unreadable) {
      throw new StartFailed(
          StartFailed.Cause.CERTIFICATE,
          "the TLS certificate cannot be used: " + message(unreadable),
          unreadable);
    }
  }

  /** Absent where another relay is named. */
  Optional<EmbeddedRelay> embeddedRelay(List<String> secrets) throws StartFailed {
    Settings.Turn turn = settings.turn();
    if (turn.isExternal()) {
      return Optional.empty();
    }
    Optional<EmbeddedRelay.Certificate> certificate =
        settings.tls() instanceof Tls.Files(Path chain, Path key)
            ? Optional.of(new EmbeddedRelay.Certificate(chain, key))
            : Optional.empty();
    try {
      return Optional.of(new EmbeddedRelay(turn, secrets, certificate));
    } catch (EmbeddedRelay.WrongEngine unusable) {
      throw new StartFailed(
          StartFailed.Cause.BAD_SETTINGS,
          "KITH_TURN_ENGINE cannot be "
              + turn.engine()
              + " here: "
              + message(unusable)
              + "; auto chooses one that works",
          unusable);
    } catch (IOException taken) {
      throw new StartFailed(
          StartFailed.Cause.PORT_TAKEN,
          "the relay cannot listen: "
              + message(taken)
              + "; KITH_TURN_PORT chooses another port, KITH_TURN_HOST other addresses,"
              + " KITH_TURN_URLS another relay",
          taken);
    }
  }

  /** On Netty's epoll transport where it runs: it costs less per message and per idle socket. */
  Vertx vertx() {
    return Vertx.vertx(
        new VertxOptions()
            .setPreferNativeTransport(true)
            .setEventLoopPoolSize(Runtime.getRuntime().availableProcessors())
            .setFileSystemOptions(
                new FileSystemOptions()
                    .setFileCachingEnabled(false)
                    .setClassPathResolvingEnabled(false)));
  }

  HttpPort http(
      Vertx vertx,
      Optional<Certificate> certificate,
      Optional<EmbeddedRelay> relay,
      HttpPort.Parts parts)
      throws StartFailed {
    try {
      Optional<Supplier<ChannelHandler>> beforeHttp = relay.map(running -> running::beforeHttp);
      return new HttpPort(vertx, settings.host(), settings.port(), certificate, beforeHttp, parts);
    } catch (CompletionException failure) {
      String why =
          isOfBinding(failure.getCause())
              ? "port " + settings.port() + " is taken or not allowed; KITH_PORT chooses another"
              : "cannot listen on " + settings.host() + ": " + message(failure);
      throw new StartFailed(StartFailed.Cause.PORT_TAKEN, why, failure);
    }
  }

  /** Netty's own transports have an exception of their own. */
  private static boolean isOfBinding(@Nullable Throwable cause) {
    return cause instanceof BindException || cause instanceof Errors.NativeIoException;
  }

  private static String message(Throwable failure) {
    return String.valueOf(failure.getMessage());
  }
}
