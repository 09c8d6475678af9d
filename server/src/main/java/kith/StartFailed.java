package kith;

import org.jspecify.annotations.Nullable;

/** The server could not start: one line for a person, and an exit code for a script. */
public final class StartFailed extends Exception {
  private final Cause cause;

  StartFailed(Cause cause, String message, @Nullable Throwable because) {
    super(message, because);
    this.cause = cause;
  }

  public Cause kind() {
    return cause;
  }

  /** Why, with the exit code that says so (docs/operations.md lists them). */
  public enum Cause {
    BAD_OPTIONS(2),
    BAD_SETTINGS(3),
    DATA_DIRECTORY(4),
    PORT_TAKEN(5),
    DATABASE(6),
    CERTIFICATE(7);

    private final int exitCode;

    Cause(int exitCode) {
      this.exitCode = exitCode;
    }

    public int exitCode() {
      return exitCode;
    }
  }
}
