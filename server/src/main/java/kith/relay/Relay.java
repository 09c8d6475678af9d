package kith.relay;

import java.net.URI;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import kith.auth.User;
import kith.auth.UserId;
import kith.web.Request;

/** Tells clients where STUN and TURN are, and gives them credentials that expire. */
public final class Relay implements IceServers {
  private static final int MAX_REMEMBERED = 20_000;

  private final RelayUrls urls;
  private final TurnCredentials credentials;

  /** By user, the address they last reached this server at; the latest users only. */
  private final Map<UserId, URI> lastSeenAt =
      Collections.synchronizedMap(
          new LinkedHashMap<>(16, 0.75f, true) {
            @Override
            protected boolean removeEldestEntry(Map.Entry<UserId, URI> eldest) {
              return size() > MAX_REMEMBERED;
            }
          });

  /**
   * @param secret shared with the relay
   */
  public Relay(RelayUrls urls, String secret, InstantSource clock) {
    this.urls = urls;
    this.credentials = new TurnCredentials(secret, clock);
  }

  /** Remembers by what address someone reaches this machine. */
  public void seen(User user, Request request) {
    lastSeenAt.put(user.id(), request.base());
  }

  @Override
  public List<Map<String, Object>> forUser(UserId user) {
    return servers(user, Optional.ofNullable(lastSeenAt.get(user)));
  }

  private List<Map<String, Object>> servers(UserId user, Optional<URI> base) {
    List<String> all = urls.forClientAt(base);
    List<String> stun = all.stream().filter(url -> url.startsWith("stun:")).toList();
    List<String> turn = all.stream().filter(url -> !url.startsWith("stun:")).toList();
    List<Map<String, Object>> servers = new ArrayList<>();
    if (!stun.isEmpty()) {
      servers.add(Map.of("urls", stun));
    }
    if (!turn.isEmpty()) {
      var credential = credentials.forUser(user);
      servers.add(
          Map.of(
              "urls", turn,
              "username", credential.username(),
              "credential", credential.password()));
    }
    return servers;
  }
}
