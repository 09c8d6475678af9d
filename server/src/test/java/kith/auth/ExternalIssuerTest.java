package kith.auth;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.MACSigner;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import java.time.Instant;
import java.util.Date;
import kith.testing.KithServer;
import kith.testing.Reply;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Another backend that knows KITH_JWT_SECRET signs people in. */
class ExternalIssuerTest {
  private static final String SECRET = "a shared secret of more than 32 bytes, 0123456789";
  private static KithServer kith;

  @BeforeAll
  static void start() {
    kith = KithServer.start("KITH_JWT_SECRET", SECRET);
  }

  @AfterAll
  static void stop() {
    kith.close();
  }

  @Test
  void someoneItVouchesForHasAnAccountFromTheFirstRequestOn() throws JOSEException {
    Reply me = me(token("crm|42", "Grace Hopper"));
    assertEquals("crm|42", me.isOk().text("id"));
    assertEquals("Grace Hopper", me.text("displayName"));
    assertEquals("gracehopper", me.text("username"));
  }

  @Test
  void twoOfTheSameNameGetUsernamesOfTheirOwn() throws JOSEException {
    String one = me(token("crm|1", "Alan Turing")).isOk().text("username");
    String other = me(token("crm|2", "Alan Turing")).isOk().text("username");
    assertNotEquals(one, other);
  }

  @Test
  void aNameThatIsNoLineIsNotTaken() throws JOSEException {
    Reply me = me(token("crm|3", "<script>alert(1)</script>")).isOk();
    assertEquals(me.text("username"), me.text("displayName"));
  }

  @Test
  void aSubjectThatIsTooLongIsRefused() throws JOSEException {
    me(token("x".repeat(129), "Long")).isProblem(401, "token_invalid");
  }

  private static Reply me(String token) {
    return kith.stranger().withToken(token).get("/api/me");
  }

  private static String token(String subject, String name) throws JOSEException {
    SignedJWT token =
        new SignedJWT(
            new JWSHeader(JWSAlgorithm.HS256),
            new JWTClaimsSet.Builder()
                .subject(subject)
                .claim("name", name)
                .expirationTime(Date.from(Instant.now().plusSeconds(60)))
                .build());
    token.sign(new MACSigner(SECRET));
    return token.serialize();
  }
}
