package kith.call;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.OptionalLong;
import java.util.function.LongPredicate;

/**
 * What one device was told of one call, numbered, so that it can be told again what it missed.
 * Keeps the latest {@value #MAX_MESSAGES} messages, or fewer if they are large.
 */
public final class Outbox {
  static final int MAX_MESSAGES = 256;
  static final int MAX_SIZE = 1_000_000;

  /** What JSON's numbers hold in JavaScript, less room for what is still to come. */
  private static final long MAX_NUMBER = 1L << 52;

  private final Deque<Entry> entries = new ArrayDeque<>();
  private long last;
  private long size;
  private boolean held;
  private long connection;

  /**
   * @param last the number before the first: greater than any the device may have been given before
   * @param connection the one that is spoken on; another, which may come before it is known that
   *     this one is gone, hears nothing until the device resumes
   */
  public Outbox(long last, long connection) {
    this.last = last;
    this.connection = connection;
  }

  public long connection() {
    return connection;
  }

  /**
   * A message with its number.
   *
   * @param sent it was given to a connection; whether it arrived is another matter
   */
  public record Entry(long number, CallMessage message, boolean sent) {}

  /**
   * Adds a message and, unless the box is held, sends it.
   *
   * @param send is given the message's number, and says whether a connection took it
   */
  public void add(CallMessage message, LongPredicate send) {
    long number = ++last;
    entries.add(new Entry(number, message, !held && send.test(number)));
    size += sizeOf(message);
    while (entries.size() > MAX_MESSAGES || (size > MAX_SIZE && entries.size() > 1)) {
      size -= sizeOf(entries.remove().message());
    }
  }

  public void hold() {
    held = true;
  }

  /** Forgets what was told; numbers go on, on this connection. */
  public void forget(long current) {
    connection = current;
    held = false;
    entries.clear();
    size = 0;
  }

  /**
   * What the device missed, in order, to be sent on this connection. Without the number of the last
   * message it received, that is what was never sent.
   */
  public List<Entry> replay(long current, OptionalLong received) {
    connection = current;
    held = false;
    received.ifPresent(this::numberAfter);
    List<Entry> missed =
        entries.stream()
            .filter(
                entry ->
                    received.isPresent() ? entry.number() > received.getAsLong() : !entry.sent())
            .toList();
    List<Entry> sent =
        entries.stream().map(entry -> new Entry(entry.number(), entry.message(), true)).toList();
    entries.clear();
    entries.addAll(sent);
    return missed;
  }

  /** A server whose clock was ahead of this one's gave it greater numbers than there are here. */
  private void numberAfter(long received) {
    if (received <= last || received > MAX_NUMBER) {
      return;
    }
    List<Entry> numbered = List.copyOf(entries);
    entries.clear();
    last = received;
    numbered.forEach(entry -> entries.add(new Entry(++last, entry.message(), entry.sent())));
  }

  /** Roughly: only descriptions and candidates are of any size. */
  private static int sizeOf(CallMessage message) {
    return 200
        + switch (message) {
          case CallMessage.Offered offered ->
              offered.offer().map(offer -> offer.sdp().length()).orElse(0);
          case CallMessage.Answered answered ->
              answered.answer().map(answer -> answer.sdp().length()).orElse(0);
          case CallMessage.Described described -> described.description().sdp().length();
          case CallMessage.Trickled trickled ->
              trickled.candidates().stream()
                  .mapToInt(candidate -> 100 + candidate.candidate().length())
                  .sum();
          case CallMessage.Rings rings -> 0;
          case CallMessage.Declined declined -> 0;
          case CallMessage.Elsewhere elsewhere -> 0;
          case CallMessage.Ended ended -> 0;
          case CallMessage.Shows shows -> 0;
          case CallMessage.Held held -> 0;
          case CallMessage.Snapshot snapshot -> 0;
          case CallMessage.PeerConnection connection -> 0;
        };
  }
}
