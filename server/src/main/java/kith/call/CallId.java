package kith.call;

import java.util.UUID;

/** Names a call; the caller makes it. Of two calls that meet (glare) the lesser one stays. */
public record CallId(UUID value) implements Comparable<CallId> {
  /** Orders as the text does, so that every client, in any language, picks the same one. */
  @Override
  public int compareTo(CallId other) {
    return value.toString().compareTo(other.value.toString());
  }

  @Override
  public String toString() {
    return value.toString();
  }
}
