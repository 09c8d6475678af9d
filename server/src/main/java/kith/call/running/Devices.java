package kith.call.running;

import java.util.List;
import kith.auth.UserId;
import kith.call.CallMessage;
import kith.call.Device;
import kith.call.Endpoint;

/** The devices that are connected now: where calls ring, and where they are told. */
public interface Devices {
  /** Connected devices of a user. Cheap: no I/O. */
  List<Device> of(UserId user);

  /** The number of the connection a device has now, which no other ever has; 0 if it has none. */
  long connectionOf(Endpoint device);

  /**
   * Sends a message, in the order of the calls to this method. Cheap: queues and returns.
   *
   * @param connection the one it is for
   * @param number counts the messages of one call to one device; 0 for a message that is not
   *     counted
   * @return false if the device has no connection, or another one
   */
  boolean tell(Endpoint to, long connection, CallMessage message, long number);
}
