package kith.turn;

import static kith.turn.stun.AttributeType.NONCE;
import static kith.turn.stun.AttributeType.PASSWORD_ALGORITHM;
import static kith.turn.stun.AttributeType.PASSWORD_ALGORITHMS;
import static kith.turn.stun.AttributeType.REALM;
import static kith.turn.stun.AttributeType.USERHASH;
import static kith.turn.stun.AttributeType.USERNAME;

import java.util.Arrays;
import kith.turn.Counters.Count;
import kith.turn.stun.ErrorCode;
import kith.turn.stun.Integrity;
import kith.turn.stun.Method;
import kith.turn.stun.PasswordAlgorithm;
import kith.turn.stun.StunMessage;
import org.jspecify.annotations.Nullable;

/**
 * The long-term credential mechanism, server side: the checks of RFC 8489 §9.2.4, but for their
 * order. A nonce that is not good is refused before the name is looked up and the signature
 * computed, and not after: it costs less than these, and whoever floods the server in others' names
 * has none that is. A client whose nonce and password are both wrong hears of the nonce first.
 */
final class Authentication {
  private static final int MAX_USERNAME = 508;
  private static final int MAX_TEXT = 763;

  private final TurnSettings settings;
  private final Nonces nonces;
  private final Outbox outbox;
  private final Counters counters;
  private final AddressLimiter refusals;
  private final AddressLimiter refusalsToKnown;

  Authentication(TurnShared shared, Outbox outbox, Counters counters) {
    this.settings = shared.settings();
    this.nonces = shared.nonces();
    this.outbox = outbox;
    this.counters = counters;
    this.refusals = shared.refusals();
    this.refusalsToKnown = shared.refusalsToKnown();
  }

  /** Who sent the request; null when it did not prove that, and then it has been answered. */
  @Nullable Identity check(Request request, StunMessage message, long epochSeconds) {
    if (!message.hasIntegrity() && !message.hasIntegritySha256()) {
      return challenge(request, Nonces.Kind.FOREIGN, ErrorCode.UNAUTHENTICATED);
    }
    String nonce = message.text(NONCE, MAX_TEXT);
    Nonces.Kind kind = kindOf(nonce, request);
    String realm = message.text(REALM, MAX_TEXT);
    boolean named = message.has(USERNAME) || message.has(USERHASH);
    if (nonce == null || realm == null || !named) {
      return refuse(request, kind);
    }
    PasswordAlgorithm algorithm = algorithm(message, nonce);
    if (algorithm == null) {
      return refuse(request, kind);
    }
    if (!isGood(kind, request)) {
      return challenge(request, kind, ErrorCode.STALE_NONCE);
    }
    Credentials.Account account = account(message, epochSeconds);
    if (account == null || !realm.equals(settings.realm())) {
      return challenge(request, kind, ErrorCode.UNAUTHENTICATED);
    }
    Identity identity = prove(message, account, algorithm);
    return identity != null ? identity : challenge(request, kind, ErrorCode.UNAUTHENTICATED);
  }

  /**
   * The connection that carries data comes from another port than that whose nonce the client has
   * (RFC 6062 §4.3). Its request binds one connection, once, so nobody else can use it.
   */
  private static boolean isGood(Nonces.Kind kind, Request request) {
    return switch (kind) {
      case FRESH -> true;
      case OF_ANOTHER_PORT -> request.method() == Method.CONNECTION_BIND;
      case STALE, FOREIGN -> false;
    };
  }

  private Nonces.Kind kindOf(@Nullable String nonce, Request request) {
    return nonce == null
        ? Nonces.Kind.FOREIGN
        : nonces.kindOf(nonce, request.flow().client(), request.now());
  }

  /**
   * The password algorithm the request uses, or null when it spoils the negotiation: the list must
   * be the one we offered, or someone between us has weakened it.
   */
  private static @Nullable PasswordAlgorithm algorithm(StunMessage message, String nonce) {
    byte[] chosen = message.value(PASSWORD_ALGORITHM, 64);
    byte[] offered = message.value(PASSWORD_ALGORITHMS, 64);
    if (!negotiates(message) || !Nonces.announcesPasswordAlgorithms(nonce)) {
      return PasswordAlgorithm.MD5;
    }
    if (chosen == null || offered == null || !Arrays.equals(offered, PasswordAlgorithm.offered())) {
      return null;
    }
    return PasswordAlgorithm.of(chosen);
  }

  private static boolean negotiates(StunMessage message) {
    return message.has(PASSWORD_ALGORITHM) || message.has(PASSWORD_ALGORITHMS);
  }

  private Credentials.@Nullable Account account(StunMessage message, long epochSeconds) {
    byte[] hash = message.value(USERHASH, 32);
    String username =
        hash != null
            ? settings.credentials().usernameOf(hash)
            : message.text(USERNAME, MAX_USERNAME);
    return username == null ? null : settings.credentials().find(username, epochSeconds);
  }

  private @Nullable Identity prove(
      StunMessage message, Credentials.Account account, PasswordAlgorithm algorithm) {
    Integrity signed = message.hasIntegritySha256() ? Integrity.SHA256 : Integrity.SHA1;
    // Not by what the request is signed with, but by what was negotiated (§9.2.4).
    Integrity replies = negotiates(message) ? Integrity.SHA256 : Integrity.SHA1;
    for (byte[] key : settings.credentials().keys(account.username(), algorithm)) {
      if (signed.matches(message, key)) {
        return new Identity(account.username(), account.user(), key, replies);
      }
    }
    return null;
  }

  private @Nullable Identity challenge(Request request, Nonces.Kind shown, ErrorCode error) {
    if (mayRefuse(request, shown)) {
      String nonce = nonces.mint(request.flow().client(), request.now());
      outbox.send(
          request,
          error,
          Outbox.error(request, error)
              .text(REALM, settings.realm())
              .text(NONCE, nonce)
              .bytes(PASSWORD_ALGORITHMS, PasswordAlgorithm.offered()));
    }
    return null;
  }

  private @Nullable Identity refuse(Request request, Nonces.Kind shown) {
    if (mayRefuse(request, shown)) {
      outbox.refuse(request, ErrorCode.BAD_REQUEST);
    }
    return null;
  }

  /** Whether an error may be sent to who has not proved to be at its address; counts as one. */
  boolean mayRefuse(Request request) {
    return mayRefuse(request, Nonces.Kind.FOREIGN);
  }

  /**
   * Who shows a nonce that this server made for its address has been there, if not now, and has a
   * budget of its own: a flood of requests in its name does not have it go unanswered.
   */
  private boolean mayRefuse(Request request, Nonces.Kind shown) {
    AddressLimiter budget =
        switch (shown) {
          case FOREIGN -> refusals;
          case STALE, OF_ANOTHER_PORT, FRESH -> refusalsToKnown;
        };
    boolean allowed =
        request.flow().isStream() || budget.allows(request.flow().client(), request.now());
    if (!allowed) {
      counters.add(Count.DROPPED_REFUSAL_LIMIT);
    }
    return allowed;
  }
}
