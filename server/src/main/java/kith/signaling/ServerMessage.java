package kith.signaling;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import kith.auth.UserId;
import kith.call.Call;
import kith.call.CallId;
import kith.call.CallMessage;
import kith.call.CallState;
import kith.call.Device;
import kith.call.ErrorCode;
import kith.call.IceCandidate;
import kith.call.MediaState;
import kith.call.SessionDescription;
import kith.call.running.Calls;
import kith.call.running.Presence;
import org.jspecify.annotations.Nullable;

/** What the server says: an event and its payload, ready for JSON. Times are epoch milliseconds. */
record ServerMessage(String event, Map<String, @Nullable Object> payload) {

  static ServerMessage of(CallMessage message, Supplier<List<Map<String, Object>>> iceServers) {
    return switch (message) {
      case CallMessage.Offered offered -> offered(offered, iceServers.get());
      case CallMessage.Rings rings -> {
        var payload = from(rings.callId(), rings.from());
        if (rings.waiting()) {
          payload.put("waiting", true);
        }
        yield new ServerMessage("call-ringing", payload);
      }
      case CallMessage.Answered answered -> {
        var payload = from(answered.callId(), answered.from());
        answered.answer().ifPresent(answer -> payload.put("answer", json(answer)));
        yield new ServerMessage("call-answer", payload);
      }
      case CallMessage.Declined declined ->
          new ServerMessage("call-decline", from(declined.callId(), declined.from()));
      case CallMessage.Elsewhere elsewhere -> {
        var payload = call(elsewhere.callId());
        putElsewhere(payload, elsewhere);
        yield new ServerMessage("call-elsewhere", payload);
      }
      case CallMessage.Ended ended -> ended(ended);
      case CallMessage.Described described -> {
        var payload = from(described.callId(), described.from());
        payload.put("description", json(described.description()));
        yield new ServerMessage("call-description", payload);
      }
      case CallMessage.Trickled trickled -> trickled(trickled, trickled.candidates());
      case CallMessage.Shows shows -> {
        var payload = from(shows.callId(), shows.from());
        payload.putAll(json(shows.media()));
        yield new ServerMessage("call-media", payload);
      }
      case CallMessage.Held held -> {
        var payload = from(held.callId(), held.from());
        payload.put("held", held.held());
        yield new ServerMessage("call-hold", payload);
      }
      case CallMessage.Snapshot snapshot -> new ServerMessage("call-state", snapshot(snapshot));
      case CallMessage.PeerConnection connection -> {
        var payload = call(connection.callId());
        payload.put("state", connection.reconnected() ? "reconnected" : "reconnecting");
        yield new ServerMessage("peer-connection", payload);
      }
    };
  }

  private static ServerMessage offered(
      CallMessage.Offered offered, List<Map<String, Object>> iceServers) {
    var payload = from(offered.callId(), offered.from());
    payload.put("circleId", offered.circle().toString());
    payload.put("media", offered.media().wire());
    payload.put("state", offered.state().wire());
    putWaiting(payload, offered.state());
    offered.offer().ifPresent(offer -> payload.put("offer", json(offer)));
    payload.put("expiresInMs", offered.expiresIn().toMillis());
    payload.put("iceServers", iceServers);
    payload.put("relay", offered.relay().wire());
    offered.replaces().ifPresent(former -> payload.put("replaces", former.toString()));
    return new ServerMessage("call-offer", payload);
  }

  private static ServerMessage ended(CallMessage.Ended ended) {
    var payload = call(ended.callId());
    payload.put("reason", ended.reason().wire());
    ended.by().ifPresent(by -> payload.put("by", by.value()));
    ended.duration().ifPresent(duration -> payload.put("durationMs", duration.toMillis()));
    ended.replacedBy().ifPresent(other -> payload.put("replacedBy", other.toString()));
    return new ServerMessage("end-call", payload);
  }

  /** A single candidate is in {@code candidate} too, where clients that know no batches look. */
  private static ServerMessage trickled(
      CallMessage.Trickled trickled, List<IceCandidate> candidates) {
    var payload = from(trickled.callId(), trickled.from());
    List<@Nullable Object> all = new ArrayList<>();
    candidates.forEach(candidate -> all.add(json(candidate)));
    payload.put("candidates", all);
    if (all.size() == 1) {
      payload.put("candidate", all.getFirst());
    }
    return new ServerMessage("ice-candidate", payload);
  }

  /** The same for a client that knows no batches: a message for each candidate. */
  static List<ServerMessage> oneByOne(CallMessage.Trickled trickled) {
    return trickled.candidates().stream()
        .map(candidate -> trickled(trickled, List.of(candidate)))
        .toList();
  }

  private static Map<String, @Nullable Object> snapshot(CallMessage.Snapshot snapshot) {
    var payload = call(snapshot.callId());
    payload.put("state", snapshot.state().wire());
    payload.put("peer", snapshot.peer().value());
    snapshot.peerDevice().ifPresent(device -> payload.put("device", device.value()));
    payload.put("media", snapshot.media().wire());
    putWaiting(payload, snapshot.state());
    payload.put("held", snapshot.held());
    payload.put("peerHeld", snapshot.peerHeld());
    payload.put("since", snapshot.since().toEpochMilli());
    payload.put("relay", snapshot.relay().wire());
    snapshot.shows().ifPresent(shows -> payload.put("ownMedia", json(shows)));
    snapshot.peerShows().ifPresent(shows -> payload.put("peerMedia", json(shows)));
    return payload;
  }

