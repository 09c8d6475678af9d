package kith.turn.net;

import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.random.RandomGenerator;
import kith.turn.Command;
import kith.turn.Counters;
import kith.turn.Counters.Count;
import kith.turn.Flow;
import kith.turn.Forward;
import kith.turn.InProcessPeer;
import kith.turn.Listener;
import kith.turn.Relay;
import kith.turn.TurnCore;
import kith.turn.TurnEvent;
import kith.turn.TurnShared;
import kith.turn.net.DatagramEngine.Port;
import kith.turn.stun.TransportAddress;
import org.jspecify.annotations.Nullable;

/**
 * One thread with its core, its engine, and everything that is theirs. Carries out what the core
 * says, and nothing else.
 */
final class Loop implements DatagramEngine.Receiver {
  private static final Logger LOG = System.getLogger("kith.turn");
  private static final long LONGEST_WAIT = 500;
  private static final int LARGEST_DATAGRAM = 65_507;
  private static final int MOST_FAILED_WAITS = 100;
  private static final long BETWEEN_FAILED_WAITS = 10_000_000;

  private final String name;
  private final TurnCore core;
  private final DatagramEngine engine;
  private final boolean datagrams;
  private final Clock clock;
  private final Consumer<TurnEvent> events;
  private final Queue<Runnable> tasks = new ConcurrentLinkedQueue<>();
  private final CountDownLatch stopped = new CountDownLatch(1);
  private final @Nullable Streams streams;
  private final Inbox inbox = new Inbox();
  // Made once: each turn would make another.
  private final Inbox.Reader letters =
      letter -> deliver(letter.relay(), letter.from(), letter.packet(), letter.length());
  private final Runnable chores = this::chores;
  private final FailureLog failures = new FailureLog();
  private final RelaySockets sockets;
  private final Moves moves;
  // What a service sends from this thread; engines and streams copy what is not their own.
  private final ByteBuffer outgoing =
      ByteBuffer.allocate(TurnCore.HEADROOM + LARGEST_DATAGRAM + TurnCore.TAILROOM);
  // Those of a loop that has died stay bound until it is stopped. Linux chooses among the sockets
  // of an address by their number: with one less, nearly all clients of the other loops would come
  // to loops that do not know them.
  private final List<Entrance> entrances = new ArrayList<>();
  private volatile boolean running = true;
  private volatile @Nullable Thread thread;
  private volatile boolean ended;
  private boolean started;
  private final boolean coalescing;
  private final Function<TurnCore, Loop> byCore;
  private final Pace pace = new Pace();
  private int packets;
  private int failedWaits;
  private long now;

  /** A UDP listener: what packets that arrive there are handed over with. */
  record Entrance(Listener listener, Port port) {}

  Loop(
      String name,
      TurnShared shared,
      RandomGenerator random,
      Clock clock,
      DatagramEngine engine,
      boolean datagrams,
      @Nullable Streams streams,
      TurnOptions options,
      Function<TurnCore, Loop> byCore) {
    this.name = name;
    this.core = new TurnCore(shared, random);
    this.engine = engine;
    this.clock = clock;
    this.datagrams = datagrams;
    this.streams = streams;
    this.sockets = new RelaySockets(engine, streams, failures);
    this.moves = new Moves(this, byCore, sockets);
    this.events = options.events();
    this.byCore = byCore;
    this.coalescing = options.coalescing();
    this.now = clock.now();
    if (streams != null) {
      streams.attach(this);
    }
  }

  TurnCore core() {
    return core;
  }

  Moves moves() {
    return moves;
  }

  Counters counters() {
    return core.counters();
  }

  /** Serves clients that come to this socket. On the loop's thread only. */
  void receive(Port port, Listener listener) {
    try {
      Entrance entrance = new Entrance(listener, port);
      listener.handle(entrance);
      engine.receive(port, entrance);
      entrances.add(entrance);
    } catch (IOException | RuntimeException e) {
      // Bound, it would be given its share of the clients.
      NioEngine.closeQuietly(port::close);
      LOG.log(Level.ERROR, "cannot receive on " + port.local(), e);
    }
  }

  /** Stops to serve those who come to this socket, and closes it. On the loop's thread only. */
  void leave(Listener listener, AutoCloseable socket) {
    entrances.removeIf(entrance -> entrance.listener() == listener);
    NioEngine.closeQuietly(socket);
  }

  /** As {@link #receive}, for connections. */
  void accept(ServerSocketChannel channel, Listener listener, @Nullable Tls tls) {
    try {
      streams().accept(channel, listener, tls);
    } catch (IOException | RuntimeException e) {
      NioEngine.closeQuietly(channel);
      LOG.log(Level.ERROR, "cannot accept on " + listener.local(), e);
    }
  }

  /** False when it has ended, and takes nobody in any more. */
  boolean adopt(AdoptedStream stream, Listener listener, TransportAddress client) {
    return streams().adopt(stream, listener, client);
  }

  /** Whether clients come to it over UDP; its relayed sockets are UDP in any case. */
  boolean servesDatagrams() {
    return datagrams;
  }

