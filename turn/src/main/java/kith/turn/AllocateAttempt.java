package kith.turn;

import java.util.ArrayList;
import java.util.List;
import kith.turn.stun.AddressFamily;
import kith.turn.stun.ErrorCode;
import org.jspecify.annotations.Nullable;

/**
 * An Allocate request while its sockets are being opened: the relayed address, the one reserved
 * beside it, the one of the other family, in that order. A port that some other program holds is
 * passed over for another.
 */
final class AllocateAttempt {
  private static final int MOST_TRIES = 32;

  private final AllocateMethod method;
  private final Request request;
  private final AllocateMethod.Wish wish;
  private @Nullable RelayHost host;
  private @Nullable Relay first;
  private @Nullable Relay reserved;
  private @Nullable Relay additional;
  private Allocation.@Nullable Refused refused;
  // Kept until the attempt is over, or chance might choose them again.
  private final List<Relay> taken = new ArrayList<>();
  private int tries;

  AllocateAttempt(
      AllocateMethod method, Request request, AllocateMethod.Wish wish, @Nullable RelayHost host) {
    this.method = method;
    this.request = request;
    this.wish = wish;
    this.host = host;
  }

  /** Opens a relayed address at a port of the server's choice. */
  void open() {
    RelayHost from = host;
    int port =
        from == null || tries++ >= MOST_TRIES
            ? 0
            : from.claim(method.random(), wish.even(), wish.reserve());
    if (from != null && port != 0) {
      first = new Relay(from, wish.transport(), port);
      reserved = wish.reserve() ? new Relay(from, wish.transport(), port + 1) : null;
      ask(first, true);
    } else if (wish.both() && refused == null) {
      doWithout(AddressFamily.IPV4, from);
      host = request.flow().listener().host(AddressFamily.IPV6);
      tries = 0;
      open();
    } else {
      fail();
    }
  }

  private void doWithout(AddressFamily family, @Nullable RelayHost from) {
    ErrorCode why =
        from == null ? ErrorCode.ADDRESS_FAMILY_NOT_SUPPORTED : ErrorCode.INSUFFICIENT_CAPACITY;
    refused = new Allocation.Refused(family, why);
  }

  /** Takes over a reserved address. */
  void adopt(Relay relay) {
    first = relay;
    relay.attempt = this;
    method.outbox().add(new Command.Adopt(relay));
  }

  private void ask(Relay relay, boolean receiving) {
    relay.attempt = this;
    method.outbox().add(new Command.Open(relay, receiving));
  }

  void opened(Relay relay) {
    relay.attempt = null;
    Relay beside = reserved;
    if (relay == first && beside != null) {
      ask(beside, false);
    } else if (relay != additional && wish.both() && refused == null) {
      tries = 0;
      openAdditional();
    } else {
      finish();
    }
  }

  private void openAdditional() {
    RelayHost other = request.flow().listener().host(AddressFamily.IPV6);
    int port =
        other == null || tries++ >= MOST_TRIES
            ? 0
            : other.claim(method.random(), wish.even(), false);
    if (other == null || port == 0) {
      additional = null;
      doWithout(AddressFamily.IPV6, other);
      finish();
      return;
    }
    additional = new Relay(other, wish.transport(), port);
    ask(additional, true);
  }

  void refused(Relay relay) {
    relay.attempt = null;
    taken.add(relay);
    if (relay == additional) {
      openAdditional();
      return;
    }
    Relay opened = first;
    if (relay == reserved && opened != null) {
      method.allocations().discard(opened);
    } else if (reserved != null) {
      reserved.host().release(reserved.local().port());
    }
    if (wish.token() != 0) {
      fail();
    } else {
      open();
    }
  }

  private void fail() {
    releaseTaken();
    method.failed(request, wish, ErrorCode.INSUFFICIENT_CAPACITY);
  }

  private void releaseTaken() {
    taken.forEach(relay -> relay.host().release(relay.local().port()));
  }

  private void finish() {
    Relay relay = first;
    if (relay == null) {
      throw new IllegalStateException("finished before it began");
    }
    releaseTaken();
    method.succeeded(request, wish, relay, reserved, additional, refused);
  }
}
