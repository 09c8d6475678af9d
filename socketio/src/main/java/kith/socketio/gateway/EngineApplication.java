package kith.socketio.gateway;

import kith.socketio.engine.EngineListener;

/** The protocol spoken over Engine.IO. */
public interface EngineApplication {
  /**
   * A client opened a session; called within its first turn. The listener is told what the client
   * sends.
   */
  EngineListener open(Connection connection, long now);

  /** Whether another client may open a session now; from any thread. */
  default boolean hasRoom() {
    return true;
  }
}
