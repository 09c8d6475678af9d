package kith.relay;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.timeout.IdleStateHandler;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.Optional;
import kith.turn.Transport;
import kith.turn.net.AdoptedStream;
import kith.turn.net.Carrier;
import kith.turn.net.TurnServer;
import org.jspecify.annotations.Nullable;

/**
 * Stands between TLS and HTTP, and tells by a connection's first byte whether it is STUN: the two
 * highest bits of a STUN message are 0 and requests begin with a zero byte (RFC 8489 section 5);
 * HTTP begins with a letter. STUN goes to the relay, for good; HTTP goes on as if nothing had been.
 */
final class SharedPort extends ChannelInboundHandlerAdapter {
  private static final byte STUN = 0;

  private final TurnServer relay;
  private @Nullable AdoptedStream stream;
  private boolean refused;

  SharedPort(TurnServer relay) {
    this.relay = relay;
  }

  @Override
  public void channelRead(ChannelHandlerContext context, Object message) {
    if (!(message instanceof ByteBuf bytes) || !bytes.isReadable()) {
      context.fireChannelRead(message);
      return;
    }
    if (stream == null && !refused && bytes.getByte(bytes.readerIndex()) != STUN) {
      context.pipeline().remove(this);
      context.fireChannelRead(message);
      return;
    }
    try {
      received(context, bytes.nioBuffer());
    } finally {
      bytes.release();
    }
  }

  private void received(ChannelHandlerContext context, ByteBuffer bytes) {
    if (stream == null && !refused) {
      takeOver(context);
    }
    if (stream != null) {
      stream.received(bytes);
    }
  }

  /** What HTTP has in the pipeline stays, to see the connection end; it never hears a byte. */
  private void takeOver(ChannelHandlerContext context) {
    if (context.pipeline().get(IdleStateHandler.class) != null) {
      context.pipeline().remove(IdleStateHandler.class);
    }
    context.channel().config().setAutoRead(false);
    boolean tls = context.pipeline().get(SslHandler.class) != null;
    Optional<AdoptedStream> adopted =
        relay.adopt(
            tls ? Transport.TLS : Transport.TCP,
            (InetSocketAddress) context.channel().remoteAddress(),
            (InetSocketAddress) context.channel().localAddress(),
            new Channel(context));
    if (adopted.isPresent()) {
      stream = adopted.get();
    } else {
      refused = true;
      context.close();
    }
  }

  @Override
  public void channelReadComplete(ChannelHandlerContext context) {
    if (stream == null) {
      context.fireChannelReadComplete();
    }
  }

  @Override
  public void channelWritabilityChanged(ChannelHandlerContext context) {
    if (stream != null && context.channel().isWritable()) {
      stream.roomAgain();
    }
    context.fireChannelWritabilityChanged();
  }

  @Override
  public void channelInactive(ChannelHandlerContext context) {
    if (stream != null) {
      stream.ended();
    }
    context.fireChannelInactive();
  }

  /** The relay's hand on the connection. Netty takes calls of any thread. */
  private record Channel(ChannelHandlerContext context) implements Carrier {
    @Override
    public boolean send(ByteBuffer bytes) {
      if (!context.channel().isWritable()) {
        return false;
      }
      ByteBuf copy = context.alloc().buffer(bytes.remaining()).writeBytes(bytes.duplicate());
      context.writeAndFlush(copy);
      return true;
    }

    @Override
    public void more() {
      context.read();
    }

    @Override
    public void close() {
      context.close();
    }
  }
}
