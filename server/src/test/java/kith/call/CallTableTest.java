package kith.call;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import kith.auth.UserId;
import kith.call.running.OneCircle;
import kith.call.running.VirtualTime;
import kith.privacy.RelayPolicy;
import org.junit.jupiter.api.Test;

/**
 * Every state against every event from everyone, as a table that people can read: call-table.txt.
 * What is there was looked at; a change in it is a change of the rules. Run with {@code
 * -Dkith.table=write} to write it anew.
 */
class CallTableTest {
  private static final Path TABLE = Path.of("src/test/java/kith/call/call-table.txt");
  private static final Instant T0 = VirtualTime.BEGINNING;
  private static final CallMachine MACHINE = new CallMachine(CallSettings.DEFAULTS);
  private static final CallId CALL = new CallId(new UUID(0, 5));
  private static final Device PHONE_A = device("alice", "alice's phone");
  private static final Device LAPTOP_A = device("alice", "alice's laptop");
  private static final Device PHONE_B = device("bob", "bob's phone");
  private static final Device LAPTOP_B = device("bob", "bob's laptop");
  private static final Device PHONE_C = device("carol", "carol's phone");
  private static final List<Device> EVERYONE =
      List.of(PHONE_A, LAPTOP_A, PHONE_B, LAPTOP_B, PHONE_C);

  @Test
  void everyStateTakesEveryEventAsTheTableSays() throws IOException {
    String table = table();
    if ("write".equals(System.getProperty("kith.table"))) {
      Files.writeString(TABLE, table);
    }
    assertEquals(Files.readString(TABLE), table);
  }

  @Test
  void everyStateAndEveryEventIsInTheTable() {
    Set<String> states =
        states().values().stream()
            .map(call -> call.state().getClass().getSimpleName())
            .collect(Collectors.toSet());
    assertEquals(leaves(CallState.class), states);
    Set<String> events = new LinkedHashSet<>();
    EVERYONE.forEach(
        by -> said(by).values().forEach(it -> events.add(it.getClass().getSimpleName())));
    happens().values().forEach(it -> events.add(it.getClass().getSimpleName()));
    assertEquals(leaves(CallEvent.class), events);
  }

  private static Set<String> leaves(Class<?> type) {
    var leaves = new LinkedHashSet<String>();
    for (Class<?> permitted : type.getPermittedSubclasses()) {
      leaves.addAll(
          permitted.isInterface() ? leaves(permitted) : Set.of(permitted.getSimpleName()));
    }
    return leaves;
  }

  /** However the events come, something is due only in the future afterwards. */
  @Test
  void nothingStaysDue() {
    for (Call call : states().values()) {
      for (int seconds : List.of(0, 5, 20, 30, 45, 90)) {
        Instant now = T0.plusSeconds(seconds);
        Call after = MACHINE.on(call, new CallEvent.TimePassed(), List.of(), now).call();
        assertTrue(
            after.deadline(CallSettings.DEFAULTS).filter(due -> !due.isAfter(now)).isEmpty(),
            () -> call + " at " + now);
      }
    }
  }

  private static Device device(String user, String id) {
    return new Device(new Endpoint(new UserId(user), new DeviceId(id)), user, true, false);
  }

  private static String table() {
    var lines = new ArrayList<String>();
    states()
        .forEach(
            (name, call) -> {
              lines.add("");
              lines.add("## " + name);
              EVERYONE.forEach(
                  by ->
                      said(by)
                          .forEach(
                              (what, event) ->
                                  lines.add(
                                      row(by.id() + " " + what, call, event, T0.plusSeconds(3)))));
              happens()
                  .forEach((what, event) -> lines.add(row(what, call, event, T0.plusSeconds(3))));
              for (int seconds : List.of(20, 30, 45)) {
                lines.add(
                    row(
                        seconds + " s have passed",
                        call,
                        new CallEvent.TimePassed(),
                        T0.plusSeconds(seconds)));
              }
            });
    return "A call from alice's phone to bob; bob's phone answers. Event, answer -> state, who is told what.\n"
        + String.join("\n", lines)
        + "\n";
  }

