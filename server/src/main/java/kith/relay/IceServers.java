package kith.relay;

import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import kith.auth.UserId;

/** The STUN and TURN servers a user's peer connections are given, with credentials that expire. */
@FunctionalInterface
public interface IceServers {
  /**
   * A list of {@code RTCIceServer} (W3C WebRTC 4.2.4), ready for JSON: {@code urls}, and for TURN
   * {@code username} and {@code credential}. Cheap: no I/O.
   *
   * @param base the address they reached this server at, if it is known
   */
  List<Map<String, Object>> forUser(UserId user, Optional<URI> base);
}
