package kith.socketio.engine;

import java.util.Arrays;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** The WebSocket that is to take over from polling, until it does or is closed. */
final class Upgrade {
  private static final byte[] PROBE = {PacketType.PING, 'p', 'r', 'o', 'b', 'e'};
  private static final Frame PONG_PROBE = Frame.text("3probe");
  private static final long NEVER = Long.MAX_VALUE;

  /**
   * How long an upgrade has to settle. What a client sends on two connections can be read in
   * another order than it was sent, and so can the answers: a poll within an upgrade is answered
   * with nothing, and a surplus transport is closed, this much later.
   */
  private static final long SETTLING_TIME = 100;

  private @Nullable Link probe;
  private boolean probed;

  /** A WebSocket that came while another was to take over. */
  private @Nullable Link surplus;

  private long upgradeBy = NEVER;
  private long settledAt = NEVER;

  /** A second transport opens while the session is on polling. */
  void opened(Link candidate, long timeout, long now) {
    if (probe == null) {
      probe = candidate;
      upgradeBy = now + timeout;
    } else if (surplus == null) {
      surplus = candidate;
      settledAt = now + SETTLING_TIME;
    } else {
      candidate.close(CloseCode.POLICY_VIOLATION);
    }
  }

  /** True when it takes over by this text. */
  boolean text(Link from, byte[] utf8, int start, int end, long now) {
    if (from != probe) {
      return false;
    }
    if (!probed && Arrays.equals(utf8, start, end, PROBE, 0, PROBE.length)) {
      probed = true;
      settledAt = now + SETTLING_TIME;
      from.write(PONG_PROBE);
      return false;
    }
    if (probed && end - start == 1 && utf8[start] == PacketType.UPGRADE) {
      clear();
      return true;
    }
    drop(CloseCode.PROTOCOL_ERROR);
    return false;
  }

  void binary(Link from) {
    if (from == probe) {
      drop(CloseCode.PROTOCOL_ERROR);
    }
  }

  /** The client polls still, or again. */
  void polled(long now) {
    if (probed) {
      settledAt = now + SETTLING_TIME;
    }
  }

  boolean isSettling() {
    return settledAt != NEVER;
  }

  void settled() {
    settledAt = NEVER;
    endSurplus(CloseCode.POLICY_VIOLATION);
  }

  /** A WebSocket ended, for whatever reason. */
  void closed(Link from) {
    if (from == probe) {
      clear();
    } else if (from == surplus) {
      surplus = null;
    }
  }

  /** The session closes: only one that was probed may still take over, to be told so. */
  void endUnlessProbed() {
    endSurplus(CloseCode.GOING_AWAY);
    if (probe != null && !probed) {
      drop(CloseCode.GOING_AWAY);
    }
  }

  void end() {
    endSurplus(CloseCode.GOING_AWAY);
    if (probe != null) {
      drop(CloseCode.GOING_AWAY);
    }
  }

  void tick(long now) {
    if (now >= upgradeBy) {
      drop(CloseCode.POLICY_VIOLATION);
    }
  }

  long settledAt() {
    return settledAt;
  }

  long nextDeadline() {
    return Math.min(upgradeBy, settledAt);
  }

  private void endSurplus(int statusCode) {
    if (surplus != null) {
      surplus.close(statusCode);
      surplus = null;
    }
  }

  private void drop(int statusCode) {
    Link dropped = Objects.requireNonNull(probe);
    clear();
    dropped.close(statusCode);
  }

  private void clear() {
    probe = null;
    probed = false;
    upgradeBy = NEVER;
  }
}
