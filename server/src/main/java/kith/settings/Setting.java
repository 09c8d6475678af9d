package kith.settings;

/**
 * Every environment variable the server reads; the table in docs/operations.md is checked against
 * this one.
 */
public enum Setting {
  KITH_HOST("0.0.0.0", "Address the HTTP(S) port listens on"),
  KITH_PORT(
      "3001", "The one TCP port: web app, REST, Socket.IO, plain HTTP and TLS; 0 picks a free one"),
  KITH_DATA_DIR("data", "Folder of the database, secrets, certificate and logs"),
  KITH_PUBLIC_URL(
      "",
      "The address people open, such as `https://calls.example.org`; empty: the address each request came by"),
  KITH_WEB_DIR(
      "", "Folder of the exported web app; empty: the folder `web` beside the server's jar"),
  KITH_DATABASE_URL(
      "", "`postgresql://user:password@host:5432/name`; empty: the embedded database"),
  KITH_JWT_SECRET(
      "",
      "Secret (HS256, 32 bytes or more) that signs access tokens, shared with an existing backend if it makes them; empty: made on first start"),
  KITH_JWKS_URL(
      "",
      "Where an identity provider publishes the keys (JWK Set) it signs access tokens with, by RS256 or ES256"),
  KITH_JWT_ISSUER("", "The `iss` of its tokens; needed with KITH_JWKS_URL"),
  KITH_JWT_AUDIENCE("", "What must be in the `aud` of its tokens; empty: anything"),
  KITH_REGISTRATION(
      "open", "Who may make an account: `open`, `invite` (and the first one), `closed`"),
  KITH_ALLOWED_ORIGINS(
      "", "Web origins, comma-separated, that may use the API from another address; `*` for any"),
  KITH_TRUSTED_PROXIES(
      "",
      "Addresses or ranges (CIDR), comma-separated, whose `X-Forwarded-*` headers are believed"),
  KITH_METRICS(
      "private",
      "Who may read `/metrics`: `private` (this machine and private networks), `public`, `off`"),
  KITH_TLS(
      "self-signed",
      "`self-signed`: TLS beside plain HTTP with a certificate made on first start; `off`: plain HTTP only"),
  KITH_TLS_CERT("", "PEM file of a certificate chain; replaces the self-signed one"),
  KITH_TLS_KEY("", "PEM file (PKCS #8) of its private key"),
  KITH_TURN_HOST(
      "",
      "Addresses, comma-separated, the embedded STUN/TURN server listens on; empty: every address of this machine, whatever KITH_HOST says"),
  KITH_TURN_PORT(
      "3478",
      "UDP and TCP ports of the embedded STUN/TURN server, comma-separated, the main one first (8 at most); 0 picks a free one"),
  KITH_TURN_TLS_PORT("5349", "TCP port of TURN over TLS, used only with KITH_TLS_CERT"),
  KITH_TURN_PROXIES(
      "",
      "Addresses or ranges (CIDR), comma-separated, of proxies before TCP and TLS of the embedded relay: what comes from there has to begin with a header of the PROXY protocol"),
  KITH_TURN_RELAY_PORTS("49152-65535", "UDP ports that relayed media uses"),
  KITH_TURN_EXTERNAL_IP(
      "",
      "The relay's public address when the machine is behind NAT; comma-separated `PUBLIC/LOCAL` where several of its addresses have one each, the first of which clients are told"),
  KITH_TURN_SECRET(
      "",
      "Secrets (16 bytes or more), comma-separated, behind TURN credentials, an external relay's `static-auth-secret`: the first signs, all are accepted; empty: made on first start"),
  KITH_TURN_URLS(
      "",
      "An external relay instead, comma-separated: `turn:relay.example.org:3478?transport=udp,...`"),
  KITH_TURN_ENGINE(
      "auto", "How the embedded relay moves datagrams: `auto`, `io_uring`, `mmsg`, `nio`"),
  KITH_TURN_ALLOCATIONS("10000", "Allocations of the embedded relay, in all (1 to 100000)"),
  KITH_TURN_ALLOCATIONS_PER_USER("64", "Allocations of one user (1 to 10000)"),
  KITH_TURN_MBIT_PER_ALLOCATION(
      "20",
      "Mbit/s that the embedded relay carries for one allocation, both directions together; 0: no limit"),
  KITH_TURN_MBIT_IN_ALL("0", "Mbit/s that the embedded relay carries in all; 0: no limit"),
  KITH_TURN_ALLOW_PEERS(
      "",
      "Ranges (CIDR), comma-separated, that the embedded relay may send to although they are private or denied"),
  KITH_TURN_DENY_PEERS(
      "", "Ranges (CIDR), comma-separated, that the embedded relay may not send to"),
  KITH_TURN_DRAIN_SECONDS(
      "0",
      "How long SIGTERM waits for relayed calls to end (0 to 86400); a second one, or Ctrl-C, does not"),
  KITH_TURN_DRAIN_ALLOCATIONS(
      "0", "How many allocations such a stop does not wait for (0 to 100000)"),
  KITH_RING_SECONDS("45", "How long a call rings (5 to 300)"),
  KITH_CONNECT_SECONDS("20", "How long an answered call may take to connect (5 to 120)"),
  KITH_GRACE_SECONDS("30", "How long a call waits for someone who lost the connection (5 to 300)"),
  KITH_LOG_LEVEL("info", "`debug`, `info`, `warn`, `error`");

  private final String fallback;
  private final String meaning;

  Setting(String fallback, String meaning) {
    this.fallback = fallback;
    this.meaning = meaning;
  }

  /** What holds when the variable is unset or empty. */
  public String fallback() {
    return fallback;
  }

  public String meaning() {
    return meaning;
  }
}
