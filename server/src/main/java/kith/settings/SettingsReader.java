package kith.settings;

import static kith.settings.Setting.*;

import java.net.InetAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import kith.settings.Settings.CallTimes;
import kith.settings.Settings.Issuer;
import kith.settings.Settings.MetricsAccess;
import kith.settings.Settings.Tls;
import kith.settings.Settings.Turn;
import kith.settings.Settings.TurnLimits;
import kith.settings.Settings.TurnPeers;
import kith.settings.Settings.TurnPorts;

/** Reads every variable and notes each error, so that one start tells them all. */
final class SettingsReader {
  private static final Pattern TURN_URL =
      Pattern.compile("(stun|turn|turns):[^\\s?/@]+(\\?transport=(udp|tcp))?");
  private static final Set<String> WELL_KNOWN_SECRETS =
      Set.of(
          "secret",
          "changeme",
          "change-me",
          "password",
          "kith",
          "default",
          "example",
          "your-secret");
  private static final int JWT_SECRET_BYTES = 32;
  private static final int TURN_SECRET_BYTES = 16;
  private static final int FEWEST_DISTINCT = 8;
  private static final int MOST_MBIT = 100_000;
  private static final int MOST_ALLOCATIONS = 100_000;
  private static final int MOST_TURN_PORTS = 8;
  private static final int MOST_DRAIN_SECONDS = 86_400;

  private final Map<String, String> environment;
  private final List<String> errors = new ArrayList<>();

  SettingsReader(Map<String, String> environment) {
    this.environment = environment;
  }

  Settings read() throws BadSettings {
    Settings settings =
        new Settings(
            text(KITH_HOST),
            number(KITH_PORT, 0, 65535),
            Path.of(text(KITH_DATA_DIR)).toAbsolutePath().normalize(),
            optional(KITH_PUBLIC_URL, this::publicUrl),
            optional(KITH_WEB_DIR, this::folder),
            optional(KITH_DATABASE_URL, text -> url(text, "postgresql", "postgres")),
            optional(KITH_JWT_SECRET, text -> secret(text, JWT_SECRET_BYTES)),
            issuer(),
            choice(KITH_REGISTRATION, Registration.class),
            Set.copyOf(list(KITH_ALLOWED_ORIGINS, this::origin)),
            list(KITH_TRUSTED_PROXIES, this::range),
            choice(KITH_METRICS, MetricsAccess.class),
            tls(),
            turn(),
            new CallTimes(
                seconds(KITH_RING_SECONDS, 300),
                seconds(KITH_CONNECT_SECONDS, 120),
                seconds(KITH_GRACE_SECONDS, 300)),
            oneOf(KITH_LOG_LEVEL, "debug", "info", "warn", "error"));
    if (!errors.isEmpty()) {
      throw new BadSettings(errors);
    }
    return settings;
  }

  private Optional<Issuer> issuer() {
    Optional<URI> keys = optional(KITH_JWKS_URL, text -> url(text, "https", "http"));
    if (isSet(KITH_JWKS_URL) != isSet(KITH_JWT_ISSUER)) {
      errors.add("KITH_JWKS_URL and KITH_JWT_ISSUER go together: set both or neither");
    }
    if (isSet(KITH_JWT_AUDIENCE) && !isSet(KITH_JWKS_URL)) {
      errors.add("KITH_JWT_AUDIENCE is of use only with KITH_JWKS_URL");
    }
    Optional<String> audience = optional(KITH_JWT_AUDIENCE, text -> text);
    return keys.map(url -> new Issuer(url, text(KITH_JWT_ISSUER), audience));
  }

  private Tls tls() {
    String choice = oneOf(KITH_TLS, "self-signed", "off");
    Optional<Path> certificate = optional(KITH_TLS_CERT, this::file);
    Optional<Path> key = optional(KITH_TLS_KEY, this::file);
    if (isSet(KITH_TLS_CERT) != isSet(KITH_TLS_KEY)) {
      errors.add("KITH_TLS_CERT and KITH_TLS_KEY go together: set both or neither");
    }
    if (certificate.isPresent() && key.isPresent()) {
      return new Tls.Files(certificate.get(), key.get());
    }
    return choice.equals("off") ? new Tls.Off() : new Tls.SelfSigned();
  }