  boolean servesStreams() {
    return streams != null;
  }

  DatagramEngine engine() {
    return engine;
  }

  long now() {
    return now;
  }

  void start() {
    started = true;
    thread = Thread.ofPlatform().name(name).daemon(true).start(this::run);
  }

  /** Has the loop's thread do this; false when it has ended and never will. */
  boolean execute(Runnable task) {
    tasks.add(task);
    if (ended) {
      return !tasks.remove(task); // unless the loop did it as one of its last
    }
    engine.wake();
    return true;
  }

  /**
   * Whether it serves nobody any more although nobody stopped it. Any thread may ask. Whom the
   * kernel leads to it, whoever had been its client or a new one over UDP, hears nothing.
   */
  boolean hasDied() {
    return running && stopped.getCount() == 0;
  }

  String name() {
    return name;
  }

  private void run() {
    try {
      while (running) {
        tryTurn();
      }
    } catch (IOException | Error e) {
      LOG.log(Level.ERROR, name + " has ended, and its clients are not served any more", e);
    } finally {
      end();
    }
  }

  private void end() {
    ended = true;
    atLast(this::doTasks);
    atLast(() -> core.shutDown(now));
    atLast(this::carryOut);
    if (streams != null) {
      atLast(streams::close);
    }
    if (running) {
      entrances.forEach(entrance -> atLast(() -> engine.release(entrance.port())));
    }
    atLast(engine::close);
    stopped.countDown();
  }

  /** Whatever fails, what is open is closed, and whoever waits for the end hears of it. */
  private void atLast(Runnable step) {
    try {
      step.run();
    } catch (RuntimeException | Error e) {
      LOG.log(Level.ERROR, name + " could not end in peace", e);
    }
  }

  /** Whatever fails in a turn, others follow. */
  private void tryTurn() throws IOException {
    try {
      turn();
    } catch (RuntimeException e) {
      failures.tell("a turn of " + name + " failed", e);
    }
  }

  private void turn() throws IOException {
    now = clock.now();
    core.wallClock(now, clock.epochMillis());
    long next = advance();
    carryOut();
    attempt(chores);
    await(next);
    core.counters().add(Count.SEND_ERRORS, engine.takeLost());
    if (streams != null) {
      streams.flush();
    }
    if (coalescing && pace.shouldPause(packets, clock.nanos())) {
      engine.pause();
    }
    packets = 0;
  }

  private long advance() {
    try {
      return core.advance(now);
    } catch (RuntimeException e) {
      failures.tell("what was due in " + name + " failed", e);
      return now; // what is due besides comes in the next turn
    }
  }

  /** What a turn does besides to wait for packets; if it fails, packets come nevertheless. */
  private void chores() {
    if (streams != null) {
      streams.expire(now);
      streams.resumeThrottled();
    }
    doTasks();
    inbox.empty(letters);
    if (streams != null) {
      streams.flush();
    }
  }

  private void doTasks() {
    for (Runnable task = tasks.poll(); task != null; task = tasks.poll()) {
      attempt(task);
    }
  }

  /** An engine that fails time after time will not come right, and the loop ends. */
  private void await(long next) throws IOException {
    long patience = streams == null ? LONGEST_WAIT : streams.patience();
    try {
      engine.poll(Math.clamp(next - now, 0, patience), this);
      failedWaits = 0;
    } catch (IOException | RuntimeException e) {
      failures.tell(name + " could not wait for packets", e);
      failedWaits++;
      if (failedWaits == MOST_FAILED_WAITS) {
        throw new IOException("it cannot wait for packets any more", e);
      }
      if (failedWaits > 1) {
        LockSupport.parkNanos(BETWEEN_FAILED_WAITS);
      }
    }
  }

  private void attempt(Runnable task) {
    try {
      task.run();
    } catch (RuntimeException e) {
      failures.tell("a task of the relay failed", e);
    }
  }

  void stop() {
    running = false;
    if (started) {
      awaitEnd();
    } else if (!ended) {
      end(); // what it was given already is closed
    }
    entrances.forEach(entrance -> NioEngine.closeQuietly(entrance.port()::close));
  }

