package kith.bench.signaling;

/** The run cannot go on, or a server did not do its job: the message says which and how. */
final class BenchFailure extends RuntimeException {
  private static final long serialVersionUID = 1L;

  BenchFailure(String message) {
    super(message);
  }

  BenchFailure(String message, Throwable cause) {
    super(message + ": " + cause, cause);
  }
}
