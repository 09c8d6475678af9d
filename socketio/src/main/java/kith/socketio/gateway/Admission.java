package kith.socketio.gateway;

import kith.socketio.engine.Exchange;
import kith.socketio.engine.Link;
import kith.socketio.engine.Reply;

/** What is to be done with a request, known before its body is read. */
public sealed interface Admission {

  /** Answer at once, without reading a body. */
  record Answer(Reply reply) implements Admission {}

  /** A GET that opens a session or waits for messages. */
  interface Polling {
    void run(Exchange exchange, Loop loop);

    /** The client went away before the answer. */
    void aborted(Exchange exchange);
  }

  record Poll(Polling polling) implements Admission {}

  /**
   * A POST: call {@link #begin}; when its callback runs read the body, then call one of the others,
   * once.
   *
   * @param timeout milliseconds the body may take; then drop it and call {@link #aborted}
   */
  record Post(Connection connection, int maxBytes, long timeout) implements Admission {
    public void begin(Exchange exchange, Runnable accepted) {
      connection.postBegins(exchange, accepted);
    }

    public void body(byte[] body, Exchange exchange) {
      connection.post(body, exchange);
    }

    public void tooLarge(Exchange exchange) {
      connection.postTooLarge(exchange);
    }

    /** The client went away within the body, or took too long. */
    public void aborted() {
      connection.postAborted();
    }
  }

  /** Accept a WebSocket, then call {@link Opening#open}. */
  record WebSocket(Opening opening, int maxBytes) implements Admission {}

  /** Joins an accepted WebSocket to its session. */
  interface Opening {
    /** {@code loop} is the one on which the WebSocket's events are told. */
    LinkEvents open(Link link, Loop loop);
  }

  /** What happens on a WebSocket; arrays are handed over. */
  interface LinkEvents {
    void text(byte[] utf8, int from, int to);

    void binary(byte[] data);

    /** It can be written to again. */
    void drained();

    /** It has ended. */
    void closed();
  }
}
