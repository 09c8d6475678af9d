package kith.socketio.adapter;

import java.util.Set;

/**
 * Which sockets of a namespace are meant: those in any of the rooms, or all when there are none,
 * without those in any of the excepted rooms. A socket's id is a room with that socket alone.
 */
public record Target(Set<String> rooms, Set<String> except) {
  public static final Target ALL = new Target(Set.of(), Set.of());
}
