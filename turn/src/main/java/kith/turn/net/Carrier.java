package kith.turn.net;

import java.nio.ByteBuffer;

/**
 * Whoever has a connected stream that {@link TurnServer#adopt} was given. All three are called on a
 * relay's thread and must not block.
 */
public interface Carrier {

  /**
   * Sends all these bytes, in the order of the calls, and keeps none of them afterwards.
   *
   * @return false if none were taken because enough wait already: say {@link
   *     AdoptedStream#roomAgain} when there is room
   */
  boolean send(ByteBuffer bytes);

  /** Wants more: what comes next may be handed to {@link AdoptedStream#received}, once. */
  void more();

  /** Closes the stream once what was sent is gone. */
  void close();
}
