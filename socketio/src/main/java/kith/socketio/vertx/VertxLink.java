package kith.socketio.vertx;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.handler.codec.http.websocketx.BinaryWebSocketFrame;
import io.netty.handler.codec.http.websocketx.CloseWebSocketFrame;
import io.netty.handler.codec.http.websocketx.CorruptedWebSocketFrameException;
import io.netty.handler.codec.http.websocketx.TextWebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocketFrame;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.ServerWebSocket;
import io.vertx.core.internal.http.WebSocketInternal;
import kith.socketio.engine.Frame;
import kith.socketio.engine.Link;
import kith.socketio.gateway.Admission;
import org.jspecify.annotations.Nullable;

/** A WebSocket of Vert.x. Frames are written to its channel as they are, without a copy. */
final class VertxLink implements Link {
  private static final int MESSAGE_TOO_BIG = 1009;
  private static final int UNSENT_AT_MOST = 64 * 1024;

  private final ServerWebSocket socket;
  private final ChannelHandlerContext channelContext;
  private final int maxBytes;
  private @Nullable Buffer fragments;
  private boolean fragmentsAreBinary;
  private boolean closing;

  VertxLink(ServerWebSocket socket, int maxBytes) {
    this.socket = socket;
    this.channelContext = ((WebSocketInternal) socket).channelHandlerContext();
    this.maxBytes = maxBytes;
  }

  void listen(Admission.LinkEvents events) {
    socket.frameHandler(frame -> received(frame, events));
    channel()
        .config()
        .setWriteBufferWaterMark(new WriteBufferWaterMark(UNSENT_AT_MOST / 2, UNSENT_AT_MOST));
    channel()
        .pipeline()
        .addBefore(channelContext.name(), "socketio-link", new ChannelEvents(events));
    socket.exceptionHandler(failure -> {});
    socket.closeHandler(nothing -> events.closed());
  }

  private static final class ChannelEvents extends ChannelInboundHandlerAdapter {
    private final Admission.LinkEvents events;

    ChannelEvents(Admission.LinkEvents events) {
      this.events = events;
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext context) {
      if (context.channel().isWritable()) {
        events.drained();
      }
      context.fireChannelWritabilityChanged();
    }

    /**
     * A frame that cannot be, such as one too long: says why before the end (RFC 6455 section
     * 7.4.1).
     */
    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
      if (cause instanceof CorruptedWebSocketFrameException corrupted) {
        context
            .writeAndFlush(new CloseWebSocketFrame(corrupted.closeStatus()))
            .addListener(ChannelFutureListener.CLOSE);
      } else {
        context.fireExceptionCaught(cause);
      }
    }
  }

  // ---- reading

  private void received(io.vertx.core.http.WebSocketFrame frame, Admission.LinkEvents events) {
    if (closing || !(frame.isText() || frame.isBinary() || frame.isContinuation())) {
      return;
    }
    if (frame.isFinal() && !frame.isContinuation()) {
      deliver(frame.binaryData(), frame.isBinary(), events);
      return;
    }
    if (!frame.isContinuation()) {
      fragments = Buffer.buffer();
      fragmentsAreBinary = frame.isBinary();
    }
    Buffer whole = java.util.Objects.requireNonNull(fragments);
    if (whole.length() + frame.binaryData().length() > maxBytes) {
      close(MESSAGE_TOO_BIG);
      return;
    }
    whole.appendBuffer(frame.binaryData());
    if (frame.isFinal()) {
      fragments = null;
      deliver(whole, fragmentsAreBinary, events);
    }
  }

  private static void deliver(Buffer data, boolean binary, Admission.LinkEvents events) {
    byte[] bytes = data.getBytes();
    if (binary) {
      events.binary(bytes);
    } else {
      events.text(bytes, 0, bytes.length);
    }
  }

  // ---- writing

  @Override
  public void write(Frame frame) {
    ByteBuf content = Unpooled.wrappedBuffer(frame.bytes());
    WebSocketFrame encoded =
        frame.isBinary() ? new BinaryWebSocketFrame(content) : new TextWebSocketFrame(content);
    channelContext.writeAndFlush(encoded, channelContext.voidPromise());
  }

  @Override
  public boolean writable() {
    return channel().isWritable();
  }

  private Channel channel() {
    return channelContext.channel();
  }

  @Override
  public void close(int statusCode) {
    closing = true;
    if (!socket.isClosed()) {
      socket.close((short) statusCode);
    }
  }

  @Override
  public void abort() {
    closing = true;
    channel().close();
  }
}