  private static Map<String, Call> states() {
    var states = new LinkedHashMap<String, Call>();
    Call offered =
        MACHINE
            .begin(
                offers(CALL, PHONE_A, "bob"),
                CallMachine.Callee.FREE,
                List.of(PHONE_B, LAPTOP_B),
                T0)
            .call();
    Call ringing = after(offered, new CallEvent.Rings(CALL, PHONE_B));
    Call callerAway = after(ringing, new CallEvent.DeviceWent(PHONE_A.at()));
    Call connecting = after(ringing, new CallEvent.Answers(CALL, PHONE_B, Optional.empty()));
    Call active = after(connecting, new CallEvent.Connects(CALL, PHONE_B));
    Call away = after(active, new CallEvent.DeviceWent(PHONE_B.at()));
    Call bothAway = after(away, new CallEvent.DeviceWent(PHONE_A.at()));
    Call waiting =
        MACHINE
            .begin(offers(CALL, PHONE_A, "bob"), CallMachine.Callee.TALKING, List.of(PHONE_B), T0)
            .call();
    states.put("offered", offered);
    states.put("ringing", ringing);
    states.put("ringing, alice's phone is away", callerAway);
    states.put("offered, waiting", waiting);
    states.put("ringing, waiting", after(waiting, new CallEvent.Rings(CALL, PHONE_B)));
    states.put("connecting", connecting);
    states.put("active", active);
    states.put("active, bob holds it", after(active, new CallEvent.Holds(CALL, PHONE_B, true)));
    states.put("reconnecting, bob's phone is away", away);
    states.put("reconnecting, both are away", bothAway);
    states.put("ended", after(active, new CallEvent.HangsUp(CALL, PHONE_A, Optional.empty())));
    return states;
  }

  private static Call after(Call call, CallEvent event) {
    return MACHINE.on(call, event, List.of(), T0).call();
  }

  private static CallEvent.Offers offers(CallId id, Device by, String to) {
    return new CallEvent.Offers(
        id,
        true,
        by,
        new UserId(to),
        OneCircle.FAMILY,
        Media.VIDEO,
        Optional.empty(),
        RelayPolicy.DIRECT);
  }

  private static Map<String, CallEvent> said(Device by) {
    boolean alice = by.user().value().equals("alice");
    DeviceId there = (alice ? PHONE_B : PHONE_A).id();
    var sdp = new SessionDescription(SessionDescription.Type.OFFER, "v=0");
    var said = new LinkedHashMap<String, CallEvent>();
    said.put("offers the same", offers(CALL, by, alice ? "bob" : "alice"));
    said.put(
        "calls the other, lesser id",
        offers(new CallId(new UUID(0, 1)), by, alice ? "bob" : "alice"));
    said.put(
        "calls the other, greater id",
        offers(new CallId(new UUID(0, 9)), by, alice ? "bob" : "alice"));
    said.put("calls dave", offers(new CallId(new UUID(0, 7)), by, "dave"));
    said.put("calls dave by the same id", offers(CALL, by, "dave"));
    said.put("rings", new CallEvent.Rings(CALL, by));
    said.put("answers", new CallEvent.Answers(CALL, by, Optional.empty()));
    said.put("declines", new CallEvent.Declines(CALL, by, false));
    said.put("hangs up", new CallEvent.HangsUp(CALL, by, Optional.empty()));
    said.put("describes", new CallEvent.Describes(CALL, by, there, sdp));
    said.put(
        "trickles", new CallEvent.Trickles(CALL, by, Optional.empty(), List.of(IceCandidate.END)));
    said.put("shows", new CallEvent.Shows(CALL, by, new MediaState(true, true, false)));
    said.put("holds", new CallEvent.Holds(CALL, by, true));
    said.put("goes on", new CallEvent.Holds(CALL, by, false));
    said.put("connects", new CallEvent.Connects(CALL, by));
    said.put("reports", new CallEvent.Reports(CALL, by, new QualityReport(Map.of("rttMs", 1))));
    said.put("leaves", new CallEvent.Leaves(CALL, by));
    said.put("resumes", new CallEvent.Resumes(CALL, by, OptionalLong.empty()));
    return said;
  }

