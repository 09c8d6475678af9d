package kith.circle;

import java.util.UUID;

/** Names a circle. */
public record CircleId(UUID value) {
  @Override
  public String toString() {
    return value.toString();
  }
}
