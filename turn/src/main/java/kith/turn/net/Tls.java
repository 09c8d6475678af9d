package kith.turn.net;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.SignatureException;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.spec.InvalidKeySpecException;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;

/**
 * The server's certificate, read again when its files change; connections that are open keep the
 * one they began with.
 */
final class Tls {
  private static final Pattern KEY =
      Pattern.compile("-----BEGIN PRIVATE KEY-----([^-]*)-----END PRIVATE KEY-----");
  private static final List<String> KEY_ALGORITHMS = List.of("RSA", "EC", "EdDSA");
  private static final char[] NO_PASSWORD = new char[0];

  private final TlsOptions options;
  private byte[] certificates;
  private byte[] key;
  private volatile SSLContext context;

  /**
   * @throws IOException saying which file cannot be used and why
   */
  Tls(TlsOptions options) throws IOException {
    this.options = options;
    this.certificates = Files.readAllBytes(options.certificates());
    this.key = Files.readAllBytes(options.privateKey());
    this.context = context(certificates, key);
  }

  /** Reads the files again; true when they changed and are in use now. */
  synchronized boolean reload() throws IOException {
    byte[] newCertificates = Files.readAllBytes(options.certificates());
    byte[] newKey = Files.readAllBytes(options.privateKey());
    if (Arrays.equals(newCertificates, certificates) && Arrays.equals(newKey, key)) {
      return false;
    }
    context = context(newCertificates, newKey);
    certificates = newCertificates;
    key = newKey;
    return true;
  }

  SSLEngine engine() {
    SSLEngine engine = context.createSSLEngine();
    engine.setUseClientMode(false);
    engine.setEnabledProtocols(new String[] {"TLSv1.3", "TLSv1.2"});
    return engine;
  }

  private SSLContext context(byte[] chain, byte[] pem) throws IOException {
    try {
      Certificate[] certificates =
          CertificateFactory.getInstance("X.509")
              .generateCertificates(new ByteArrayInputStream(chain))
              .toArray(new Certificate[0]);
      if (certificates.length == 0) {
        throw new IOException(options.certificates() + " holds no certificate");
      }
      PrivateKey key = privateKey(pem);
      if (!belongTogether(key, certificates[0])) {
        throw new IOException(
            options.privateKey() + " is not the key of the first in " + options.certificates());
      }
      KeyStore store = KeyStore.getInstance("PKCS12");
      store.load(null, NO_PASSWORD);
      store.setKeyEntry("turn", key, NO_PASSWORD, certificates);
      KeyManagerFactory keys = KeyManagerFactory.getInstance("PKIX");
      keys.init(store, NO_PASSWORD);
      SSLContext made = SSLContext.getInstance("TLS");
      made.init(keys.getKeyManagers(), null, null);
      return made;
    } catch (GeneralSecurityException | IllegalArgumentException e) {
      throw new IOException(
          options.certificates()
              + " and "
              + options.privateKey()
              + " cannot be used: "
              + e.getMessage(),
          e);
    }
  }

  /**
   * Whether what the key signs is good by the certificate. A renewal that is caught between its two
   * files has one of each.
   */
  private static boolean belongTogether(PrivateKey key, Certificate certificate)
      throws GeneralSecurityException {
    if (!key.getAlgorithm().equals(certificate.getPublicKey().getAlgorithm())) {
      return false;
    }
    byte[] anything = certificate.getEncoded();
    Signature signing = signature(key.getAlgorithm());
    signing.initSign(key);
    signing.update(anything);
    byte[] signed = signing.sign();
    try {
      Signature verifying = signature(key.getAlgorithm());
      verifying.initVerify(certificate.getPublicKey());
      verifying.update(anything);
      return verifying.verify(signed);
    } catch (SignatureException e) {
      return false; // not even of the length
    }
  }

  private static Signature signature(String algorithm) throws GeneralSecurityException {
    return Signature.getInstance(
        switch (algorithm) {
          case "RSA" -> "SHA256withRSA";
          case "EC" -> "SHA256withECDSA";
          default -> algorithm;
        });
  }

  private PrivateKey privateKey(byte[] pem) throws IOException, GeneralSecurityException {
    Matcher found = KEY.matcher(new String(pem, StandardCharsets.ISO_8859_1));
    if (!found.find()) {
      throw new IOException(
          options.privateKey() + " holds no unencrypted PKCS #8 key (BEGIN PRIVATE KEY)");
    }
    PKCS8EncodedKeySpec encoded =
        new PKCS8EncodedKeySpec(Base64.getMimeDecoder().decode(found.group(1)));
    for (String algorithm : KEY_ALGORITHMS) {
      try {
        return KeyFactory.getInstance(algorithm).generatePrivate(encoded);
      } catch (InvalidKeySpecException e) {
        // Not of this kind; the next may be.
      }
    }
    throw new IOException(options.privateKey() + " holds a key that is none of " + KEY_ALGORITHMS);
  }
}
