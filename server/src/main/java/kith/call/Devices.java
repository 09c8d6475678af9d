package kith.call;

import java.util.List;
import kith.auth.UserId;

/** The devices that are connected now: where calls ring, and where they are told. */
public interface Devices {
  /** Connected devices of a user. Cheap: no I/O. */
  List<Device> of(UserId user);

  /**
   * Sends a message, in the order of the calls to this method. Cheap: queues and returns.
   *
   * @param number counts the messages of one call to one device, from 1; 0 for a message that is
   *     not counted
   * @return false if the device is not connected
   */
  boolean tell(Endpoint to, CallMessage message, long number);
}
