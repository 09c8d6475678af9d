package kith;

import kith.auth.Identities;
import kith.signaling.TokenCheck;

/** Lets signaling ask auth who a token speaks for. */
record SignalingTokens(Identities identities) implements TokenCheck {
  @Override
  public Identity check(String token) throws TokenRefused {
    try {
      Identities.Identity known = identities.identify(token);
      return new Identity(known.user().id(), known.user().displayName(), known.expiresAt());
    } catch (kith.auth.TokenRefused refused) {
      Code code =
          switch (refused.code()) {
            case TOKEN_MISSING -> Code.TOKEN_MISSING;
            case TOKEN_INVALID -> Code.TOKEN_INVALID;
            case TOKEN_EXPIRED -> Code.TOKEN_EXPIRED;
          };
      throw new TokenRefused(code, String.valueOf(refused.getMessage()));
    }
  }
}
