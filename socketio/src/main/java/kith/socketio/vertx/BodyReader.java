package kith.socketio.vertx;

import io.vertx.core.Context;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import java.util.concurrent.TimeUnit;
import kith.socketio.gateway.Admission;

/** Reads a body as far and for as long as it may go, whatever Content-Length claims. */
final class BodyReader {
  /**
   * How long a client that sends too much may go on sending, to hear the answer before its
   * connection is closed.
   */
  private static final long LINGER = TimeUnit.SECONDS.toMillis(2);

  private final HttpServerRequest request;
  private final VertxExchange exchange;
  private final Admission.Post post;
  private final Context context;
  private Buffer body = Buffer.buffer();
  private boolean done;
  private long deadline;

  BodyReader(
      HttpServerRequest request, VertxExchange exchange, Admission.Post post, Context context) {
    this.request = request;
    this.exchange = exchange;
    this.post = post;
    this.context = context;
  }

  void start() {
    request.pause();
    post.begin(exchange, () -> context.runOnContext(nothing -> read()));
  }

  private void read() {
    deadline = context.owner().setTimer(post.timeout(), timer -> tooSlow());
    request.handler(this::received);
    request.endHandler(nothing -> finish(() -> post.body(body.getBytes(), exchange)));
    request.exceptionHandler(failure -> finish(post::aborted));
    if (claimedLength() > post.maxBytes()) {
      tooLarge();
    }
    request.resume();
  }

  private long claimedLength() {
    String length = request.getHeader("Content-Length");
    try {
      return length == null ? 0 : Long.parseLong(length);
    } catch (NumberFormatException notANumber) {
      return Long.MAX_VALUE;
    }
  }

  private void received(Buffer chunk) {
    if (done) {
      return;
    }
    if (body.length() + chunk.length() > post.maxBytes()) {
      tooLarge();
    } else {
      body.appendBuffer(chunk);
    }
  }

  private void tooLarge() {
    finish(
        () -> {
          body = Buffer.buffer();
          request.response().putHeader("Connection", "close");
          post.tooLarge(exchange);
          context.owner().setTimer(LINGER, timer -> request.connection().close());
        });
  }

  /** Ends a client that may have dribbled bytes only to hold what it sent before. */
  private void tooSlow() {
    finish(
        () -> {
          body = Buffer.buffer();
          post.aborted();
          request.connection().close();
        });
  }

  private void finish(Runnable outcome) {
    if (!done) {
      done = true;
      context.owner().cancelTimer(deadline);
      outcome.run();
    }
  }
}
