package kith.signaling;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.function.Function;
import kith.auth.Identities.Identity;
import kith.auth.TokenRefused;
import kith.call.CallEvent;
import kith.call.CallId;
import kith.call.Device;
import kith.call.ErrorCode;
import kith.call.Offer;
import kith.call.Reply;
import kith.call.running.Calls;
import kith.call.running.Mailbox;
import kith.call.running.Timers;
import kith.input.BadInput;
import kith.signaling.ClientMessage.OfCall;
import kith.signaling.ConnectedDevices.Added;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What one connected device says, in order, until it is gone. */
final class Session {
  private static final Logger log = LoggerFactory.getLogger(Session.class);

  /** What every session works with. */
  record Tools(
      Calls calls,
      ConnectedDevices devices,
      PresenceFeed presence,
      TokenCheck tokens,
      SignalingLimits limits,
      Timers timers,
      Executor executor) {}

  private final Tools tools;
  private final Device device;
  private final Line line;
  private final Mailbox mailbox;
  private int refusedInARow;

  /** Of the token it sent last. This, its session and the timer for it belong to the mailbox. */
  private Instant tokenExpiresAt;

  private ConnectedDevices.Connection connection;
  private Timers.Timer expiry;

  private Session(Tools tools, ConnectedDevices.Connection connection, Instant tokenExpiresAt) {
    this.tools = tools;
    this.connection = connection;
    this.device = connection.device();
    this.line = connection.line();
    this.mailbox = new Mailbox(tools.executor(), SignalingLimits.MAX_WAITING);
    this.tokenExpiresAt = tokenExpiresAt;
    this.expiry = atExpiry();
  }

  /**
   * A device connected. Another connection of the same device, which nobody may have missed yet,
   * gives way. Nothing begins if its user has too many devices: it is told so and sent away.
   */
  static Optional<Session> begin(
      Tools tools, ConnectedDevices.Connection connection, Instant tokenExpiresAt) {
    return switch (comes(tools, connection)) {
      case Added.TooMany() -> {
        sendAway(connection, ErrorCode.RATE_LIMITED, "too many devices are connected");
        yield Optional.empty();
      }
      case Added.In(Optional<ConnectedDevices.Connection> former) -> {
        var session = new Session(tools, connection, tokenExpiresAt);
        former.ifPresent(
            other -> sendAway(other, ErrorCode.CONFLICT, "this device connected once more"));
        tools.presence().connected(connection.device().user(), connection.line());
        yield Optional.of(session);
      }
    };
  }

  private static Added comes(Tools tools, ConnectedDevices.Connection connection) {
    Device device = connection.device();
    var added = new AtomicReference<Added>(new Added.TooMany());
    tools
        .devices()
        .inTurn(
            device.user(),
            () -> {
              added.set(tools.devices().add(connection));
              if (added.get() instanceof Added.In(var former)) {
                former.ifPresent(other -> tools.calls().deviceWent(device.at()));
                tools.calls().deviceCame(device);
              }
            });
    return added.get();
  }

  private static void sendAway(ConnectedDevices.Connection connection, ErrorCode code, String why) {
    var message = ServerMessage.error("connect", code, why);
    connection.line().emit(message.event(), message.payload());
    connection.line().close();
  }

  /**
   * A sign-in that ended between the check of its token and {@link #begin} found no line to close.
   * Where that cannot be told the line is closed, too: the device comes back.
   */
  void checkAgain(String token) {
    mailbox.put(
        () -> {
          try {
            if (isOver(token)) {
              line.close();
            }
          } catch (RuntimeException failed) {
            log.warn("the token of {} cannot be checked again", device.user(), failed);
            line.close();
          }
        });
  }

  private boolean isOver(String token) {
    try {
      tools.tokens().check(token);
      return false;
    } catch (TokenRefused over) {
      return true;
    }
  }

  /** The connection ended; what the device said before is heard first. */
  void end() {
    mailbox.put(
        () -> {
          expiry.cancel();
          tools.devices().inTurn(device.user(), this::goes);
        });
  }

