package kith.socketio.vertx;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.handler.ssl.SslHandler;
import io.netty.util.concurrent.EventExecutor;
import io.vertx.core.http.ServerWebSocket;
import io.vertx.core.internal.http.WebSocketInternal;
import java.io.ByteArrayOutputStream;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import kith.socketio.engine.Frame;
import kith.socketio.engine.Link;
import kith.socketio.gateway.Admission;
import kith.socketio.vertx.FrameCodec.Received;
import kith.socketio.vertx.FrameCodec.Unacceptable;
import org.jspecify.annotations.Nullable;

/**
 * A WebSocket on the channel of a connection that Vert.x has upgraded. Vert.x's own handlers leave
 * the channel, TLS apart: an idle client costs a third, and a frame is one buffer each way.
 */
final class VertxLink extends ChannelInboundHandlerAdapter implements Link {
  private static final WriteBufferWaterMark UNSENT = new WriteBufferWaterMark(32 * 1024, 64 * 1024);

  /** How long a client has to answer a closing handshake, and to read why it is closed. */
  private static final int CLOSING_SECONDS = 2;

  /** How far apart frames leave that are to be separate. */
  private static final int APART_MILLIS = 10;

  /**
   * More than this of one turn is handed to the channel, which counts what the client is to read.
   */
  private static final int MAX_JOINED = 16 * 1024;

  /** Room for an acknowledgement beside the frame that a buffer was made for. */
  private static final int SPARE = 64;

  private final int maxBytes;
  private Admission.@Nullable LinkEvents events;
  private @Nullable ChannelHandlerContext context;

  /** The beginning of a frame whose rest is to come. */
  private @Nullable ByteBuf partial;

  /** The beginning of a message whose rest is to come. */
  private @Nullable ByteArrayOutputStream fragments;

  private boolean fragmentsAreBinary;
  private boolean closing;

  /** What comes is no longer read as frames. */
  private boolean deaf;

  /** The frames of this turn, which leave in one write. */
  private @Nullable ByteBuf unsent;

  private boolean flushDue;

  /** What is written waits a moment, apart from what was written before. */
  private boolean holding;

  private boolean releaseDue;

  VertxLink(ServerWebSocket socket, int maxBytes) {
    this.maxBytes = maxBytes;
    takeOver(((WebSocketInternal) socket).channelHandlerContext().pipeline());
  }

  /** From the last to the first, so that bytes which a decoder held come here when it leaves. */
  private void takeOver(ChannelPipeline pipeline) {
    List<String> others = pipeline.names();
    pipeline.addLast("socketio", this);
    for (String name : others.reversed()) {
      ChannelHandler other = pipeline.get(name);
      if (other != null && !(other instanceof SslHandler)) {
        pipeline.remove(name);
      }
    }
    pipeline.channel().config().setWriteBufferWaterMark(UNSENT).setAutoRead(true);
  }

  void listen(Admission.LinkEvents events) {
    this.events = events;
  }

  private ChannelHandlerContext context() {
    return Objects.requireNonNull(context);
  }

  @Override
  public void handlerAdded(ChannelHandlerContext added) {
    context = added;
  }

  // ---- reading

  @Override
  public void channelRead(ChannelHandlerContext channel, Object message) {
    if (!(message instanceof ByteBuf in)) {
      channel.fireChannelRead(message);
      return;
    }
    try {
      ByteBuf before = partial;
      if (before == null) {
        readFrames(in);
        if (in.isReadable() && !deaf) {
          partial = channel.alloc().heapBuffer(in.readableBytes()).writeBytes(in);
        }
      } else {
        before.discardReadBytes().writeBytes(in);
        readFrames(before);
        if (!before.isReadable() || deaf) {
          dropPartial();
        }
      }
    } finally {
      in.release();
    }
  }

  private void dropPartial() {
    if (partial != null) {
      partial.release();
      partial = null;
    }
  }

  private void dropUnsent() {
    if (unsent != null) {
      unsent.release();
      unsent = null;
    }
  }

  private void readFrames(ByteBuf in) {
    try {
      while (!deaf) {
        Received frame = FrameCodec.read(in, maxBytes);
        if (frame == null) {
          return;
        }
        received(frame);
      }
    } catch (Unacceptable unacceptable) {
      deaf = true;
      close(unacceptable.statusCode());
    }
  }

