package kith.tls;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.Date;
import java.util.List;
import kith.testing.TestClock;
import kith.tls.SelfSigned.PemFiles;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CertificateTest {
  private static final InetAddress LAN = InetAddress.ofLiteral("192.168.1.5");

  @TempDir Path folder;
  private final TestClock clock = new TestClock();

  @Test
  void theServersOwnCoversItsAddresses() throws IOException, GeneralSecurityException {
    X509Certificate certificate = read(make(LAN));
    List<String> names =
        certificate.getSubjectAlternativeNames().stream()
            .map(name -> String.valueOf(name.get(1)))
            .toList();
    assertEquals(List.of("localhost", "127.0.0.1", "192.168.1.5"), names);
    certificate.checkValidity(Date.from(clock.instant()));
    certificate.checkValidity(Date.from(clock.instant().plus(Duration.ofDays(819))));
    certificate.verify(certificate.getPublicKey());
    assertEquals(-1, certificate.getBasicConstraints());
  }

  @Test
  void itIsKeptWhileItIsGood() throws IOException {
    byte[] first = Files.readAllBytes(make(LAN).certificate());
    clock.passes(Duration.ofDays(700));
    assertArrayEquals(first, Files.readAllBytes(make(LAN).certificate()));
  }

  @Test
  void itIsMadeAgainWhenItIsOldOrTheAddressChanged() throws IOException {
    String first = Files.readString(make(LAN).certificate());
    String moved = Files.readString(make(InetAddress.ofLiteral("10.0.0.7")).certificate());
    assertFalse(first.equals(moved));
    clock.passes(Duration.ofDays(800));
    String renewed = Files.readString(make(InetAddress.ofLiteral("10.0.0.7")).certificate());
    assertFalse(moved.equals(renewed));
  }

  @Test
  void aDamagedOneIsMadeAgain() throws IOException, GeneralSecurityException {
    Files.writeString(make(LAN).certificate(), "nonsense");
    assertEquals("X.509", read(make(LAN)).getType());
  }

  @Test
  void aRenewedFileIsReadAgain() throws IOException {
    PemFiles files = make(LAN);
    Certificate certificate = new Certificate(files.certificate(), files.key(), clock);
    var first = certificate.get();
    clock.passes(Duration.ofMinutes(2));
    assertSame(first, certificate.get());
    Files.delete(files.key());
    make(LAN);
    assertEquals(true, files.key().toFile().setLastModified(1_000_000_000_000L));
    assertEquals(true, files.certificate().toFile().setLastModified(1_000_000_000_000L));
    clock.passes(Duration.ofMinutes(2));
    assertNotSame(first, certificate.get());
  }

  @Test
  void aRenewalThatIsBrokenChangesNothing() throws IOException {
    PemFiles files = make(LAN);
    Certificate certificate = new Certificate(files.certificate(), files.key(), clock);
    var first = certificate.get();
    Files.writeString(files.certificate(), "nonsense");
    assertEquals(true, files.certificate().toFile().setLastModified(4_000_000_000_000L));
    clock.passes(Duration.ofMinutes(2));
    assertSame(first, certificate.get());
  }

  @Test
  void whatIsNoCertificateIsRefused() throws IOException {
    Path nonsense = Files.writeString(folder.resolve("nonsense.pem"), "nonsense");
    assertThrows(IllegalArgumentException.class, () -> new Certificate(nonsense, nonsense, clock));
  }

  private PemFiles make(InetAddress address) throws IOException {
    return SelfSigned.in(folder.resolve("tls"), List.of(address), clock.instant());
  }

  private static X509Certificate read(PemFiles files) throws IOException, GeneralSecurityException {
    try (var pem = Files.newInputStream(files.certificate())) {
      return (X509Certificate) CertificateFactory.getInstance("X.509").generateCertificate(pem);
    }
  }
}
