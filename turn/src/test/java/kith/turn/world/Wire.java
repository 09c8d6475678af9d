package kith.turn.world;

/** How a client's bytes reach the server: a world without time, or a real socket. */
public interface Wire {
  void send(byte[] bytes);

  /**
   * Waits for one more message and hands it to the client; false when none comes, soon enough where
   * time is real.
   */
  boolean await(Client client);

  void disconnect();
}
