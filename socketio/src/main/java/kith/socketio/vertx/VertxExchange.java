package kith.socketio.vertx;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.internal.ContextInternal;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Map;
import java.util.zip.GZIPOutputStream;
import kith.socketio.engine.Exchange;
import kith.socketio.engine.Reply;

/** A request that waits for its response, which may come from another event loop. */
final class VertxExchange implements Exchange {
  /** Below this a compressed body saves no packet. */
  private static final int COMPRESS_FROM = 1_024;

  private final HttpServerRequest request;
  private final Map<String, String> cors;
  private final ContextInternal context;

  VertxExchange(HttpServerRequest request, Map<String, String> cors, ContextInternal context) {
    this.request = request;
    this.cors = cors;
    this.context = context;
  }

  /** What to do when the client goes away before the response. */
  void onAbort(Runnable aborted) {
    HttpServerResponse response = request.response();
    response.closeHandler(
        closed -> {
          if (!response.ended()) {
            aborted.run();
          }
        });
  }

  @Override
  public void respond(Reply reply) {
    if (context.nettyEventLoop().inEventLoop()) {
      write(reply);
    } else {
      context.runOnContext(nothing -> write(reply));
    }
  }

  private void write(Reply reply) {
    HttpServerResponse response = request.response();
    if (response.ended() || response.closed()) {
      return;
    }
    response.setStatusCode(reply.status());
    cors.forEach(response::putHeader);
    response.putHeader("Cache-Control", "no-store");
    if (reply.status() == 204) {
      response.end();
      return;
    }
    response.putHeader("Content-Type", reply.contentType());
    byte[] body = reply.body();
    if (body.length >= COMPRESS_FROM && acceptsGzip()) {
      response.putHeader("Content-Encoding", "gzip");
      body = gzip(body);
    }
    response.end(Buffer.buffer(body));
  }

  private boolean acceptsGzip() {
    String accepted = request.getHeader("Accept-Encoding");
    return accepted != null && accepted.contains("gzip");
  }

  private static byte[] gzip(byte[] body) {
    ByteArrayOutputStream out = new ByteArrayOutputStream(body.length / 2);
    try (GZIPOutputStream gzip = new GZIPOutputStream(out)) {
      gzip.write(body);
    } catch (IOException impossible) {
      throw new UncheckedIOException(impossible);
    }
    return out.toByteArray();
  }
}
