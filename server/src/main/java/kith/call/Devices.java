package kith.call;

import java.util.Set;
import kith.auth.UserId;

/** The devices that are connected now; they are where calls are told. */
public interface Devices {
  /** Connected devices of a user, the longest connected first. Cheap: no I/O. */
  Set<Endpoint> of(UserId user);
}
