package kith.call;

/** A call that is over stays over. */
final class AfterEnd {
  private AfterEnd() {}

  static Step on(Turn turn, CallEvent event) {
    return switch (event) {
      // Both hang up at once, or an answer to the first attempt was lost: that is no error.
      case CallEvent.HangsUp hangsUp -> turn.done();
      case CallEvent.Declines declines -> turn.done();
      // On their way while the other side hung up; nobody waits for them.
      case CallEvent.Trickles trickles -> turn.done();
      case CallEvent.Reports reports -> turn.done();
      case CallEvent.Resumes resumes -> turn.done();
      case CallEvent.Leaves leaves -> turn.done();
      case CallEvent.Offers offers ->
          turn.call().goesBy(offers.callId()) ? over(turn) : turn.outOfTheWay();
      case CallEvent.Rings rings -> over(turn);
      case CallEvent.Answers answers -> over(turn);
      case CallEvent.Describes describes -> over(turn);
      case CallEvent.Shows shows -> over(turn);
      case CallEvent.Holds holds -> over(turn);
      case CallEvent.Connects connects -> over(turn);
      case CallEvent.DeviceCame came -> turn.done();
      case CallEvent.DeviceWent went -> turn.done();
      case CallEvent.FreeAgain free -> turn.done();
      case CallEvent.TimePassed passed -> turn.done();
      case CallEvent.LeftCircle left -> turn.done();
      case CallEvent.NoLongerWaits alone -> turn.done();
      case CallEvent.ServerFailed failed -> turn.done();
    };
  }

  private static Step over(Turn turn) {
    return turn.refused(ErrorCode.CONFLICT, "the call is over");
  }
}
