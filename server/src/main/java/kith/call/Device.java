package kith.call;

import java.util.Optional;
import kith.auth.UserId;

/**
 * A device as it takes part in calls.
 *
 * @param name what others call its user
 * @param reportsConnected it promised to say {@code call-connected} once its media connection is
 *     up; only of such a device may be concluded, from its silence, that there is none
 * @param takesWaiting it promised to let a second call wait while its user talks
 * @param label what it says it is, for its own user: "Firefox on Linux"; empty if it did not say
 */
public record Device(
    Endpoint at,
    String name,
    boolean reportsConnected,
    boolean takesWaiting,
    Optional<String> label) {

  public Device(Endpoint at, String name, boolean reportsConnected, boolean takesWaiting) {
    this(at, name, reportsConnected, takesWaiting, Optional.empty());
  }

  public UserId user() {
    return at.user();
  }

  public DeviceId id() {
    return at.device();
  }

  Device named(String other) {
    return new Device(at, other, reportsConnected, takesWaiting, label);
  }
}
