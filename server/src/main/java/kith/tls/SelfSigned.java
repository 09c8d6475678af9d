package kith.tls;

import java.io.IOException;
import java.io.InputStream;
import java.math.BigInteger;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.SecureRandom;
import java.security.Signature;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collection;
import java.util.List;
import kith.settings.DataDirectory;

/**
 * The certificate a server makes for itself (RFC 5280), so that phones on the same network may use
 * their cameras: browsers give them to no page that came over plain HTTP. Each device has to accept
 * it once.
 */
public final class SelfSigned {
  private static final String ECDSA_WITH_SHA256 = "1.2.840.10045.4.3.2";
  private static final String COMMON_NAME = "2.5.4.3";
  private static final String SUBJECT_ALT_NAME = "2.5.29.17";
  private static final String BASIC_CONSTRAINTS = "2.5.29.19";
  private static final String EXTENDED_KEY_USAGE = "2.5.29.37";
  private static final String SERVER_AUTH = "1.3.6.1.5.5.7.3.1";
  private static final int DNS_NAME = 0x82;
  private static final int IP_ADDRESS = 0x87;

  /** Apple's systems take no longer. */
  private static final Duration LIFETIME = Duration.ofDays(820);

  private static final Duration RENEW_BEFORE = Duration.ofDays(30);

  private SelfSigned() {}

  /** PEM files of a certificate and its key. */
  public record PemFiles(Path certificate, Path key) {}

  /**
   * The certificate in that folder; made if it is missing, old, or does not cover the address.
   *
   * @param folder where the two PEM files are kept
   * @param address of this machine in its network, besides loopback
   */
  public static PemFiles in(Path folder, Collection<InetAddress> address, Instant now)
      throws IOException {
    Path certificate = folder.resolve("certificate.pem");
    Path key = folder.resolve("key.pem");
    if (!isGood(certificate, key, address, now)) {
      Files.createDirectories(folder);
      try {
        make(certificate, key, address, now);
      } catch (GeneralSecurityException everyJdkCan) {
        throw new IllegalStateException(everyJdkCan);
      }
    }
    return new PemFiles(certificate, key);
  }

  private static boolean isGood(
      Path certificate, Path key, Collection<InetAddress> addresses, Instant now) {
    if (!Files.isReadable(certificate) || !Files.isReadable(key)) {
      return false;
    }
    try (InputStream pem = Files.newInputStream(certificate)) {
      var read = (X509Certificate) CertificateFactory.getInstance("X.509").generateCertificate(pem);
      List<String> names = new ArrayList<>();
      for (List<?> name : read.getSubjectAlternativeNames()) {
        names.add(String.valueOf(name.get(1)));
      }
      return now.plus(RENEW_BEFORE).isBefore(read.getNotAfter().toInstant())
          && names.containsAll(addresses.stream().map(InetAddress::getHostAddress).toList());
    } catch (IOException | CertificateException | RuntimeException damaged) {
      return false;
    }
  }

  private static void make(
      Path certificate, Path key, Collection<InetAddress> addresses, Instant now)
      throws IOException, GeneralSecurityException {
    KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
    generator.initialize(new ECGenParameterSpec("secp256r1"));
    KeyPair pair = generator.generateKeyPair();
    byte[] unsigned = toBeSigned(pair, addresses, now);
    Signature signature = Signature.getInstance("SHA256withECDSA");
    signature.initSign(pair.getPrivate());
    signature.update(unsigned);
    byte[] signed = Der.sequence(unsigned, algorithm(), Der.bits(signature.sign()));
    DataDirectory.writePrivate(key, pem("PRIVATE KEY", pair.getPrivate().getEncoded()));
    DataDirectory.writePrivate(certificate, pem("CERTIFICATE", signed));
  }

  private static byte[] toBeSigned(KeyPair pair, Collection<InetAddress> addresses, Instant now) {
    byte[] version3 = Der.tagged(0xA0, Der.integer(BigInteger.TWO));
    byte[] name =
        Der.sequence(Der.set(Der.sequence(Der.oid(COMMON_NAME), Der.utf8("Kith on this network"))));
    byte[] validity =
        Der.sequence(Der.time(now.minus(Duration.ofDays(1))), Der.time(now.plus(LIFETIME)));
    return Der.sequence(
        version3,
        Der.integer(new BigInteger(127, new SecureRandom()).setBit(0)),
        algorithm(),
        name,
        validity,
        name,
        pair.getPublic().getEncoded(),
        Der.tagged(0xA3, extensions(addresses)));
  }

  private static byte[] algorithm() {
    return Der.sequence(Der.oid(ECDSA_WITH_SHA256));
  }

  private static byte[] extensions(Collection<InetAddress> addresses) {
    List<byte[]> names = new ArrayList<>();
    names.add(Der.tagged(DNS_NAME, "localhost".getBytes(StandardCharsets.US_ASCII)));
    names.add(Der.tagged(IP_ADDRESS, new byte[] {127, 0, 0, 1}));
    addresses.forEach(address -> names.add(Der.tagged(IP_ADDRESS, address.getAddress())));
    return Der.sequence(
        extension(SUBJECT_ALT_NAME, Der.sequence(names.toArray(byte[][]::new))),
        extension(BASIC_CONSTRAINTS, Der.sequence()),
        extension(EXTENDED_KEY_USAGE, Der.sequence(Der.oid(SERVER_AUTH))));
  }

  private static byte[] extension(String oid, byte[] value) {
    return Der.sequence(Der.oid(oid), Der.octets(value));
  }

  private static String pem(String label, byte[] der) {
    String base64 = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(der);
    return "-----BEGIN " + label + "-----\n" + base64 + "\n-----END " + label + "-----\n";
  }
}
