package kith.signaling;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import kith.auth.UserId;
import kith.call.CallId;
import kith.call.DeviceId;
import kith.call.IceCandidate;
import kith.call.Measure;
import kith.call.Media;
import kith.call.MediaState;
import kith.call.Quality;
import kith.call.QualityReport;
import kith.call.Reason;
import kith.call.SessionDescription;
import kith.circle.CircleId;
import kith.input.BadInput;
import kith.input.Fields;
import org.jspecify.annotations.Nullable;

/** The payload of an event: the fields that several messages have, each with its limit. */
final class Payload {
  /** A description with every codec and candidate there is has about 30,000. */
  static final int MAX_SDP = 262_144;

  /** RFC 8839, 5.1: a candidate line is some 200 characters; extensions may make it longer. */
  static final int MAX_CANDIDATE = 4_096;

  static final int MAX_CANDIDATES = 64;
  static final int MAX_CALLS = 16;
  static final int MAX_TOKEN = 8_192;
  private static final int MAX_MID = 256;
  private static final int MAX_REASON = 200;

  private final Map<?, ?> object;
  private final Fields fields;

  private Payload(Map<?, ?> object) {
    this.object = object;
    this.fields = Fields.of(object);
  }

  static Payload of(@Nullable Object json) {
    if (json instanceof Map<?, ?> object) {
      return new Payload(object);
    }
    throw new BadInput("payload", "must be an object");
  }

  /** The message, if nothing was wrong with it. */
  <T extends ClientMessage> T checked(T message) {
    if (message instanceof ClientMessage.OfCall ofCall
        && ofCall.callId().isEmpty()
        && ofCall.to().isEmpty()) {
      fields.wrong("callId", "is required, or to");
    }
    fields.check();
    return message;
  }

  Optional<CallId> callId() {
    return fields.optionalUuid("callId").map(CallId::new);
  }

  Optional<CircleId> circle() {
    return fields.optionalUuid("circleId").map(CircleId::new);
  }

  Optional<UserId> to() {
    return fields
        .optionalText("to", 1, UserId.MAX_LENGTH)
        .filter(to -> !to.isEmpty())
        .map(UserId::new);
  }

  UserId requiredTo() {
    String to = fields.text("to", 1, UserId.MAX_LENGTH);
    return new UserId(to.isEmpty() ? "-" : to);
  }

  DeviceId device() {
    String device = fields.text("device", 1, DeviceId.MAX_LENGTH);
    return new DeviceId(device.isEmpty() ? "-" : device);
  }

  Optional<DeviceId> optionalDevice() {
    return fields.has("device") ? Optional.of(device()) : Optional.empty();
  }

  Optional<String> reason() {
    return fields.optionalText("reason", 0, MAX_REASON);
  }

  /** What a client may know better than the server; any other reason is the server's to say. */
  static Optional<Reason> because(String reason) {
    return switch (reason) {
      case "connect_failed" -> Optional.of(Reason.CONNECT_FAILED);
      case "connection_lost" -> Optional.of(Reason.CONNECTION_LOST);
      default -> Optional.empty();
    };
  }

  Media media() {
    String media = fields.optionalText("media", 0, 16).orElse(Media.VIDEO.wire());
    if (!media.equals(Media.VIDEO.wire()) && !media.equals(Media.AUDIO.wire())) {
      fields.wrong("media", "must be video or audio");
      return Media.VIDEO;
    }
    return Media.ofWire(media);
  }

  MediaState mediaState() {
    return new MediaState(
        fields.flag("audio"),
        fields.flag("video"),
        fields.flag("screen"),
        fields.has("paused") && fields.flag("paused"));
  }

  boolean held() {
    return fields.flag("held");
  }

  Optional<SessionDescription> description(String field) {
    return fields.optionalObject(field).map(object -> description(field, object));
  }

  SessionDescription requiredDescription(String field) {
    if (!fields.has(field)) {
      fields.wrong(field, "is required");
    }
    return description(field).orElse(new SessionDescription(SessionDescription.Type.ROLLBACK, ""));
  }

  private SessionDescription description(String field, Map<?, ?> description) {
    String type = description.get("type") instanceof String text ? text : "";
    String sdp = description.get("sdp") instanceof String text ? text : "";
    if (sdp.length() > MAX_SDP) {
      throw new TooLarge(field + ".sdp", MAX_SDP);
    }
    var known =
        List.of(SessionDescription.Type.values()).stream()
            .filter(it -> it.wire().equals(type))
            .findFirst();
    if (known.isEmpty()) {
      fields.wrong(field + ".type", "must be offer, answer, pranswer or rollback");
    } else if (sdp.isEmpty() && known.get() != SessionDescription.Type.ROLLBACK) {
      fields.wrong(field + ".sdp", "is required");
    }
    return new SessionDescription(known.orElse(SessionDescription.Type.ROLLBACK), sdp);
  }

