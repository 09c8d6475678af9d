package kith.call.running;

import kith.call.CallSettings;
import kith.database.Database;

/** Calls on one thread, in virtual time, on a real database or on none. */
public final class CallsInVirtualTime {
  private CallsInVirtualTime() {}

  public static Calls on(
      Database database,
      CallSettings settings,
      Directory directory,
      Devices devices,
      VirtualTime time) {
    return on(new SqlCallStore(database), settings, directory, devices, time);
  }

  static Calls on(
      CallStore store,
      CallSettings settings,
      Directory directory,
      Devices devices,
      VirtualTime time) {
    return new Calls(settings, directory, devices, store, time, time, new SameThread());
  }
}
