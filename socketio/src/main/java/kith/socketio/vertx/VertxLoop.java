package kith.socketio.vertx;

import io.vertx.core.internal.ContextInternal;
import java.util.concurrent.TimeUnit;
import kith.socketio.gateway.Loop;

/** An event loop of Vert.x. */
final class VertxLoop implements Loop {
  private final ContextInternal context;

  VertxLoop(ContextInternal context) {
    this.context = context;
  }

  @Override
  public boolean isCurrent() {
    return context.nettyEventLoop().inEventLoop();
  }

  @Override
  public void execute(Runnable task) {
    context.runOnContext(nothing -> task.run());
  }

  @Override
  public void after(long millis, Runnable task) {
    context.nettyEventLoop().schedule(() -> execute(task), millis, TimeUnit.MILLISECONDS);
  }
}
