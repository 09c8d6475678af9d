package kith.testing;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** A Socket.IO client over a WebSocket that speaks the protocol by hand. */
public final class RawSocket implements AutoCloseable {
  private static final int WAIT_SECONDS = 10;

  private final BlockingQueue<String> received = new LinkedBlockingQueue<>();
  private final WebSocket socket;

  private RawSocket(int port) {
    this.socket =
        HttpClient.newHttpClient()
            .newWebSocketBuilder()
            .buildAsync(
                URI.create("ws://localhost:" + port + "/socket.io/?EIO=4&transport=websocket"),
                new Listener())
            .join();
  }

  /** Connects with that token and device. */
  public static RawSocket connect(int port, String token, String device) {
    RawSocket socket = new RawSocket(port);
    socket.hears("0{");
    socket.send("40{\"token\":\"" + token + "\",\"device\":{\"id\":\"" + device + "\"}}");
    return socket;
  }

  /** Emits an event with that JSON as its payload. */
  public void emits(String event, String payload) {
    send("42[\"" + event + "\"," + payload + "]");
  }

  private void send(String packet) {
    socket.sendText(packet, true).join();
  }

  /** Waits for a packet that begins like that, past any others. */
  public String hears(String beginning) {
    try {
      while (true) {
        String packet = received.poll(WAIT_SECONDS, TimeUnit.SECONDS);
        if (packet == null) {
          throw new IllegalStateException("heard nothing that begins with " + beginning);
        }
        if (packet.startsWith(beginning)) {
          return packet;
        }
      }
    } catch (InterruptedException interrupted) {
      throw new IllegalStateException(interrupted);
    }
  }

  @Override
  public void close() {
    socket.abort();
  }

  private final class Listener implements WebSocket.Listener {
    private final StringBuilder text = new StringBuilder();

    @Override
    public @Nullable CompletionStage<?> onText(WebSocket from, CharSequence part, boolean last) {
      text.append(part);
      if (last) {
        received.add(text.toString());
        text.setLength(0);
      }
      from.request(1);
      return null;
    }
  }
}
