package kith.auth;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.KeyLengthException;
import com.nimbusds.jose.crypto.MACSigner;
import com.nimbusds.jose.crypto.MACVerifier;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import java.nio.charset.StandardCharsets;
import java.text.ParseException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.Date;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Signs and reads access tokens: JWTs (RFC 7519) signed by HS256. An existing backend that knows
 * the secret may make them, too, and an issuer whose keys are known, by those.
 */
public final class AccessTokens {
  static final Duration LIFETIME = Duration.ofMinutes(15);
  private static final Duration CLOCK_SKEW = Duration.ofSeconds(30);
  private static final String ISSUER = "kith";

  /** Registered for the session of a token (OpenID Connect Front-Channel Logout 1.0, section 3). */
  private static final String SESSION = "sid";

  private static final int MAX_LENGTH = 8_192;

  private final MACSigner signer;
  private final MACVerifier verifier;
  private final Optional<IssuerKeys> issuerKeys;
  private final InstantSource clock;

  /**
   * @param secret at least 32 bytes of it
   */
  public AccessTokens(String secret, Optional<IssuerKeys> issuerKeys, InstantSource clock) {
    this.issuerKeys = issuerKeys;
    byte[] key = secret.getBytes(StandardCharsets.UTF_8);
    try {
      this.signer = new MACSigner(key);
      this.verifier = new MACVerifier(key);
    } catch (KeyLengthException tooShort) {
      throw new IllegalArgumentException("the secret is too short", tooShort);
    } catch (JOSEException unusable) {
      throw new IllegalArgumentException("the secret cannot be used", unusable);
    }
    this.clock = clock;
  }

  record Issued(String token, Instant expiresAt) {}

  Issued issue(User user, SessionId session) {
    Instant now = clock.instant().truncatedTo(ChronoUnit.SECONDS);
    Instant expiresAt = now.plus(LIFETIME);
    SignedJWT token =
        new SignedJWT(
            new JWSHeader(JWSAlgorithm.HS256),
            new JWTClaimsSet.Builder()
                .issuer(ISSUER)
                .subject(user.id().value())
                .claim("name", user.displayName())
                .claim(SESSION, session.value())
                .issueTime(Date.from(now))
                .expirationTime(Date.from(expiresAt))
                .build());
    try {
      token.sign(signer);
    } catch (JOSEException impossible) {
      throw new IllegalStateException(impossible);
    }
    return new Issued(token.serialize(), expiresAt);
  }

  /**
   * What a token claims.
   *
   * @param session the sign-in it was given for, if this server made it
   * @param ours whether this server made it, and not another backend with the same secret
   */
  record Claims(
      UserId subject,
      Optional<String> name,
      Optional<String> username,
      Instant expiresAt,
      Optional<SessionId> session,
      boolean ours) {}

  /**
   * @throws TokenRefused if it is not validly signed, or no longer or not yet valid
   */
  Claims read(String token) throws TokenRefused {
    if (token.isEmpty()) {
      throw new TokenRefused(TokenRefused.Code.TOKEN_MISSING, "Sign in first");
    }
    if (token.length() > MAX_LENGTH) {
      throw invalid();
    }
    try {
      SignedJWT jwt = SignedJWT.parse(token);
      JWTClaimsSet claims = jwt.getJWTClaimsSet();
      boolean bySecret = JWSAlgorithm.HS256.equals(jwt.getHeader().getAlgorithm());
      if (!(bySecret ? jwt.verify(verifier) : isByIssuer(jwt, claims))) {
        throw invalid();
      }
      return checked(claims, bySecret && ISSUER.equals(claims.getIssuer()));
    } catch (ParseException | JOSEException malformed) {
      throw invalid();
    }
  }

  private boolean isByIssuer(SignedJWT jwt, JWTClaimsSet claims)
      throws TokenRefused, JOSEException {
    return issuerKeys.isPresent()
        && issuerKeys.get().areMeant(claims)
        && issuerKeys.get().vouchFor(jwt);
  }

  private Claims checked(JWTClaimsSet claims, boolean ours) throws TokenRefused {
    Instant now = clock.instant();
    String subject = claims.getSubject();
    Date expires = claims.getExpirationTime();
    Date notBefore = claims.getNotBeforeTime();
    if (subject == null
        || subject.isEmpty()
        || subject.length() > UserId.MAX_LENGTH
        || expires == null) {
      throw invalid();
    }
    if (notBefore != null && notBefore.toInstant().isAfter(now.plus(CLOCK_SKEW))) {
      throw invalid();
    }
    if (!expires.toInstant().isAfter(now)) {
      throw new TokenRefused(TokenRefused.Code.TOKEN_EXPIRED, "The access token has expired");
    }
    return new Claims(
        new UserId(subject),
        text(claims.getClaim("name")),
        text(claims.getClaim("preferred_username")),
        expires.toInstant(),
        ours ? text(claims.getClaim(SESSION)).map(SessionId::new) : Optional.empty(),
        ours);
  }

  private static Optional<String> text(@Nullable Object claim) {
    return claim instanceof String text && !text.isBlank() ? Optional.of(text) : Optional.empty();
  }

  private static TokenRefused invalid() {
    return new TokenRefused(TokenRefused.Code.TOKEN_INVALID, "The access token is not valid");
  }
}
