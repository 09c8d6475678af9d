package kith.call;

import java.util.Locale;

/** Why a call ended. */
public enum Reason {
  /** It was answered, and one of the two hung up. */
  COMPLETED,
  /** The caller gave up before anyone answered. */
  CANCELLED,
  DECLINED,
  /** The callee was in another call. */
  BUSY,
  NO_ANSWER,
  /** No device of the callee was connected. */
  UNREACHABLE,
  /** Answered, but no media connection came up in time. */
  CONNECT_FAILED,
  /** A device dropped out and did not come back within the grace. */
  CONNECTION_LOST,
  /** The device began another call, or the call became one with another (glare). */
  REPLACED,
  REMOVED_FROM_CIRCLE,
  SERVER_ERROR;

  /** As it is written on the wire and in the database: {@code no_answer}. */
  public String wire() {
    return name().toLowerCase(Locale.ROOT);
  }

  public static Reason ofWire(String text) {
    return valueOf(text.toUpperCase(Locale.ROOT));
  }
}
