package kith.turn.stun;

/**
 * The two class bits of a message type (RFC 8489 §5), already in their places among the method
 * bits.
 */
public final class MessageClass {
  public static final int REQUEST = 0x000;
  public static final int INDICATION = 0x010;
  public static final int SUCCESS = 0x100;
  public static final int ERROR = 0x110;

  private static final int MASK = 0x110;

  private MessageClass() {}

  /** The class of a message type. */
  public static int of(int type) {
    return type & MASK;
  }

  /** The method of a message type. */
  public static int methodOf(int type) {
    return (type & 0x000F) | ((type & 0x00E0) >> 1) | ((type & 0x3E00) >> 2);
  }

  /** The message type of a class and a method. */
  public static int type(int messageClass, int method) {
    return messageClass | (method & 0x000F) | ((method & 0x0070) << 1) | ((method & 0x0F80) << 2);
  }
}
