package kith.call;

import java.util.Optional;
import kith.auth.UserId;
import kith.circle.CircleId;

/**
 * A device wants to call someone.
 *
 * @param callId made by the device; without one the server makes it
 * @param circle in which of the circles they share; without one, the oldest
 */
public record Offer(
    Optional<CallId> callId,
    Device by,
    UserId to,
    Optional<CircleId> circle,
    Media media,
    Optional<SessionDescription> description) {}
