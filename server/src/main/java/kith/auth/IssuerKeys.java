package kith.auth;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.KeySourceException;
import com.nimbusds.jose.crypto.factories.DefaultJWSVerifierFactory;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.JWKMatcher;
import com.nimbusds.jose.jwk.JWKSelector;
import com.nimbusds.jose.jwk.KeyConverter;
import com.nimbusds.jose.jwk.source.JWKSource;
import com.nimbusds.jose.jwk.source.JWKSourceBuilder;
import com.nimbusds.jose.jwk.source.RateLimitReachedException;
import com.nimbusds.jose.proc.SecurityContext;
import com.nimbusds.jose.util.DefaultResourceRetriever;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import java.net.MalformedURLException;
import java.security.Key;
import java.security.PublicKey;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import kith.settings.Settings.Issuer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The public keys by which someone else signs tokens, fetched from where they are published (a JWK
 * Set, RFC 7517 section 5), and kept for a while. A token by a key that is not among them has them
 * fetched anew, but not often: anyone can make up such a token.
 */
public final class IssuerKeys {
  private static final Logger log = LoggerFactory.getLogger(IssuerKeys.class);
  private static final Set<JWSAlgorithm> ALGORITHMS =
      Set.of(JWSAlgorithm.RS256, JWSAlgorithm.ES256);
  private static final int WAIT_MILLIS = 3_000;
  private static final int MOST_BYTES = 256 << 10;
  private static final Duration KEPT = Duration.ofMinutes(10);
  private static final Duration KEPT_WHILE_AWAY = Duration.ofHours(4);
  private static final Duration BETWEEN_FETCHES = Duration.ofSeconds(30);

  private final Issuer issuer;
  private final JWKSource<SecurityContext> published;

  public IssuerKeys(Issuer issuer) {
    this.issuer = issuer;
    try {
      this.published =
          JWKSourceBuilder.create(
                  issuer.keys().toURL(),
                  new DefaultResourceRetriever(WAIT_MILLIS, WAIT_MILLIS, MOST_BYTES))
              .cache(KEPT.toMillis(), 2L * WAIT_MILLIS)
              .refreshAheadCache(false)
              .rateLimited(BETWEEN_FETCHES.toMillis())
              .outageTolerant(KEPT_WHILE_AWAY.toMillis())
              .build();
    } catch (MalformedURLException checkedBefore) {
      throw new IllegalArgumentException(checkedBefore);
    }
  }

  /** Whether one of the keys signed it, for this server. Blocks while they are fetched. */
  boolean vouchFor(SignedJWT token) throws TokenRefused, JOSEException {
    if (!ALGORITHMS.contains(token.getHeader().getAlgorithm())) {
      return false;
    }
    for (Key key : KeyConverter.toJavaKeys(keysFor(token))) {
      if (key instanceof PublicKey
          && token.verify(
              new DefaultJWSVerifierFactory().createJWSVerifier(token.getHeader(), key))) {
        return true;
      }
    }
    return false;
  }

  private List<JWK> keysFor(SignedJWT token) throws TokenRefused {
    JWKMatcher matcher = JWKMatcher.forJWSHeader(token.getHeader());
    try {
      return published.get(new JWKSelector(matcher), null);
    } catch (RateLimitReachedException unknown) {
      return List.of();
    } catch (KeySourceException away) {
      log.warn("The keys of {} cannot be fetched: {}", issuer.name(), away.getMessage());
      throw new TokenRefused(
          TokenRefused.Code.TOKEN_INVALID, "The keys of the issuer cannot be fetched now");
    }
  }

  /** An issuer makes tokens for others, too. */
  boolean areMeant(JWTClaimsSet claims) {
    Optional<String> audience = issuer.audience();
    return issuer.name().equals(claims.getIssuer())
        && (audience.isEmpty() || claims.getAudience().contains(audience.get()));
  }
}
