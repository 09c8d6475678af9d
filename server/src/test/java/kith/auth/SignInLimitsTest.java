package kith.auth;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.net.InetAddress;
import kith.testing.TestClock;
import kith.web.Problem;
import org.junit.jupiter.api.Test;

class SignInLimitsTest {
  private static final InetAddress HOME = InetAddress.ofLiteral("192.0.2.1");

  private final SignInLimits limits = new SignInLimits(new TestClock());

  @Test
  void aStrangersGuessesDoNotKeepTheOwnerOut() {
    InetAddress stranger = InetAddress.ofLiteral("203.0.113.9");
    guesses(10, stranger);
    refused(stranger);
    limits.attempt("alice", HOME);
  }

  @Test
  void guessesFromManyAddressesEndSomeTime() {
    for (int i = 1; i <= 10; i++) {
      guesses(10, InetAddress.ofLiteral("203.0.113." + i));
    }
    refused(HOME);
  }

  @Test
  void aNetworkOfIpv6IsOneAddress() {
    guesses(10, InetAddress.ofLiteral("2001:db8::1"));
    refused(InetAddress.ofLiteral("2001:db8::2"));
    limits.attempt("alice", InetAddress.ofLiteral("2001:db8:0:1::1"));
  }

  private void guesses(int times, InetAddress from) {
    for (int i = 0; i < times; i++) {
      limits.attempt("alice", from);
    }
  }

  private void refused(InetAddress from) {
    Problem problem = assertThrows(Problem.class, () -> limits.attempt("alice", from));
    assertEquals(429, problem.status());
  }
}
