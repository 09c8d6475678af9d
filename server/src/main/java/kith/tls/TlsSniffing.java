package kith.tls;

import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelPipeline;
import io.netty.handler.ssl.OptionalSslHandler;
import io.netty.handler.ssl.SslContext;
import io.vertx.core.Handler;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.net.impl.ConnectionBase;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Lets one port speak plain HTTP and TLS: a connection that begins with a TLS record (RFC 8446
 * section 5.1) gets a TLS layer before its first byte is read, any other none.
 */
public final class TlsSniffing implements Handler<HttpConnection> {
  private static final String TLS_OR_PLAIN = "tls-or-plain";

  /** What Vert.x calls it, and whoever takes a pipeline apart looks for. */
  private static final String TLS = "ssl";

  private final Supplier<SslContext> context;
  private final Optional<Supplier<ChannelHandler>> next;

  /**
   * @param context asked for each connection, on its event loop
   * @param next makes what sees the decrypted bytes of a connection before HTTP does, if anything
   */
  public TlsSniffing(Supplier<SslContext> context, Optional<Supplier<ChannelHandler>> next) {
    this.context = context;
    this.next = next;
  }

  @Override
  public void handle(HttpConnection connection) {
    ChannelPipeline pipeline = ((ConnectionBase) connection).channel().pipeline();
    pipeline.addFirst(TLS_OR_PLAIN, new Named(context.get()));
    next.ifPresent(made -> pipeline.addAfter(TLS_OR_PLAIN, "before-http", made.get()));
  }

  private static final class Named extends OptionalSslHandler {
    Named(SslContext context) {
      super(context);
    }

    @Override
    protected String newSslHandlerName() {
      return TLS;
    }
  }
}