  private void received(Received frame) throws Unacceptable {
    switch (frame.opcode()) {
      case FrameCodec.TEXT, FrameCodec.BINARY -> {
        boolean binary = frame.opcode() == FrameCodec.BINARY;
        if (fragments != null) {
          throw new Unacceptable(Unacceptable.PROTOCOL_ERROR);
        }
        if (frame.last()) {
          deliver(binary, frame.payload());
        } else {
          fragments = new ByteArrayOutputStream(frame.payload().length);
          fragments.writeBytes(frame.payload());
          fragmentsAreBinary = binary;
        }
      }
      case FrameCodec.CONTINUATION -> continued(frame);
      case FrameCodec.CLOSE -> {
        deaf = true;
        if (!closing) {
          closing = true;
          send(FrameCodec.CLOSE, frame.payload());
        }
        release();
        context().close();
      }
      case FrameCodec.PING -> {
        if (writable()) {
          send(FrameCodec.PONG, frame.payload());
        }
      }
      case FrameCodec.PONG -> {}
      default -> throw new Unacceptable(Unacceptable.PROTOCOL_ERROR);
    }
  }

  private void continued(Received frame) throws Unacceptable {
    ByteArrayOutputStream whole = fragments;
    if (whole == null) {
      throw new Unacceptable(Unacceptable.PROTOCOL_ERROR);
    }
    if (whole.size() + frame.payload().length > maxBytes) {
      throw new Unacceptable(Unacceptable.MESSAGE_TOO_BIG);
    }
    whole.writeBytes(frame.payload());
    if (frame.last()) {
      fragments = null;
      deliver(fragmentsAreBinary, whole.toByteArray());
    }
  }

  private void deliver(boolean binary, byte[] message) {
    if (closing || events == null) {
      return;
    }
    if (binary) {
      events.binary(message);
    } else {
      events.text(message, 0, message.length);
    }
  }

  @Override
  public void channelWritabilityChanged(ChannelHandlerContext channel) {
    if (channel.channel().isWritable() && events != null) {
      events.drained();
    }
  }

  @Override
  public void channelInactive(ChannelHandlerContext channel) {
    dropPartial();
    dropUnsent();
    if (events != null) {
      events.closed();
    }
    channel.fireChannelInactive();
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext channel, Throwable cause) {
    channel.close();
  }

  // ---- writing

  @Override
  public void write(Frame frame) {
    send(frame.isBinary() ? FrameCodec.BINARY : FrameCodec.TEXT, frame.bytes());
  }

  private void send(int opcode, byte[] payload) {
    ChannelHandlerContext channel = context();
    if (!channel.executor().inEventLoop()) {
      ByteBuf frame = channel.alloc().directBuffer(FrameCodec.frameSize(payload));
      FrameCodec.write(frame, opcode, payload);
      channel.writeAndFlush(frame, channel.voidPromise());
      return;
    }
    join(channel, opcode, payload);
    flushSoon();
  }

  private void flushSoon() {
    if (!flushDue) {
      flushDue = true;
      Flusher.soon(this, context());
    }
  }

  private void join(ChannelHandlerContext channel, int opcode, byte[] payload) {
    int size = FrameCodec.frameSize(payload);
    if (unsent != null && unsent.readableBytes() + size > MAX_JOINED) {
      handOver();
    }
    ByteBuf frames = unsent;
    if (frames == null) {
      frames = channel.alloc().directBuffer(size + SPARE);
      unsent = frames;
    }
    FrameCodec.write(frames, opcode, payload);
  }

  private void handOver() {
    ByteBuf frames = unsent;
    if (frames != null) {
      unsent = null;
      ChannelHandlerContext channel = context();
      channel.write(frames, channel.voidPromise());
      if (!channel.channel().isWritable()) {
        channel.flush(); // a burst may be no more than the client takes at once
      }
    }
  }

  /** The turn ends. */
  void flush() {
    flushDue = false;
    if (!holding) {
      handOver();
    } else if (!releaseDue) {
      releaseDue = true;
      context().executor().schedule(this::release, APART_MILLIS, TimeUnit.MILLISECONDS);
    }
    context().flush();
  }

  @Override
  public void separate() {
    EventExecutor loop = context().executor();
    if (loop.inEventLoop()) {
      handOver();
      holding = true;
      flushSoon();
    } else {
      loop.execute(this::separate);
    }
  }

  private void release() {
    holding = false;
    releaseDue = false;
    flush();
  }

  @Override
  public boolean writable() {
    return context().channel().isWritable();
  }

  @Override
  public void close(int statusCode) {
    if (closing) {
      return;
    }
    closing = true;
    send(FrameCodec.CLOSE, new byte[] {(byte) (statusCode >> 8), (byte) statusCode});
    ChannelHandlerContext channel = context();
    channel.executor().schedule(() -> channel.close(), CLOSING_SECONDS, TimeUnit.SECONDS);
  }

  @Override
  public void abort() {
    closing = true;
    context().channel().close();
  }
}
