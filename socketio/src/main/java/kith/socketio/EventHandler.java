package kith.socketio;

/** Handles an event of a socket. */
@FunctionalInterface
public interface EventHandler {
  /** Called on the socket's event loop, one event at a time, in order; must not block. */
  void handle(Event event);
}
