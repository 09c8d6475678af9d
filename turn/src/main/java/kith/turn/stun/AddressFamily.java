package kith.turn.stun;

/** Address families as attributes spell them (RFC 8489 §14.1). */
public enum AddressFamily {
  IPV4(0x01),
  IPV6(0x02);

  private final int code;

  AddressFamily(int code) {
    this.code = code;
  }

  public int code() {
    return code;
  }
}