  /** One in {@code candidate}, or a batch in {@code candidates}. */
  List<IceCandidate> candidates() {
    List<?> all =
        object.containsKey("candidate") && !fields.has("candidates")
            ? Collections.singletonList(object.get("candidate"))
            : fields.list("candidates", MAX_CANDIDATES);
    List<IceCandidate> read = new ArrayList<>();
    for (Object one : all) {
      read.add(candidate(one));
    }
    if (all.isEmpty()) {
      fields.wrong("candidates", "must not be empty");
    }
    return read;
  }

  private IceCandidate candidate(@Nullable Object json) {
    if (json == null) {
      return IceCandidate.END;
    }
    if (!(json instanceof Map<?, ?> object)
        || !(object.get("candidate") instanceof String candidate)) {
      fields.wrong("candidate", "must be an RTCIceCandidateInit, or null");
      return IceCandidate.END;
    }
    if (candidate.length() > MAX_CANDIDATE) {
      throw new TooLarge("candidate", MAX_CANDIDATE);
    }
    return new IceCandidate(
        candidate,
        shortText(object, "sdpMid"),
        lineIndex(object),
        shortText(object, "usernameFragment"));
  }

  private Optional<String> shortText(Map<?, ?> object, String field) {
    if (object.get(field) instanceof String text) {
      if (text.length() > MAX_MID) {
        throw new TooLarge("candidate." + field, MAX_MID);
      }
      return Optional.of(text);
    }
    if (object.get(field) != null) {
      fields.wrong("candidate." + field, "must be a string");
    }
    return Optional.empty();
  }

  private Optional<Integer> lineIndex(Map<?, ?> object) {
    Object index = object.get("sdpMLineIndex");
    if (index == null) {
      return Optional.empty();
    }
    if (index instanceof Number number
        && number.doubleValue() == number.intValue()
        && number.intValue() >= 0
        && number.intValue() <= 0xFFFF) {
      return Optional.of(number.intValue());
    }
    fields.wrong("candidate.sdpMLineIndex", "must be 0 to 65535");
    return Optional.empty();
  }

  /** What is listed in docs/protocol.md; other fields are left out. */
  QualityReport report() {
    Map<String, Object> report = new LinkedHashMap<>();
    for (Measure measure : Measure.values()) {
      Object told = object.get(measure.wire());
      if (isWithin(told, measure.most())) {
        report.put(measure.wire(), told);
      } else if (told != null) {
        fields.wrong(measure.wire(), "must be a number from 0 to " + measure.most());
      }
    }
    fields
        .optionalText(QualityReport.QUALITY, 0, MAX_REASON)
        .ifPresent(
            quality ->
                Quality.ofWire(quality)
                    .ifPresentOrElse(
                        known -> report.put(QualityReport.QUALITY, known.wire()),
                        () -> fields.wrong(QualityReport.QUALITY, "must be good, fair or poor")));
    if (fields.has(QualityReport.RELAYED)) {
      report.put(QualityReport.RELAYED, fields.flag(QualityReport.RELAYED));
    }
    return new QualityReport(report);
  }

  private static boolean isWithin(@Nullable Object told, long most) {
    return told instanceof Number number
        && number.doubleValue() >= 0
        && number.doubleValue() <= most;
  }

  List<CallId> calls() {
    List<CallId> calls = new ArrayList<>();
    for (Object call : fields.list("calls", MAX_CALLS)) {
      uuid(call)
          .ifPresentOrElse(
              id -> calls.add(new CallId(id)), () -> fields.wrong("calls", "must hold UUIDs"));
    }
    return calls;
  }

  Map<CallId, Long> received(Set<CallId> calls) {
    Map<CallId, Long> received = new LinkedHashMap<>();
    fields
        .optionalObject("received")
        .ifPresent(
            object ->
                calls.forEach(
                    call -> {
                      Object number = object.get(call.toString());
                      if (number instanceof Number count) {
                        received.put(call, count.longValue());
                      } else if (number != null) {
                        fields.wrong("received", "must hold numbers by callId");
                      }
                    }));
    return received;
  }

  private static Optional<UUID> uuid(@Nullable Object json) {
    if (!(json instanceof String text) || text.length() != 36) {
      return Optional.empty();
    }
    try {
      return Optional.of(UUID.fromString(text.toLowerCase(Locale.ROOT)));
    } catch (IllegalArgumentException notOne) {
      return Optional.empty();
    }
  }
}
