package kith.turn;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;

import java.util.List;
import java.util.Map;
import kith.turn.stun.PasswordAlgorithm;
import org.junit.jupiter.api.Test;

/** Static users, whose names and passwords are prepared as clients prepare them (RFC 8265 §4.2). */
class CredentialsTest {
  private static final String REALM = "example.org";
  private static final String JOSE = "Jos\u00E9";

  private final Credentials credentials =
      new Credentials(REALM, List.of(), Map.of("Jose\u0301", "pass\u00A0wo\u0308rd"));

  @Test
  void lettersOfTwoCharactersAreOneAndEverySpaceIsTheSame() {
    assertNotNull(credentials.find(JOSE, 0));
    assertNull(credentials.find("Jose\u0301", 0));
    for (PasswordAlgorithm algorithm : PasswordAlgorithm.values()) {
      List<byte[]> keys = credentials.keys(JOSE, algorithm);
      assertEquals(1, keys.size());
      assertArrayEquals(algorithm.key(JOSE, REALM, "pass w\u00F6rd"), keys.getFirst());
    }
  }

  @Test
  void theHashIsOfThePreparedName() {
    assertEquals(JOSE, credentials.usernameOf(PasswordAlgorithm.userhash(JOSE, REALM)));
  }
}
