package kith.relay;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import kith.auth.SignedIn;
import kith.web.Answer;
import kith.web.Route;

/** The relay's part of the API. */
public final class RelayRoutes {
  private final IceServers iceServers;
  private final SignedIn signedIn;

  public RelayRoutes(IceServers iceServers, SignedIn signedIn) {
    this.iceServers = iceServers;
    this.signedIn = signedIn;
  }

  public List<Route> routes() {
    return List.of(
        Route.get(
            "/api/ice-servers",
            signedIn.only(
                (request, user) ->
                    Answer.json(
                        new Configuration(
                            iceServers.forUser(user.id(), Optional.of(request.base())),
                            ttlSeconds())))));
  }

  private static long ttlSeconds() {
    return TurnCredentials.LIFETIME.toSeconds();
  }

  /** An RTCConfiguration (W3C WebRTC 4.2.1), and how long its credentials are good. */
  private record Configuration(List<Map<String, Object>> iceServers, long ttlSeconds) {}
}
