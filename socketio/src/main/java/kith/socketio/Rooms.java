package kith.socketio;

import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** Which sockets are in which room of a namespace. An empty room does not exist. */
final class Rooms {
  private final Map<String, Set<Socket>> members = new ConcurrentHashMap<>();

  void join(String room, Socket socket) {
    members.compute(
        room,
        (name, sockets) -> {
          Set<Socket> joined = sockets == null ? ConcurrentHashMap.newKeySet(2) : sockets;
          joined.add(socket);
          return joined;
        });
  }

  void leave(String room, Socket socket) {
    members.computeIfPresent(
        room,
        (name, sockets) -> {
          sockets.remove(socket);
          return sockets.isEmpty() ? null : sockets;
        });
  }

  Set<Socket> in(String room) {
    return members.getOrDefault(room, Set.of());
  }

  int count() {
    return members.size();
  }
}
