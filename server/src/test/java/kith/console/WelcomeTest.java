package kith.console;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.InetAddress;
import java.net.URI;
import java.util.List;
import java.util.Optional;
import kith.settings.Registration;
import org.junit.jupiter.api.Test;

class WelcomeTest {
  private static final Optional<InetAddress> LAN =
      Optional.of(InetAddress.ofLiteral("192.168.1.5"));

  @Test
  void aPhoneIsLedToTls() {
    String text = welcome(Optional.empty(), LAN, true).text(false);
    assertTrue(text.contains("running at http://localhost:3001\n"), text);
    assertTrue(text.contains("https://192.168.1.5:3001\n"), text);
    assertTrue(text.contains("warns once"), text);
  }

  @Test
  void withoutTlsThePhoneIsToldWhatItLacks() {
    assertTrue(welcome(Optional.empty(), LAN, false).text(false).contains("no camera"));
  }

  @Test
  void thePublicAddressIsForEveryone() {
    String text =
        welcome(Optional.of(URI.create("https://calls.example.org")), LAN, true).text(false);
    assertTrue(text.contains("running at https://calls.example.org\n"), text);
    assertFalse(text.contains("192.168"), text);
    assertFalse(text.contains("warns once"), text);
  }

  @Test
  void withoutANetworkThereIsNoCode() {
    assertFalse(welcome(Optional.empty(), Optional.empty(), true).text(false).contains("█"));
  }

  @Test
  void theCodeIsASquareWithAQuietEdge() {
    List<String> lines = QrText.of("https://192.168.1.5:3001", false).lines().toList();
    int width = lines.getFirst().length();
    assertTrue(lines.stream().allMatch(line -> line.length() == width));
    assertEquals(width - 2, 2 * lines.size() - 1);
    assertEquals("█".repeat(width - 2), lines.getFirst().strip());
  }

  private static Welcome welcome(Optional<URI> publicUrl, Optional<InetAddress> lan, boolean tls) {
    return new Welcome("1.0", 3001, publicUrl, lan, tls, tls, true, Registration.OPEN, List.of());
  }
}
