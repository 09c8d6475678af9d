package kith.relay;

import java.net.URI;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import kith.auth.UserId;

/** Tells clients where STUN and TURN are, and gives them credentials that expire. */
public final class Relay implements IceServers {
  private final RelayUrls urls;
  private final TurnCredentials credentials;

  /**
   * @param secret shared with the relay
   */
  public Relay(RelayUrls urls, String secret, InstantSource clock) {
    this.urls = urls;
    this.credentials = new TurnCredentials(secret, clock);
  }

  @Override
  public List<Map<String, Object>> forUser(UserId user, Optional<URI> base) {
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
