package kith.turn;

/** What lies between a client and the server (RFC 8656 §2.1). */
public enum Transport {
  UDP,
  TCP,
  TLS;

  public boolean isStream() {
    return this != UDP;
  }
}
