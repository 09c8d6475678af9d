package bench;

import com.corundumstudio.socketio.AckMode;
import com.corundumstudio.socketio.Configuration;
import com.corundumstudio.socketio.SocketIOClient;
import com.corundumstudio.socketio.SocketIOServer;
import java.io.IOException;
import java.net.ServerSocket;
import java.util.Map;
import java.util.UUID;

/** The relay of the benchmark on netty-socketio. Prints its port. */
public final class NettyRelayServer {
  private NettyRelayServer() {}

  @SuppressWarnings("rawtypes")
  public static void main(String[] args) throws IOException {
    Configuration configuration = new Configuration();
    configuration.setHostname("127.0.0.1");
    configuration.setPort(freePort());
    configuration.setBossThreads(1);
    configuration.setWorkerThreads(1);
    configuration.setWebsocketCompression(false);
    configuration.setAckMode(AckMode.MANUAL);
    configuration.getSocketConfig().setAcceptBackLog(4_096);
    SocketIOServer server = new SocketIOServer(configuration);
    server.addEventListener(
        "relay",
        Map.class,
        (client, message, ack) -> {
          SocketIOClient to = server.getClient(UUID.fromString((String) message.get("to")));
          if (to != null) {
            to.sendEvent("relayed", message.get("data"));
          }
          ack.sendAckData();
        });
    server.start();
    System.out.println("port " + configuration.getPort());
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0)) {
      return socket.getLocalPort();
    }
  }
}
