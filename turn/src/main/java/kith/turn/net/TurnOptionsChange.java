package kith.turn.net;

import java.net.InetAddress;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Consumer;
import kith.turn.Lifetimes;
import kith.turn.Limits;
import kith.turn.PeerPolicy;
import kith.turn.TurnEvent;

/**
 * A copy of options in the making, so that each wither of {@link TurnOptions} names only what it
 * changes.
 */
final class TurnOptionsChange {
  private List<InetAddress> listen;
  private int port;
  private OptionalInt discoveryPort;
  private Optional<TlsOptions> tls;
  private String realm;
  private List<String> secrets;
  private Map<String, String> users;
  private int firstRelayPort;
  private int lastRelayPort;
  private Optional<InetAddress> externalAddress;
  private PeerPolicy peers;
  private Limits limits;
  private Lifetimes lifetimes;
  private int connections;
  private int connectionsPerAddress;
  private Duration frameTime;
  private Duration idleTime;
  private int loops;
  private EngineKind engine;
  private boolean coalescing;
  private Consumer<TurnEvent> events;

  TurnOptionsChange(TurnOptions from) {
    listen = from.listen();
    port = from.port();
    discoveryPort = from.discoveryPort();
    tls = from.tls();
    realm = from.realm();
    secrets = from.secrets();
    users = from.users();
    firstRelayPort = from.firstRelayPort();
    lastRelayPort = from.lastRelayPort();
    externalAddress = from.externalAddress();
    peers = from.peers();
    limits = from.limits();
    lifetimes = from.lifetimes();
    connections = from.connections();
    connectionsPerAddress = from.connectionsPerAddress();
    frameTime = from.frameTime();
    idleTime = from.idleTime();
    loops = from.loops();
    engine = from.engine();
    coalescing = from.coalescing();
    events = from.events();
  }

  TurnOptionsChange listen(List<InetAddress> value) {
    listen = value;
    return this;
  }

  TurnOptionsChange port(int value) {
    port = value;
    return this;
  }

  TurnOptionsChange discoveryPort(OptionalInt value) {
    discoveryPort = value;
    return this;
  }

  TurnOptionsChange tls(Optional<TlsOptions> value) {
    tls = value;
    return this;
  }

  TurnOptionsChange realm(String value) {
    realm = value;
    return this;
  }

  TurnOptionsChange secrets(List<String> value) {
    secrets = value;
    return this;
  }

  TurnOptionsChange users(Map<String, String> value) {
    users = value;
    return this;
  }

  TurnOptionsChange relayPorts(int first, int last) {
    firstRelayPort = first;
    lastRelayPort = last;
    return this;
  }

  TurnOptionsChange externalAddress(Optional<InetAddress> value) {
    externalAddress = value;
    return this;
  }

  TurnOptionsChange peers(PeerPolicy value) {
    peers = value;
    return this;
  }

  TurnOptionsChange limits(Limits value) {
    limits = value;
    return this;
  }

  TurnOptionsChange lifetimes(Lifetimes value) {
    lifetimes = value;
    return this;
  }

  TurnOptionsChange connections(int inAll, int perAddress) {
    connections = inAll;
    connectionsPerAddress = perAddress;
    return this;
  }

  TurnOptionsChange patience(Duration frame, Duration idle) {
    frameTime = frame;
    idleTime = idle;
    return this;
  }

  TurnOptionsChange loops(int value) {
    loops = value;
    return this;
  }

  TurnOptionsChange engine(EngineKind value) {
    engine = value;
    return this;
  }

  TurnOptionsChange coalescing(boolean value) {
    coalescing = value;
    return this;
  }

  TurnOptionsChange events(Consumer<TurnEvent> value) {
    events = value;
    return this;
  }

  TurnOptions make() {
    return new TurnOptions(
        listen,
        port,
        discoveryPort,
        tls,
        realm,
        secrets,
        users,
        firstRelayPort,
        lastRelayPort,
        externalAddress,
        peers,
        limits,
        lifetimes,
        connections,
        connectionsPerAddress,
        frameTime,
        idleTime,
        loops,
        engine,
        coalescing,
        events);
  }
}
