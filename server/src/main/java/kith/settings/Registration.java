package kith.settings;

/** Who may make an account. */
public enum Registration {
  OPEN,
  /** Whoever holds an invite to a circle, and the very first person. */
  INVITE,
  CLOSED
}