  private void goes() {
    if (tools.devices().remove(connection)) {
      tools.calls().deviceWent(device.at());
      tools.presence().changed(device.user());
    }
  }

  /** An event from the device; one at a time. Does not block. */
  void receive(String event, @Nullable Object payload, Line.Ack ack) {
    var answer = new Answer(event, ack);
    if (tools.limits().messages.take(limitKey()).isPresent()) {
      refusedInARow++;
      if (refusedInARow >= SignalingLimits.MAX_REFUSED_IN_A_ROW) {
        line.close();
      } else {
        answer.refuse(ErrorCode.RATE_LIMITED, "too many messages");
      }
      return;
    }
    refusedInARow = 0;
    try {
      ClientMessage message = ClientMessage.read(event, payload);
      int size = message.size();
      if (size > 0 && tools.limits().volume.take(limitKey(), size).isPresent()) {
        answer.refuse(ErrorCode.RATE_LIMITED, "too much at once");
      } else if (!mailbox.offer(() -> handle(message, answer))) {
        answer.refuse(ErrorCode.RATE_LIMITED, "too many messages");
      }
    } catch (BadInput bad) {
      answer.refuse(ErrorCode.BAD_REQUEST, text(bad));
    } catch (TooLarge large) {
      answer.refuse(ErrorCode.TOO_LARGE, text(large));
    }
  }

  private String limitKey() {
    return device.user() + "/" + device.id();
  }

  private static String text(Exception refusal) {
    return String.valueOf(refusal.getMessage());
  }

  private void handle(ClientMessage message, Answer answer) {
    try {
      switch (message) {
        case ClientMessage.CallOffer offer -> offer(offer, answer);
        case ClientMessage.CallResume resume -> resume(resume, answer);
        case ClientMessage.TokenRefresh refresh -> refresh(refresh.token(), answer);
        case OfCall ofCall -> ofCall(ofCall, answer);
      }
    } catch (RuntimeException failed) {
      log.error("an event of {} failed", device.user(), failed);
      answer.refuse(ErrorCode.UNAVAILABLE, "the server could not do this now");
    }
  }

  private void offer(ClientMessage.CallOffer offer, Answer answer) {
    if (tools.limits().offers.take(device.user().value()).isPresent()) {
      answer.refuse(ErrorCode.RATE_LIMITED, "too many calls");
      return;
    }
    tools
        .calls()
        .offer(
            new Offer(
                offer.callId(), device, offer.to(), offer.circle(), offer.media(), offer.offer()),
            reply -> answer.of(reply, true));
  }

  private void ofCall(OfCall message, Answer answer) {
    Function<CallId, CallEvent.FromDevice> event = id -> event(message, id);
    boolean withIceServers = message instanceof ClientMessage.CallAnswer;
    Consumer<Reply> then = reply -> answer.of(reply, withIceServers);
    Optional<CallId> callId = message.callId();
    if (callId.isPresent()) {
      tools.calls().hear(callId.get(), event.apply(callId.get()), then);
    } else {
      tools.calls().hear(message.to().orElseThrow(), device, event, then);
    }
  }

  private CallEvent.FromDevice event(OfCall message, CallId id) {
    return switch (message) {
      case ClientMessage.CallRinging ringing -> new CallEvent.Rings(id, device);
      case ClientMessage.CallAnswer answer -> new CallEvent.Answers(id, device, answer.answer());
      case ClientMessage.CallDecline decline -> new CallEvent.Declines(id, device, decline.busy());
      case ClientMessage.EndCall end -> new CallEvent.HangsUp(id, device, end.because());
      case ClientMessage.CallDescription description ->
          new CallEvent.Describes(id, device, description.device(), description.description());
      case ClientMessage.IceCandidates candidates ->
          new CallEvent.Trickles(id, device, candidates.device(), candidates.candidates());
      case ClientMessage.CallMedia media -> new CallEvent.Shows(id, device, media.media());
      case ClientMessage.CallHold hold -> new CallEvent.Holds(id, device, hold.held());
      case ClientMessage.CallConnected connected -> new CallEvent.Connects(id, device);
      case ClientMessage.CallLeave leave -> new CallEvent.Leaves(id, device);
      case ClientMessage.CallQuality quality -> new CallEvent.Reports(id, device, quality.report());
    };
  }

