package kith.call.running;

import java.util.Locale;
import kith.auth.UserId;

/** Whether someone can be called now. */
public final class Presence {
  private final Devices devices;
  private final Calls calls;

  public Presence(Devices devices, Calls calls) {
    this.devices = devices;
    this.calls = calls;
  }

  /** Cheap: no I/O. */
  public Status of(UserId user) {
    if (calls.isTalking(user)) {
      return Status.IN_CALL;
    }
    return devices.of(user).isEmpty() ? Status.OFFLINE : Status.ONLINE;
  }

  public enum Status {
    ONLINE,
    IN_CALL,
    OFFLINE;

    /** As it is written on the wire: {@code in-call}. */
    public String wire() {
      return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
  }
}
