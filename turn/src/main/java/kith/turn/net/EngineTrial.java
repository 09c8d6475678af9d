package kith.turn.net;

import java.io.IOException;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import kith.turn.stun.TransportAddress;

/** An engine sends itself a few packets of one length, as its first task would. */
final class EngineTrial implements DatagramEngine.Receiver {
  private static final int PACKETS = 3;
  private static final int LENGTH = 100;
  private static final int PATIENCE = 1_000;
  private static final int STEP = 50;

  private final DatagramEngine engine;
  private int arrived;

  EngineTrial(DatagramEngine engine) {
    this.engine = engine;
  }

  void run() throws IOException {
    TransportAddress here = TransportAddress.of(InetAddress.ofLiteral("127.0.0.1"), 0);
    DatagramEngine.Port port = engine.bind(here, false);
    try {
      engine.receive(port, this);
      ByteBuffer packet = ByteBuffer.allocate(LENGTH);
      for (int i = 0; i < PACKETS; i++) {
        engine.send(port, port.local(), packet, 0, LENGTH, false);
      }
      for (int waited = 0; waited < PATIENCE && arrived < PACKETS; waited += STEP) {
        engine.poll(STEP, this);
      }
    } finally {
      port.close();
    }
    if (arrived != PACKETS) {
      throw new IOException(arrived + " of " + PACKETS + " packets came through");
    }
  }

  @Override
  public void arriving() {}

  @Override
  public void unreachable(
      Object owner, long high, long low, int port, int type, int code, int data) {}

  @Override
  public void received(
      Object owner, long high, long low, int port, ByteBuffer packet, int offset, int length) {
    arrived += length == LENGTH ? 1 : 0;
  }
}
