package kith.tls;

import io.netty.handler.ssl.OptionalSslHandler;
import io.netty.handler.ssl.SslContext;
import io.vertx.core.Handler;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.net.impl.ConnectionBase;

/**
 * Lets one port speak plain HTTP and TLS: a connection that begins with a TLS record (RFC 8446
 * section 5.1) gets a TLS layer before its first byte is read, any other none.
 */
public final class TlsSniffing implements Handler<HttpConnection> {
  private final SslContext context;

  public TlsSniffing(SslContext context) {
    this.context = context;
  }

  @Override
  public void handle(HttpConnection connection) {
    ((ConnectionBase) connection)
        .channel()
        .pipeline()
        .addFirst("tls-or-plain", new OptionalSslHandler(context));
  }
}
