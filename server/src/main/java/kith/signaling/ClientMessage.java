package kith.signaling;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import kith.auth.UserId;
import kith.call.CallId;
import kith.call.DeviceId;
import kith.call.IceCandidate;
import kith.call.Media;
import kith.call.MediaState;
import kith.call.QualityReport;
import kith.call.Reason;
import kith.call.SessionDescription;
import kith.circle.CircleId;
import kith.input.BadInput;
import kith.input.Fields;
import org.jspecify.annotations.Nullable;

/** What a client may say. Fields that only the server knows, such as {@code from}, are not read. */
sealed interface ClientMessage {

  /** How many characters of descriptions and candidates it holds. */
  default int size() {
    return switch (this) {
      case CallOffer offer -> size(offer.offer());
      case CallAnswer answer -> size(answer.answer());
      case CallDescription description -> description.description().sdp().length();
      case IceCandidates candidates ->
          candidates.candidates().stream().mapToInt(it -> it.candidate().length()).sum();
      case CallRinging ringing -> 0;
      case CallDecline decline -> 0;
      case EndCall end -> 0;
      case CallMedia media -> 0;
      case CallHold hold -> 0;
      case CallConnected connected -> 0;
      case CallQuality quality -> 0;
      case CallLeave leave -> 0;
      case CallResume resume -> 0;
      case TokenRefresh refresh -> 0;
    };
  }

  private static int size(Optional<SessionDescription> description) {
    return description.map(it -> it.sdp().length()).orElse(0);
  }

  /** Says something of a call, named by its id or by the one it is with. */
  sealed interface OfCall extends ClientMessage {
    Optional<CallId> callId();

    Optional<UserId> to();
  }

  record CallOffer(
      UserId to,
      Optional<CallId> callId,
      Optional<CircleId> circle,
      Media media,
      Optional<SessionDescription> offer)
      implements ClientMessage {}

  record CallRinging(Optional<CallId> callId, Optional<UserId> to) implements OfCall {}

  record CallAnswer(
      Optional<CallId> callId, Optional<UserId> to, Optional<SessionDescription> answer)
      implements OfCall {}

  record CallDecline(Optional<CallId> callId, Optional<UserId> to, boolean busy)
      implements OfCall {}

  record EndCall(Optional<CallId> callId, Optional<UserId> to, Optional<Reason> because)
      implements OfCall {}

  record CallDescription(
      Optional<CallId> callId, Optional<UserId> to, DeviceId device, SessionDescription description)
      implements OfCall {}

  record IceCandidates(
      Optional<CallId> callId,
      Optional<UserId> to,
      Optional<DeviceId> device,
      List<IceCandidate> candidates)
      implements OfCall {}

  record CallMedia(Optional<CallId> callId, Optional<UserId> to, MediaState media)
      implements OfCall {}

  record CallHold(Optional<CallId> callId, Optional<UserId> to, boolean held) implements OfCall {}

  record CallConnected(Optional<CallId> callId, Optional<UserId> to) implements OfCall {}

  record CallQuality(Optional<CallId> callId, Optional<UserId> to, QualityReport report)
      implements OfCall {}

  record CallLeave(Optional<CallId> callId, Optional<UserId> to) implements OfCall {}

  record CallResume(Set<CallId> calls, Map<CallId, Long> received) implements ClientMessage {}

  record TokenRefresh(String token) implements ClientMessage {}

  /**
   * Reads the payload of an event.
   *
   * @throws BadInput if it is no such event, or a field is wrong
   * @throws TooLarge if a field is far too long
   */
  static ClientMessage read(String event, @Nullable Object payload) {
    return switch (event) {
      case "call-offer" -> callOffer(Payload.of(payload));
      case "call-ringing" -> {
        var in = Payload.of(payload);
        yield in.checked(new CallRinging(in.callId(), in.to()));
      }
      case "call-answer" -> {
        var in = Payload.of(payload);
        yield in.checked(new CallAnswer(in.callId(), in.to(), in.description("answer")));
      }
      case "call-decline" -> {
        var in = Payload.of(payload);
        boolean busy = in.reason().filter(reason -> reason.equals("busy")).isPresent();
        yield in.checked(new CallDecline(in.callId(), in.to(), busy));
      }
      case "end-call" -> {
        var in = Payload.of(payload);
        yield in.checked(new EndCall(in.callId(), in.to(), in.reason().flatMap(Payload::because)));
      }
      case "call-description" -> {
        var in = Payload.of(payload);
        var description = in.requiredDescription("description");
        yield in.checked(new CallDescription(in.callId(), in.to(), in.device(), description));
      }
      case "ice-candidate" -> {
        var in = Payload.of(payload);
        yield in.checked(
            new IceCandidates(in.callId(), in.to(), in.optionalDevice(), in.candidates()));
      }
      case "call-media" -> {
        var in = Payload.of(payload);
        yield in.checked(new CallMedia(in.callId(), in.to(), in.mediaState()));
      }
      case "call-hold" -> {
        var in = Payload.of(payload);
        yield in.checked(new CallHold(in.callId(), in.to(), in.held()));
      }
      case "call-connected" -> {
        var in = Payload.of(payload);
        yield in.checked(new CallConnected(in.callId(), in.to()));
      }
      case "call-quality" -> {
        var in = Payload.of(payload);
        yield in.checked(new CallQuality(in.callId(), in.to(), in.report()));
      }
      case "call-leave" -> {
        var in = Payload.of(payload);
        yield in.checked(new CallLeave(in.callId(), in.to()));
      }
      case "call-resume" -> callResume(Payload.of(payload));
      case "token-refresh" -> {
        var in = Fields.of(payload);
        String token = in.text("token", 1, Payload.MAX_TOKEN);
        in.check();
        yield new TokenRefresh(token);
      }
      default -> throw new BadInput("event", "is none this server knows");
    };
  }

  private static CallOffer callOffer(Payload in) {
    UserId to = in.requiredTo();
    return in.checked(
        new CallOffer(to, in.callId(), in.circle(), in.media(), in.description("offer")));
  }

  private static CallResume callResume(Payload in) {
    var calls = new LinkedHashSet<CallId>(in.calls());
    return in.checked(new CallResume(calls, in.received(calls)));
  }
}
