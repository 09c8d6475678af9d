package kith.call.running;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import kith.auth.UserId;
import kith.call.Call;
import kith.call.CallId;
import kith.call.CallState;
import kith.call.Device;

/** Where calls are written down. Blocking; throws a RuntimeException when it cannot. */
interface CallStore {
  /** Writes a new call; false if there is or was one with this id. */
  boolean add(Call call);

  /** Writes how a call stands now. A call that is over is never touched again. */
  void save(Call call);

  /** Writes a call in the place of the one it was, which leaves no trace. */
  void saveInsteadOf(CallId former, Call call);

  /**
   * Writes how a call stands, whatever of it could be written before: all of it or nothing, or two
   * calls would run where there is one (glare).
   */
  void saveAgain(Call call);

  /** Every call that is not over, as it is taken up at {@code now}: nobody is there yet. */
  List<Call> running(Instant now);

  /**
   * A call that is over.
   *
   * @param taker the callee's device that took it, if one did
   */
  record Past(CallState.Ended end, Optional<Device> taker) {}

  /** What became of a call that is over, if it is and this user was in it. */
  Optional<Past> past(CallId id, UserId user);

  /** Whether there is or was a call with this id. */
  boolean knows(CallId id);
}
