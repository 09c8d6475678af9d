package kith.bench.signaling.netty;

import com.corundumstudio.socketio.AckRequest;
import com.corundumstudio.socketio.Configuration;
import com.corundumstudio.socketio.SocketIOClient;
import com.corundumstudio.socketio.SocketIOServer;
import com.corundumstudio.socketio.Transport;
import io.netty.channel.epoll.Epoll;
import java.io.IOException;
import java.net.ServerSocket;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The relay on netty-socketio. Prints {@code listening PORT NAME} once it listens, and ends when
 * its standard input does.
 */
public final class NettySocketIoRelay {
  private static final String PARTNER = "partner";
  private static final Map<String, Boolean> OK = Map.of("ok", true);

  /** Clients that wait for the other one of their pair, by the pair's name. */
  private final Map<String, SocketIOClient> waiting = new ConcurrentHashMap<>();

  private NettySocketIoRelay() {}

  public static void main(String[] args) throws IOException {
    NettySocketIoRelay relay = new NettySocketIoRelay();
    Configuration configuration = configuration();
    SocketIOServer server = new SocketIOServer(configuration);
    server.addConnectListener(relay::join);
    server.addDisconnectListener(client -> relay.waiting.remove(pairOf(client), client));
    server.addEventListener("message", Object.class, relay::relay);
    server.start();
    System.out.println(
        "listening "
            + configuration.getPort()
            + " netty-socketio "
            + version()
            + ", Java "
            + Runtime.version().feature()
            + (configuration.isUseLinuxNativeEpoll() ? ", epoll" : ", NIO"));
    while (System.in.read() >= 0) {
      // Nothing is said on it; its end is the word to go.
    }
    System.exit(0);
  }

  /** What makes it fast: WebSocket alone, no compression, the native transport on Linux. */
  private static Configuration configuration() throws IOException {
    Configuration configuration = new Configuration();
    configuration.setHostname("127.0.0.1");
    configuration.setPort(freePort());
    configuration.setTransports(Transport.WEBSOCKET);
    configuration.setHttpCompression(false);
    configuration.setWebsocketCompression(false);
    configuration.setUseLinuxNativeEpoll(Epoll.isAvailable());
    return configuration;
  }

  /** netty-socketio does not tell the port it was given when asked for port 0. */
  private static int freePort() throws IOException {
    String wanted = System.getenv("PORT");
    if (wanted != null) {
      return Integer.parseInt(wanted);
    }
    try (var probe = new ServerSocket(0)) {
      return probe.getLocalPort();
    }
  }

  private void join(SocketIOClient client) {
    waiting.merge(
        pairOf(client),
        client,
        (first, second) -> {
          first.set(PARTNER, second);
          second.set(PARTNER, first);
          return null;
        });
  }

  private void relay(SocketIOClient client, Object payload, AckRequest ack) {
    SocketIOClient partner = client.get(PARTNER);
    partner.sendEvent("message", payload);
    ack.sendAckData(OK);
  }

  private static String pairOf(SocketIOClient client) {
    return client.getHandshakeData().getSingleUrlParam("pair");
  }

  private static String version() throws IOException {
    String pom = "/META-INF/maven/com.corundumstudio.socketio/netty-socketio/pom.properties";
    Properties properties = new Properties();
    try (var in = SocketIOServer.class.getResourceAsStream(pom)) {
      if (in == null) {
        return "of unknown version";
      }
      properties.load(in);
    }
    return properties.getProperty("version");
  }
}