  private static Map<String, CallEvent> happens() {
    var happens = new LinkedHashMap<String, CallEvent>();
    for (Device device : EVERYONE) {
      happens.put(device.id() + " comes", new CallEvent.DeviceCame(device));
      happens.put(device.id() + " goes", new CallEvent.DeviceWent(device.at()));
      happens.put(device.id() + " is free again", new CallEvent.FreeAgain(device));
    }
    happens.put(
        "bob leaves the circle", new CallEvent.LeftCircle(PHONE_B.user(), OneCircle.FAMILY));
    happens.put(
        "carol leaves the circle", new CallEvent.LeftCircle(PHONE_C.user(), OneCircle.FAMILY));
    happens.put("bob's other call is over", new CallEvent.NoLongerWaits(PHONE_B.user()));
    happens.put("the server fails", new CallEvent.ServerFailed());
    happens.put("nothing happens", new CallEvent.TimePassed());
    return happens;
  }

  private static String row(String what, Call call, CallEvent event, Instant now) {
    Step step = MACHINE.on(call, event, List.of(), now);
    String answer =
        switch (step.reply()) {
          case Reply.Done done -> event instanceof CallEvent.FromDevice ? "done" : "";
          case Reply.Refused refused -> refused.code().wire();
          case Reply.OutOfTheWay gone -> "out of the way";
        };
    String told =
        step.commands().stream().map(CallTableTest::told).collect(Collectors.joining("; "));
    return String.format(
        "%-44s %-14s -> %s%s", what, answer, state(step.call()), told.isEmpty() ? "" : ": " + told);
  }

  private static String state(Call call) {
    String name = call.id().equals(CALL) ? "" : "(as the other call) ";
    return name
        + switch (call.state()) {
          case CallState.Ended ended -> "ended " + ended.reason().wire();
          case CallState.Unanswered unanswered -> unanswered.wire();
          case CallState.Answered answered -> answered.wire();
        };
  }

  private static String told(CallCommand command) {
    return switch (command) {
      case CallCommand.Save save -> "save";
      case CallCommand.SaveInsteadOf save -> "save instead";
      case CallCommand.Tell tell -> tell.to().device() + " hears " + heard(tell.message());
      case CallCommand.Hold hold -> "hold for " + hold.device().device();
      case CallCommand.Forget forget -> "begin anew for " + forget.device().device();
      case CallCommand.Dismiss dismiss -> "nothing for " + dismiss.device().device();
      case CallCommand.Replay replay -> "what " + replay.device().device() + " missed";
    };
  }

  private static String heard(CallMessage message) {
    return switch (message) {
      case CallMessage.Offered offered ->
          offered.state() instanceof CallState.Unanswered unanswered && unanswered.waiting()
              ? "call-offer waiting"
              : "call-offer";
      case CallMessage.Rings rings -> rings.waiting() ? "call-ringing waiting" : "call-ringing";
      case CallMessage.Answered answered -> "call-answer";
      case CallMessage.Declined declined -> "call-decline";
      case CallMessage.Elsewhere elsewhere ->
          "call-elsewhere " + (elsewhere.answered() ? "answered" : "declined");
      case CallMessage.Ended ended ->
          "end-call "
              + ended.reason().wire()
              + ended.duration().map(Duration::toSeconds).map(s -> " " + s + " s").orElse("");
      case CallMessage.Described described -> "call-description";
      case CallMessage.Trickled trickled -> "ice-candidate";
      case CallMessage.Shows shows -> "call-media";
      case CallMessage.Held held -> "call-hold " + held.held();
      case CallMessage.Snapshot snapshot -> "call-state " + snapshot.state().wire();
      case CallMessage.PeerConnection connection ->
          "peer-connection " + (connection.reconnected() ? "reconnected" : "reconnecting");
    };
  }
}