  private void awaitEnd() {
    engine.wake();
    boolean interrupted = false;
    while (stopped.getCount() > 0) {
      try {
        stopped.await();
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public void arriving() {
    now = clock.now();
  }

  @Override
  public void unreachable(
      Object owner, long high, long low, int port, int type, int code, int data) {
    try {
      if (owner instanceof Relay relay) {
        core.peerUnreachable(relay, high, low, port, type, code, data, now);
        carryOut();
      }
    } catch (RuntimeException e) {
      failures.tell("an ICMP error could not be told", e);
    }
  }

  @Override
  public void received(
      Object owner, long high, long low, int port, ByteBuffer packet, int offset, int length) {
    try {
      if (owner instanceof Relay relay) {
        packets++;
        forward(core.fromPeer(relay, high, low, port, packet, offset, length, now), packet);
      } else if (owner instanceof Entrance entrance) {
        fromClient(entrance, high, low, port, packet, offset, length);
      }
    } catch (RuntimeException e) {
      // One packet must not take everyone else's relay down with it.
      failures.tell("a packet could not be handled", e);
    }
  }

  /**
   * A datagram from a service of this process to a relay of this loop; false when it is dropped.
   */
  boolean fromService(Relay relay, TransportAddress from, ByteBuffer packet) {
    int length = packet.remaining();
    if (length > LARGEST_DATAGRAM) {
      return false;
    }
    if (Thread.currentThread() == thread) {
      outgoing.clear().put(TurnCore.HEADROOM, packet, packet.position(), length);
      deliver(relay, from, outgoing, length);
      return true;
    }
    ByteBuffer copy = ByteBuffer.allocate(TurnCore.HEADROOM + length + TurnCore.TAILROOM);
    copy.put(TurnCore.HEADROOM, packet, packet.position(), length);
    return inbox.put(new Inbox.Letter(relay, from, copy, length), engine::wake);
  }

  private void deliver(Relay relay, TransportAddress from, ByteBuffer packet, int length) {
    try {
      if (relay.home() == core) {
        // Otherwise it was released, or went to another loop, since the packet was sent.
        forward(core.fromService(relay, from, packet, TurnCore.HEADROOM, length, now), packet);
      }
    } catch (RuntimeException e) {
      failures.tell("a packet of a service could not be handled", e);
    }
  }

  private void fromClient(
      Entrance entrance, long high, long low, int port, ByteBuffer packet, int offset, int length) {
    Flow flow = entrance.listener().flow(high, low, port);
    if (flow == null) {
      flow = new Flow(entrance.listener(), new TransportAddress(high, low, port), entrance);
    }
    frame(flow, packet, offset, length);
  }

  /** A whole datagram or frame from a client. */
  void frame(Flow flow, ByteBuffer packet, int offset, int length) {
    packets++;
    forward(core.fromClient(flow, packet, offset, length, now), packet);
    carryOut();
  }

  void disconnected(Flow flow) {
    core.disconnected(flow, now);
    carryOut();
  }

  private void forward(Forward forward, ByteBuffer packet) {
    switch (forward.to()) {
      case NOWHERE -> {}
      case PEER -> {
        if (!toPeer(forward, packet)) {
          core.counters().add(Count.SEND_ERRORS);
        }
      }
      case CLIENT -> toClient(forward.flow(), packet, forward.offset(), forward.length(), true);
      case SERVICE -> {
        TransportAddress from = forward.relay().advertised();
        InProcessPeer service = forward.service();
        int offset = forward.offset();
        int length = forward.length();
        try {
          service.received(from, packet, offset, length);
        } catch (RuntimeException e) {
          failures.tell("a service could not take a packet", e);
        }
      }
    }
  }

  private boolean toPeer(Forward forward, ByteBuffer packet) {
    return forward.relay().socket() instanceof Port port
        && engine.send(
            port,
            forward.peer(),
            packet,
            forward.offset(),
            forward.length(),
            forward.dontFragment());
  }

  private void toClient(Flow flow, ByteBuffer packet, int offset, int length, boolean media) {
    boolean sent =
        switch (flow.connection()) {
          case Entrance entrance ->
              engine.send(entrance.port(), flow.client(), packet, offset, length, false);
          case StreamConnection connection -> connection.send(packet, offset, length, media);
          case null, default -> false;
        };
    if (!sent) {
      core.counters()
          .add(
              flow.connection() instanceof StreamConnection
                  ? Count.DROPPED_CONGESTION
                  : Count.SEND_ERRORS);
    }
  }

  void carryOut() {
    for (Command command = core.poll(); command != null; command = core.poll()) {
      try {
        carryOut(command);
      } catch (RuntimeException e) {
        // The commands behind it are others' as well.
        failures.tell("what the relay decided could not be carried out", e);
      }
    }
  }

  private void carryOut(Command command) {
    switch (command) {
      case Command.Reply reply ->
          toClient(
              reply.flow(), ByteBuffer.wrap(reply.message()), 0, reply.message().length, false);
      case Command.Open open -> answer(open.relay(), sockets.opens(open.relay(), open.receiving()));
      case Command.Adopt adopt -> answer(adopt.relay(), sockets.adopts(adopt.relay()));
      case Command.Close close -> RelaySockets.close(close.relay());
      case Command.Summon summon -> moves.summon(summon);
      case Command.Connect connect -> streams().connect(connect.connection());
      case Command.Join join -> Streams.join(join.connection(), join.client());
      case Command.HangUp hangUp -> Streams.hangUp(hangUp.connection());
      case Command.Move move -> Streams.move(move, byCore.apply(move.to()).streams());
      case Command.PassOn passOn -> moves.passOn(passOn);
      case Command.Tell tell -> events.accept(tell.event());
    }
  }

  private void answer(Relay relay, boolean open) {
    if (open) {
      core.opened(relay);
    } else {
      RelaySockets.close(relay);
      core.refused(relay);
    }
  }

  Streams streams() {
    if (streams == null) {
      throw new IllegalStateException("this loop serves no streams");
    }
    return streams;
  }
}
