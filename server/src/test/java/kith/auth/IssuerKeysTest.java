package kith.auth;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSSigner;
import com.nimbusds.jose.crypto.ECDSASigner;
import com.nimbusds.jose.crypto.MACSigner;
import com.nimbusds.jose.crypto.RSASSASigner;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.jwk.gen.ECKeyGenerator;
import com.nimbusds.jose.jwk.gen.RSAKeyGenerator;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import com.sun.net.httpserver.HttpServer;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import kith.testing.KithServer;
import kith.testing.RawClient;
import kith.testing.Reply;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** An identity provider signs people in by keys that it publishes. */
class IssuerKeysTest {
  private static final String ISSUER = "https://login.example.org/";
  private static RSAKey rsa;
  private static ECKey ec;
  private static RSAKey unpublished;

  private HttpServer provider;
  private volatile List<JWK> published;
  private volatile int fetched;
  private KithServer kith;

  @BeforeAll
  static void makeKeys() throws JOSEException {
    rsa = new RSAKeyGenerator(2048).keyID("one").generate();
    ec = new ECKeyGenerator(Curve.P_256).keyID("two").generate();
    unpublished = new RSAKeyGenerator(2048).keyID("three").generate();
  }

  @BeforeEach
  void start() throws IOException {
    published = List.of(rsa, ec);
    provider = HttpServer.create(new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), 0), 0);
    provider.createContext(
        "/keys",
        exchange -> {
          fetched++;
          byte[] keys = new JWKSet(published).toString(true).getBytes(StandardCharsets.UTF_8);
          exchange.getResponseHeaders().set("Content-Type", "application/json");
          exchange.sendResponseHeaders(200, keys.length);
          exchange.getResponseBody().write(keys);
          exchange.close();
        });
    provider.start();
    kith =
        KithServer.start(
            "KITH_JWKS_URL",
            "http://127.0.0.1:" + provider.getAddress().getPort() + "/keys",
            "KITH_JWT_ISSUER",
            ISSUER,
            "KITH_JWT_AUDIENCE",
            "kith-calls");
  }

  @AfterEach
  void stop() {
    kith.close();
    provider.stop(0);
  }

  private Reply me(String token) {
    return kith.stranger().withToken(token).get("/api/me");
  }

  private static JWTClaimsSet.Builder grace() {
    return new JWTClaimsSet.Builder()
        .issuer(ISSUER)
        .audience(List.of("another", "kith-calls"))
        .subject("idp|42")
        .claim("name", "Grace Hopper")
        .expirationTime(Date.from(Instant.now().plusSeconds(600)));
  }

  private static String byRsa(RSAKey key, JWTClaimsSet claims) throws JOSEException {
    return signed(JWSAlgorithm.RS256, key.getKeyID(), new RSASSASigner(key), claims);
  }

  private static String byEc(JWTClaimsSet claims) throws JOSEException {
    return signed(JWSAlgorithm.ES256, ec.getKeyID(), new ECDSASigner(ec), claims);
  }

  private static String signed(
      JWSAlgorithm algorithm, String key, JWSSigner signer, JWTClaimsSet claims)
      throws JOSEException {
    var token = new SignedJWT(new JWSHeader.Builder(algorithm).keyID(key).build(), claims);
    token.sign(signer);
    return token.serialize();
  }

  @Test
  void whomItVouchesForHasAnAccountAndMayConnect() throws JOSEException {
    assertEquals("idp|42", me(byRsa(rsa, grace().build())).isOk().text("id"));
    String token = byEc(grace().build());
    assertEquals("Grace Hopper", me(token).isOk().text("displayName"));
    try (RawClient phone = RawClient.open(kith.port())) {
      assertTrue(phone.connect(new JsonObject().put("token", token)).startsWith("40"));
    }
    assertEquals(1, fetched);
  }

  @Test
  void aTokenForSomeoneElseOrBySomeoneElseIsRefused() throws JOSEException {
    for (JWTClaimsSet claims :
        List.of(
            grace().issuer("https://other.example.org/").build(),
            grace().issuer(null).build(),
            grace().audience("another").build(),
            grace().expirationTime(null).build())) {
      me(byRsa(rsa, claims)).isProblem(401, "token_invalid");
    }
    me(byRsa(rsa, grace().expirationTime(new Date(0)).build())).isProblem(401, "token_expired");
  }

  @Test
  void aKeyThatIsNotPublishedSignsNobodyIn() throws JOSEException {
    me(byRsa(unpublished, grace().build())).isProblem(401, "token_invalid");
    RSAKey underItsName = new RSAKey.Builder(unpublished).keyID("one").build();
    me(byRsa(underItsName, grace().build())).isProblem(401, "token_invalid");
    // The public key as if it were a shared secret.
    byte[] known = rsa.toPublicJWK().toJSONString().getBytes(StandardCharsets.UTF_8);
    me(signed(JWSAlgorithm.HS256, "one", new MACSigner(known), grace().build()))
        .isProblem(401, "token_invalid");
    me(signed(JWSAlgorithm.RS512, "one", new RSASSASigner(rsa), grace().build()))
        .isProblem(401, "token_invalid");
  }

  @Test
  void aNewKeyIsFoundAndStrangersDoNotHaveThemFetchedOverAndOver() throws JOSEException {
    me(byRsa(rsa, grace().build())).isOk();
    published = List.of(unpublished);
    me(byRsa(unpublished, grace().build())).isOk();
    for (int i = 0; i < 10; i++) {
      RSAKey madeUp = new RSAKey.Builder(rsa).keyID("made up " + i).build();
      me(byRsa(madeUp, grace().build())).isProblem(401, "token_invalid");
    }
    assertTrue(fetched < 6, () -> "fetched " + fetched + " times");
  }

  @Test
  void whileTheProviderIsAwayItsTokensAreRefusedAndOnesOwnAreGood() throws JOSEException {
    provider.stop(0);
    me(byRsa(rsa, grace().build())).isProblem(401, "token_invalid");
    kith.person("alice").gets("/api/me").isOk();
  }
}
