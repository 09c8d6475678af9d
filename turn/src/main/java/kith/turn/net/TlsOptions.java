package kith.turn.net;

import java.nio.file.Path;

/**
 * TURN over TLS.
 *
 * @param port usually 5349; 0 for any free port
 * @param certificates a PEM file with the chain, the server's own certificate first
 * @param privateKey a PEM file with its key, PKCS #8 and not encrypted. Both files are read again
 *     when they change.
 */
public record TlsOptions(int port, Path certificates, Path privateKey) {
  public TlsOptions {
    if (port < 0 || port > 65535) {
      throw new IllegalArgumentException("the TLS port must be within 0-65535, got " + port);
    }
  }
}