  static ServerMessage presence(UserId user, Presence.Status status) {
    return new ServerMessage("presence", Map.of("userId", user.value(), "status", status.wire()));
  }

  static ServerMessage historyChanged(int unseenMissed) {
    return new ServerMessage("history-changed", Map.of("unseenMissed", unseenMissed));
  }

  /** The refusal of an event that asked for no acknowledgement. */
  static ServerMessage error(String event, ErrorCode code, String message) {
    var refusal = refusal(code, message);
    refusal.put("event", event);
    return new ServerMessage("error", refusal);
  }

  /** What is acknowledged to whom something was refused. */
  static Map<String, @Nullable Object> refusal(ErrorCode code, String message) {
    var refusal = new LinkedHashMap<String, @Nullable Object>();
    refusal.put("ok", false);
    refusal.put("error", Map.of("code", code.wire(), "message", message));
    return refusal;
  }

  /** What is acknowledged of a call: how it stands, seen from a device in it. */
  static Map<String, @Nullable Object> standing(Call call, UserId viewer) {
    var standing = new LinkedHashMap<String, @Nullable Object>();
    standing.put("ok", true);
    standing.putAll(call(call.id()));
    standing.put("state", call.state().wire());
    standing.put("circleId", call.circle().toString());
    standing.put("peer", call.peerOf(viewer).value());
    standing.put("media", call.media().wire());
    standing.put("relay", call.relay().wire());
    call.peerDeviceOf(viewer).ifPresent(device -> standing.put("device", device.value()));
    if (call.state() instanceof CallState.Unanswered unanswered) {
      standing.put("expiresAt", unanswered.expiresAt().toEpochMilli());
      putWaiting(standing, unanswered);
    }
    if (call.state() instanceof CallState.Ended ended) {
      putEnd(standing, ended);
    }
    return standing;
  }

  static Map<String, @Nullable Object> standing(Calls.Resumed resumed, UserId viewer) {
    var standing = new LinkedHashMap<String, @Nullable Object>();
    resumed.call().ifPresent(call -> standing.putAll(standing(call, viewer)));
    standing.remove("ok");
    Object now = standing.put("callId", resumed.id().toString());
    if (now != null && !now.equals(resumed.id().toString())) {
      standing.put("replacedBy", now);
    }
    standing.putIfAbsent("state", "ended");
    resumed.end().ifPresent(ended -> putEnd(standing, ended));
    resumed.elsewhere().ifPresent(elsewhere -> putElsewhere(standing, elsewhere));
    return standing;
  }

  private static void putElsewhere(
      Map<String, @Nullable Object> payload, CallMessage.Elsewhere elsewhere) {
    payload.put("outcome", elsewhere.answered() ? "answered" : "declined");
    payload.put("device", elsewhere.device().id().value());
    elsewhere.device().label().ifPresent(label -> payload.put("deviceName", label));
  }

  private static void putWaiting(Map<String, @Nullable Object> payload, CallState state) {
    if (state instanceof CallState.Unanswered unanswered && unanswered.waiting()) {
      payload.put("waiting", true);
    }
  }

  private static void putEnd(Map<String, @Nullable Object> standing, CallState.Ended ended) {
    standing.put("reason", ended.reason().wire());
    ended
        .answeredAt()
        .ifPresent(at -> standing.put("durationMs", Duration.between(at, ended.at()).toMillis()));
  }

  ServerMessage numbered(long number) {
    if (number > 0) {
      payload.put("seq", number);
    }
    return this;
  }

  private static Map<String, @Nullable Object> call(CallId callId) {
    var payload = new LinkedHashMap<String, @Nullable Object>();
    payload.put("callId", callId.toString());
    return payload;
  }

  private static Map<String, @Nullable Object> from(CallId callId, Device from) {
    var payload = call(callId);
    payload.put("from", from.user().value());
    payload.put("device", from.id().value());
    payload.put("name", from.name());
    return payload;
  }

  private static Map<String, @Nullable Object> json(SessionDescription description) {
    return Map.of("type", description.type().wire(), "sdp", description.sdp());
  }

  private static Map<String, @Nullable Object> json(MediaState media) {
    var json = new LinkedHashMap<String, @Nullable Object>();
    json.put("audio", media.audio());
    json.put("video", media.video());
    json.put("screen", media.screen());
    if (media.paused()) {
      json.put("paused", true);
    }
    return json;
  }

  private static @Nullable Object json(IceCandidate candidate) {
    if (candidate == IceCandidate.END) {
      return null;
    }
    var json = new LinkedHashMap<String, @Nullable Object>();
    json.put("candidate", candidate.candidate());
    json.put("sdpMid", candidate.sdpMid().orElse(null));
    json.put("sdpMLineIndex", candidate.sdpMLineIndex().orElse(null));
    candidate.usernameFragment().ifPresent(fragment -> json.put("usernameFragment", fragment));
    return json;
  }
}
