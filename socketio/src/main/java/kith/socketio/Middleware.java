package kith.socketio;

import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * Decides whether a client may have a socket, before there is one. It may take its time, on any
 * thread, up to the server's connect timeout.
 */
@FunctionalInterface
public interface Middleware {
  /**
   * Called on the client's event loop; must not block. Complete the stage to let the client in;
   * fail it, or throw, with {@link ConnectRefused} to refuse it.
   */
  CompletionStage<@Nullable Void> check(Handshake handshake);
}
