package kith.call;

import java.util.List;
import java.util.Optional;
import kith.auth.UserId;
import kith.call.CallState.Answered;
import kith.call.CallState.Unanswered;

/**
 * What the calls of one person mean for each other: someone talks in one call at a time, and may
 * have one more beside it, which waits or is held.
 */
public final class CallWaiting {
  private CallWaiting() {}

  /** The device on which another call may wait: the one its user talks on, if it can take two. */
  public static Optional<Device> deviceFor(
      UserId callee, List<Call> theirs, List<Device> connected) {
    if (theirs.size() != 1) {
      return Optional.empty();
    }
    return theirs
        .getFirst()
        .seatOf(callee)
        .filter(seat -> theirs.getFirst().state() instanceof Answered && !seat.isAway())
        .flatMap(
            seat ->
                connected.stream()
                    .filter(device -> device.at().equals(seat.device().at()))
                    .findFirst())
        .filter(Device::takesWaiting);
  }

  /** Whether its user would talk in this call and in another one, if this were done. */
  public static boolean wouldTalkTwice(Call call, CallEvent event, List<Call> others) {
    return beginsToTalk(call, event)
        .filter(user -> others.stream().anyMatch(other -> other.isTalkedInBy(user)))
        .isPresent();
  }

  private static Optional<UserId> beginsToTalk(Call call, CallEvent event) {
    return switch (event) {
      case CallEvent.Answers answers -> takes(call, answers.by().user());
      case CallEvent.Offers offers ->
          takes(call, offers.by().user())
              .filter(user -> offers.to().equals(call.caller().device().user()));
      case CallEvent.Holds holds ->
          Optional.of(holds.by().user())
              .filter(user -> call.state() instanceof Answered && !holds.held())
              .filter(user -> call.seatOf(user).filter(Seat::held).isPresent());
      case CallEvent.FromDevice said -> Optional.empty();
      case CallEvent.DeviceCame came -> Optional.empty();
      case CallEvent.DeviceWent went -> Optional.empty();
      case CallEvent.FreeAgain free -> Optional.empty();
      case CallEvent.TimePassed passed -> Optional.empty();
      case CallEvent.LeftCircle left -> Optional.empty();
      case CallEvent.NoLongerWaits alone -> Optional.empty();
      case CallEvent.ServerFailed failed -> Optional.empty();
    };
  }

  private static Optional<UserId> takes(Call call, UserId user) {
    return Optional.of(user)
        .filter(it -> it.equals(call.callee()) && call.state() instanceof Unanswered);
  }

  /** Whether someone may be in both of these calls. */
  public static boolean mayBeInBoth(UserId user, Call one, Call other) {
    boolean twoTaken = one.state() instanceof Answered && other.state() instanceof Answered;
    return twoTaken
        ? !(one.isTalkedInBy(user) && other.isTalkedInBy(user))
        : waitsBeside(user, one, other) || waitsBeside(user, other, one);
  }

  private static boolean waitsBeside(UserId user, Call waiting, Call taken) {
    return taken.state() instanceof Answered
        && waiting.isWaiting()
        && user.equals(waiting.callee());
  }
}
