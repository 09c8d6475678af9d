package kith.testing;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/** A Socket.IO client over a WebSocket that speaks the protocol by hand. */
public final class RawSocket implements AutoCloseable {
  private static final int WAIT_SECONDS = 10;

  private final BlockingQueue<String> received = new LinkedBlockingQueue<>();
  private final WebSocket socket;
  private int asked;

  private RawSocket(HttpClient http, String origin) {
    this.socket =
        http.newWebSocketBuilder()
            .buildAsync(
                URI.create(origin + "/socket.io/?EIO=4&transport=websocket"), new Listener())
            .join();
    hears("0{");
  }

  /** Connects without a word over TLS. */
  public static RawSocket open(int port, SSLContext tls) {
    HttpClient http = HttpClient.newBuilder().sslContext(tls).build();
    return new RawSocket(http, "wss://localhost:" + port);
  }

  /** Connects with that token and device. */
  public static RawSocket connect(int port, String token, String device) {
    RawSocket socket = new RawSocket(HttpClient.newHttpClient(), "ws://localhost:" + port);
    socket.send("40{\"token\":\"" + token + "\",\"device\":{\"id\":\"" + device + "\"}}");
    return socket;
  }

  /** Emits an event with that JSON as its payload. */
  public void emits(String event, String payload) {
    send("42[\"" + event + "\"," + payload + "]");
  }

  /** Emits an event and waits for its acknowledgement, as JSON. */
  public String asks(String event, String payload) {
    int id = asked++;
    send("42" + id + "[\"" + event + "\"," + payload + "]");
    String ack = "43" + id;
    return hears(ack + "[").substring(ack.length());
  }

  /** Sends a packet as it is. */
  public void send(String packet) {
    socket.sendText(packet, true).join();
  }

  /** Waits for a packet that begins like that, past any others. */
  public String hears(String beginning) {
    return hears(beginning, "");
  }

  /** Waits for a packet that begins like that and holds that, past any others. */
  public String hears(String beginning, String part) {
    try {
      while (true) {
        String packet = received.poll(WAIT_SECONDS, TimeUnit.SECONDS);
        if (packet == null) {
          throw new IllegalStateException("heard nothing that begins with " + beginning);
        }
        if (packet.startsWith(beginning) && packet.contains(part)) {
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