  private Turn turn() {
    List<InetAddress> hosts = list(KITH_TURN_HOST, this::address);
    Turn turn =
        new Turn(
            hosts,
            turnPorts(),
            number(KITH_TURN_TLS_PORT, 0, 65535),
            ports(),
            externalIps(hosts),
            list(KITH_TURN_SECRET, text -> secret(text, TURN_SECRET_BYTES)),
            list(KITH_TURN_URLS, this::turnUrl),
            oneOf(KITH_TURN_ENGINE, "auto", "io_uring", "mmsg", "nio"),
            new TurnLimits(
                number(KITH_TURN_ALLOCATIONS, 1, MOST_ALLOCATIONS),
                number(KITH_TURN_ALLOCATIONS_PER_USER, 1, 10_000),
                number(KITH_TURN_MBIT_PER_ALLOCATION, 0, MOST_MBIT),
                number(KITH_TURN_MBIT_IN_ALL, 0, MOST_MBIT)),
            new TurnPeers(
                list(KITH_TURN_ALLOW_PEERS, this::range), list(KITH_TURN_DENY_PEERS, this::range)),
            list(KITH_TURN_PROXIES, this::range),
            Duration.ofSeconds(number(KITH_TURN_DRAIN_SECONDS, 0, MOST_DRAIN_SECONDS)),
            number(KITH_TURN_DRAIN_ALLOCATIONS, 0, MOST_ALLOCATIONS));
    if (turn.isExternal() && !isSet(KITH_TURN_SECRET)) {
      errors.add("KITH_TURN_URLS needs KITH_TURN_SECRET, the secret shared with that relay");
    }
    return turn;
  }

  private TurnPorts turnPorts() {
    List<Integer> all = list(KITH_TURN_PORT, this::port);
    if (all.size() > MOST_TURN_PORTS || text(KITH_TURN_PORT).replace(",", "").isBlank()) {
      errors.add("KITH_TURN_PORT must name 1 to " + MOST_TURN_PORTS + " ports");
    }
    String http = text(KITH_PORT);
    return new TurnPorts(
        all,
        all.stream()
            .filter(port -> port != 0 && http.equals(String.valueOf(port)))
            .collect(Collectors.toSet()));
  }

  private int port(String text) {
    if (text.matches("\\d{1,5}") && Integer.parseInt(text) <= 65_535) {
      return Integer.parseInt(text);
    }
    throw new IllegalArgumentException("must hold ports from 0 to 65535, not '" + text + "'");
  }

  private List<ExternalIp> externalIps(List<InetAddress> hosts) {
    List<ExternalIp> all = list(KITH_TURN_EXTERNAL_IP, ExternalIp::parse);
    long behind = all.stream().map(ExternalIp::behind).distinct().count();
    long told = all.stream().map(ExternalIp::told).distinct().count();
    if (behind < all.size() || told < all.size()) {
      errors.add(
          "KITH_TURN_EXTERNAL_IP must lead each public address to one local address, and each local"
              + " one to one: write PUBLIC/LOCAL");
    }
    // Where all addresses are listened on, one may come later.
    if (!hosts.isEmpty() && hosts.stream().noneMatch(InetAddress::isAnyLocalAddress)) {
      all.stream()
          .flatMap(external -> external.behind().stream())
          .filter(local -> !hosts.contains(local))
          .map(InetAddress::getHostAddress)
          .forEach(
              local ->
                  errors.add(
                      "KITH_TURN_EXTERNAL_IP leads to "
                          + local
                          + ", which KITH_TURN_HOST does not listen on"));
    }
    return all;
  }

  private boolean isSet(Setting setting) {
    return !environment.getOrDefault(setting.name(), "").isBlank();
  }

  private String text(Setting setting) {
    return isSet(setting)
        ? environment.getOrDefault(setting.name(), "").strip()
        : setting.fallback();
  }

  private <T> Optional<T> optional(Setting setting, Function<String, T> parse) {
    return isSet(setting) ? parsed(setting, text(setting), parse) : Optional.empty();
  }

  private <T> List<T> list(Setting setting, Function<String, T> parse) {
    return Arrays.stream(text(setting).split(","))
        .map(String::strip)
        .filter(element -> !element.isEmpty())
        .flatMap(element -> parsed(setting, element, parse).stream())
        .collect(
            Collectors.collectingAndThen(
                Collectors.toCollection(LinkedHashSet::new), List::copyOf));
  }

  private <T> Optional<T> parsed(Setting setting, String text, Function<String, T> parse) {
    try {
      return Optional.of(parse.apply(text));
    } catch (IllegalArgumentException wrong) {
      errors.add(setting.name() + " " + wrong.getMessage());
      return Optional.empty();
    }
  }

  private int number(Setting setting, int least, int most) {
    String text = text(setting);
    if (text.matches("\\d{1,6}")) {
      int number = Integer.parseInt(text);
      if (number >= least && number <= most) {
        return number;
      }
    }
    errors.add(
        setting.name()
            + " must be a number from "
            + least
            + " to "
            + most
            + ", not '"
            + text
            + "'");
    return least;
  }

