package kith.web;

/**
 * An address and what answers there.
 *
 * @param pattern such as {@code /api/circles/{id}}
 */
public record Route(String method, String pattern, Handler handler) {
  /** Answers a request, blocking as it likes; throws a {@link Problem} to refuse it. */
  @FunctionalInterface
  public interface Handler {
    Answer answer(Request request);
  }

  public static Route get(String pattern, Handler handler) {
    return new Route("GET", pattern, handler);
  }

  public static Route post(String pattern, Handler handler) {
    return new Route("POST", pattern, handler);
  }

  public static Route patch(String pattern, Handler handler) {
    return new Route("PATCH", pattern, handler);
  }

  public static Route delete(String pattern, Handler handler) {
    return new Route("DELETE", pattern, handler);
  }
}
