package kith.signaling;

/** A field is far beyond what any client needs. */
final class TooLarge extends RuntimeException {
  private static final long serialVersionUID = 1L;

  TooLarge(String field, int max) {
    super(field + " must have at most " + max + " characters", null, false, false);
  }
}