  private void resume(ClientMessage.CallResume resume, Answer answer) {
    tools
        .calls()
        .resume(
            device,
            resume.calls(),
            resume.received(),
            calls -> {
              List<Map<String, @Nullable Object>> standing = new ArrayList<>();
              calls.forEach(call -> standing.add(standing(call)));
              var done = new LinkedHashMap<String, @Nullable Object>();
              done.put("ok", true);
              done.put("calls", standing);
              answer.send(done);
            });
  }

  /** A page that was loaded anew has no ICE servers left. */
  private Map<String, @Nullable Object> standing(Calls.Resumed resumed) {
    var standing = ServerMessage.standing(resumed, device.user());
    if (resumed.call().filter(call -> !call.isOver()).isPresent()) {
      standing.put("iceServers", tools.devices().iceServersFor(connection));
    }
    return standing;
  }

  private void refresh(String token, Answer answer) {
    try {
      Identity identity = tools.tokens().check(token);
      if (!identity.user().id().equals(device.user())) {
        answer.refuse(ErrorCode.FORBIDDEN, "the token is someone else's");
        return;
      }
      expiry.cancel();
      tokenExpiresAt = identity.expiresAt();
      connection = tools.devices().renew(connection, identity.session());
      expiry = atExpiry();
      // It may have ended before this was a connection by it.
      if (isOver(token)) {
        answer.refuse(ErrorCode.FORBIDDEN, "this sign-in is over");
        line.close();
        return;
      }
      var done = new LinkedHashMap<String, @Nullable Object>();
      done.put("ok", true);
      done.put("expiresAt", identity.expiresAt().toEpochMilli());
      answer.send(done);
    } catch (TokenRefused refused) {
      answer.refuse(ErrorCode.FORBIDDEN, text(refused));
    }
  }

  private Timers.Timer atExpiry() {
    Instant of = tokenExpiresAt;
    return tools.timers().at(of, () -> mailbox.put(() -> tokenExpired(of)));
  }

  /** Another token may have been sent at the last moment. */
  private void tokenExpired(Instant of) {
    if (of.equals(tokenExpiresAt)) {
      Duration grace = SignalingLimits.TOKEN_GRACE;
      line.emit("token-expired", Map.of("closesInMs", grace.toMillis()));
      expiry = tools.timers().after(grace, () -> mailbox.put(() -> closeUnlessRenewed(of)));
    }
  }

  private void closeUnlessRenewed(Instant of) {
    if (of.equals(tokenExpiresAt)) {
      line.close();
    }
  }

  /** Answers one event, once. */
  private final class Answer {
    private final String event;
    private final Line.Ack ack;

    Answer(String event, Line.Ack ack) {
      this.event = event;
      this.ack = ack;
    }

    void of(Reply reply, boolean withIceServers) {
      switch (reply) {
        case Reply.Done done -> {
          var standing = ServerMessage.standing(done.call(), device.user());
          if (withIceServers && !done.call().isOver()) {
            standing.put("iceServers", tools.devices().iceServersFor(connection));
          }
          send(standing);
        }
        case Reply.Refused refused -> refuse(refused.code(), refused.message());
        case Reply.OutOfTheWay gone -> refuse(ErrorCode.CONFLICT, "the call is over");
      }
    }

    void refuse(ErrorCode code, String message) {
      if (ack.isWanted()) {
        send(ServerMessage.refusal(code, message));
      } else {
        var error = ServerMessage.error(event, code, message);
        line.emit(error.event(), error.payload());
      }
    }

    void send(Map<String, @Nullable Object> answer) {
      if (ack.isWanted()) {
        ack.send(answer);
      }
    }
  }
}