  private Duration seconds(Setting setting, int most) {
    return Duration.ofSeconds(number(setting, 5, most));
  }

  private String oneOf(Setting setting, String... choices) {
    String text = text(setting).toLowerCase(Locale.ROOT);
    if (!List.of(choices).contains(text)) {
      errors.add(
          setting.name()
              + " must be one of "
              + String.join(", ", choices)
              + ", not '"
              + text
              + "'");
      return setting.fallback();
    }
    return text;
  }

  private <E extends Enum<E>> E choice(Setting setting, Class<E> type) {
    String[] names =
        Arrays.stream(type.getEnumConstants())
            .map(constant -> constant.name().toLowerCase(Locale.ROOT))
            .toArray(String[]::new);
    return Enum.valueOf(type, oneOf(setting, names).toUpperCase(Locale.ROOT));
  }

  private PortRange ports() {
    String text = text(KITH_TURN_RELAY_PORTS);
    if (text.matches("\\d{1,5}-\\d{1,5}")) {
      String[] ends = text.split("-");
      int first = Integer.parseInt(ends[0]);
      int last = Integer.parseInt(ends[1]);
      if (first >= 1024 && last <= 65535 && first < last) {
        return new PortRange(first, last);
      }
    }
    errors.add("KITH_TURN_RELAY_PORTS must be a range within 1024-65535, not '" + text + "'");
    return new PortRange(49152, 65535);
  }

  private URI publicUrl(String text) {
    URI url = url(text, "http", "https");
    if (url.getRawPath() != null && !url.getRawPath().replace("/", "").isEmpty()
        || url.getRawQuery() != null
        || url.getRawUserInfo() != null) {
      throw new IllegalArgumentException("must be scheme, host and port only, not '" + text + "'");
    }
    return URI.create(url.getScheme() + "://" + url.getRawAuthority());
  }

  /** Never quotes what it refuses: the URL may hold a password. */
  private URI url(String text, String... schemes) {
    URI url;
    try {
      url = URI.create(text);
    } catch (IllegalArgumentException notOne) {
      throw new IllegalArgumentException("is not a URL", notOne);
    }
    if (url.getHost() == null || !List.of(schemes).contains(url.getScheme())) {
      throw new IllegalArgumentException(
          "must begin with " + String.join(":// or ", schemes) + ":// and name a host");
    }
    return url;
  }

  private String origin(String text) {
    return text.equals("*") ? text : publicUrl(text).toString();
  }

  private InetAddress address(String text) {
    try {
      return InetAddress.ofLiteral(text);
    } catch (IllegalArgumentException notOne) {
      throw new IllegalArgumentException("must be an IP address, not '" + text + "'", notOne);
    }
  }

  private AddressRange range(String text) {
    try {
      return AddressRange.parse(text);
    } catch (IllegalArgumentException notOne) {
      throw new IllegalArgumentException(
          "must hold addresses or ranges such as 10.0.0.0/8, not '" + text + "'", notOne);
    }
  }

  private String turnUrl(String text) {
    if (!TURN_URL.matcher(text).matches()) {
      throw new IllegalArgumentException(
          "must hold STUN or TURN URLs (RFC 7064, RFC 7065), not '" + text + "'");
    }
    return text;
  }

  private Path file(String text) {
    Path path = Path.of(text).toAbsolutePath();
    if (!Files.isReadable(path)) {
      throw new IllegalArgumentException("names a file that cannot be read: " + text);
    }
    return path;
  }

  private Path folder(String text) {
    Path path = Path.of(text).toAbsolutePath();
    if (!Files.isDirectory(path)) {
      throw new IllegalArgumentException("names no folder: " + text);
    }
    return path;
  }

  /** Never quotes what it refuses: it may be nearly the right one. */
  private String secret(String text, int leastBytes) {
    String advice = "; leave it empty to have one made, or use: openssl rand -base64 48";
    if (text.getBytes(StandardCharsets.UTF_8).length < leastBytes) {
      throw new IllegalArgumentException("must have at least " + leastBytes + " bytes" + advice);
    }
    String lower = text.toLowerCase(Locale.ROOT);
    boolean wellKnown =
        WELL_KNOWN_SECRETS.stream().anyMatch(known -> lower.replace(known, "").length() < 8);
    if (wellKnown || text.chars().distinct().count() < FEWEST_DISTINCT) {
      throw new IllegalArgumentException("is too easy to guess" + advice);
    }
    return text;
  }
}
