package kith.call;

/** What the device that said something is answered. */
public sealed interface Reply {

  /** Done, or it was already so; the call as it stands now. */
  record Done(Call call) implements Reply {}

  /** Nothing was done; the message is for a person. */
  record Refused(ErrorCode code, String message) implements Reply {}

  /** The call that stood in the way of an offer is over. */
  record OutOfTheWay() implements Reply {}
}
