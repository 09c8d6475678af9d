package kith.call;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Random;
import java.util.UUID;
import kith.auth.UserId;
import kith.call.running.OneCircle;
import kith.call.running.VirtualTime;
import kith.privacy.RelayPolicy;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Any message from anyone, in any state a call can get to: nothing breaks, nobody but the callee
 * starts the media, nobody but the two hears of it, and what is over stays over.
 */
class CallWalksTest {
  private static final int WALKS = 4_000;
  private static final int STEPS = 25;
  private static final String ADDRESS = "192.0.2.10";
  private static final CallMachine MACHINE = new CallMachine(CallSettings.DEFAULTS);
  private static final CallId CALL = new CallId(new UUID(0, 5));
  private static final Instant T0 = VirtualTime.BEGINNING;
  private static final UserId ALICE = new UserId("alice");
  private static final UserId BOB = new UserId("bob");
  private static final List<Device> DEVICES =
      List.of(
          device("alice", "a1"),
          device("alice", "a2"),
          device("bob", "b1"),
          device("bob", "b2"),
          device("carol", "c1"));

  private static Device device(String user, String id) {
    return new Device(new Endpoint(new UserId(user), new DeviceId(id)), user, true, true);
  }

  private static Call offered(RelayPolicy relay) {
    return begun(relay, CallMachine.Callee.FREE, DEVICES.subList(2, 4));
  }

  private static Call waiting(RelayPolicy relay) {
    return begun(relay, CallMachine.Callee.TALKING, DEVICES.subList(2, 3));
  }

  private static Call begun(RelayPolicy relay, CallMachine.Callee callee, List<Device> rung) {
    return MACHINE.begin(offers(CALL, DEVICES.getFirst(), BOB, relay), callee, rung, T0).call();
  }

  private static CallEvent.Offers offers(CallId id, Device by, UserId to, RelayPolicy relay) {
    return new CallEvent.Offers(
        id, true, by, to, OneCircle.FAMILY, Media.VIDEO, Optional.of(sdp("OFFER")), relay);
  }

  private static SessionDescription sdp(String type) {
    return new SessionDescription(
        SessionDescription.Type.valueOf(type), "v=0\r\nc=IN IP4 " + ADDRESS + "\r\n");
  }

  /** Everything that can happen to a call. */
  private static List<CallEvent> everything(RelayPolicy relay) {
    var all = new ArrayList<CallEvent>();
    var candidate =
        new IceCandidate(
            "candidate:1 1 udp 7 " + ADDRESS + " 5 typ host",
            Optional.of("0"),
            Optional.of(0),
            Optional.empty());
    for (Device by : DEVICES) {
      for (int id : List.of(1, 5, 9)) {
        for (UserId to : List.of(ALICE, BOB, new UserId("dave"))) {
          if (!to.equals(by.user())) {
            all.add(offers(new CallId(new UUID(0, id)), by, to, relay));
          }
        }
      }
      all.add(new CallEvent.Rings(CALL, by));
      all.add(new CallEvent.Answers(CALL, by, Optional.empty()));
      all.add(new CallEvent.Answers(CALL, by, Optional.of(sdp("ANSWER"))));
      all.add(new CallEvent.Declines(CALL, by, false));
      all.add(new CallEvent.Declines(CALL, by, true));
      all.add(new CallEvent.HangsUp(CALL, by, Optional.empty()));
      all.add(new CallEvent.HangsUp(CALL, by, Optional.of(Reason.CONNECT_FAILED)));
      for (Device to : DEVICES) {
        all.add(new CallEvent.Describes(CALL, by, to.id(), sdp("OFFER")));
        all.add(new CallEvent.Describes(CALL, by, to.id(), sdp("ANSWER")));
        all.add(new CallEvent.Trickles(CALL, by, Optional.of(to.id()), List.of(candidate)));
      }
      all.add(new CallEvent.Trickles(CALL, by, Optional.empty(), List.of(candidate)));
      all.add(new CallEvent.Shows(CALL, by, new MediaState(true, true, true)));
      all.add(new CallEvent.Holds(CALL, by, true));
      all.add(new CallEvent.Holds(CALL, by, false));
      all.add(new CallEvent.Leaves(CALL, by));
      all.add(new CallEvent.Connects(CALL, by));
      all.add(new CallEvent.Reports(CALL, by, new QualityReport(Map.of("rttMs", 1))));
      all.add(new CallEvent.Resumes(CALL, by, OptionalLong.empty()));
      all.add(new CallEvent.Resumes(CALL, by, OptionalLong.of(2)));
      all.add(new CallEvent.DeviceCame(by));
      all.add(new CallEvent.DeviceWent(by.at()));
      all.add(new CallEvent.FreeAgain(by));
    }
    all.add(new CallEvent.LeftCircle(BOB, OneCircle.FAMILY));
    all.add(new CallEvent.LeftCircle(new UserId("carol"), OneCircle.FAMILY));
    all.add(new CallEvent.NoLongerWaits(BOB));
    all.add(new CallEvent.ServerFailed());
    all.add(new CallEvent.TimePassed());
    return all;
  }

  @ParameterizedTest
  @EnumSource
  void whateverHappensWhateverHappenedBefore(RelayPolicy relay) {
    List<CallEvent> everything = everything(relay);
    for (CallEvent first : everything) {
      for (Call begun : List.of(offered(relay), waiting(relay))) {
        Call once = taken(begun, first, T0);
        for (CallEvent second : everything) {
          taken(once, second, T0.plusSeconds(1));
        }
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void whateverHappensInLongerWalks(RelayPolicy relay) {
    List<CallEvent> everything = everything(relay);
    var random = new Random(5);
    int talked = 0;
    for (int walk = 0; walk < WALKS; walk++) {
      Call call = random.nextInt(3) == 0 ? waiting(relay) : offered(relay);
      Instant now = T0;
      for (int step = 0; step < STEPS && !call.isOver(); step++) {
        now = now.plus(Duration.ofMillis(random.nextInt(random.nextInt(10) == 0 ? 40_000 : 500)));
        call = taken(call, everything.get(random.nextInt(everything.size())), now);
        talked += call.state() instanceof CallState.Answered ? 1 : 0;
      }
    }
    assertTrue(talked > WALKS / 2, "hardly anyone talks: " + talked);
  }

  @Test
  void theWalksGoThroughEveryState() {
    var reached = new HashSet<Class<?>>();
    for (CallEvent event : everything(RelayPolicy.DIRECT)) {
      Call once = MACHINE.on(offered(RelayPolicy.DIRECT), event, List.of(), T0).call();
      reached.add(once.state().getClass());
      for (CallEvent second : everything(RelayPolicy.DIRECT)) {
        reached.add(MACHINE.on(once, second, List.of(), T0).call().state().getClass());
      }
    }
    assertEquals(6, reached.size(), reached::toString);
  }

  private static Call taken(Call before, CallEvent event, Instant now) {
    Step step = MACHINE.on(before, event, List.of(), now);
    Call after = step.call();
    if (before.isOver()) {
      assertEquals(before, after);
      assertEquals(List.of(), step.commands());
    }
    if (isNotAnswered(before) && after.answerer().isPresent()) {
      assertTrue(isTakenBy(event, before.callee()), () -> before + " is answered by " + event);
    }
    for (CallCommand command : step.commands()) {
      if (command instanceof CallCommand.Tell tell) {
        assertTrue(before.isParty(tell.to().user()), () -> tell.to() + " hears of it: " + event);
        boolean starts =
            tell.message() instanceof CallMessage.Answered
                || (tell.message() instanceof CallMessage.Offered offered
                    && offered.state() instanceof CallState.Answered);
        assertFalse(
            starts && after.answerer().isEmpty(), () -> event + " starts the media of " + after);
        if (after.relay() == RelayPolicy.ALWAYS || isNotAnswered(after) && after.hidesAddresses()) {
          assertFalse(tellsAddress(tell.message()), () -> event + " tells an address");
        }
      }
    }
    assertTrue(
        after.deadline(CallSettings.DEFAULTS).filter(due -> !due.isAfter(now)).isEmpty(),
        () -> after + " is overdue after " + event);
    return after;
  }

  private static boolean isNotAnswered(Call call) {
    return call.state() instanceof CallState.Unanswered;
  }

  /** The callee answers, or calls the caller (glare). */
  private static boolean isTakenBy(CallEvent event, UserId callee) {
    return (event instanceof CallEvent.Answers answers && answers.by().user().equals(callee))
        || (event instanceof CallEvent.Offers offers && offers.by().user().equals(callee));
  }

  private static boolean tellsAddress(CallMessage message) {
    return switch (message) {
      case CallMessage.Offered offered ->
          offered.offer().filter(offer -> offer.sdp().contains(ADDRESS)).isPresent();
      case CallMessage.Answered answered ->
          answered.answer().filter(answer -> answer.sdp().contains(ADDRESS)).isPresent();
      case CallMessage.Described described -> described.description().sdp().contains(ADDRESS);
      case CallMessage.Trickled trickled ->
          trickled.candidates().stream().anyMatch(it -> it.candidate().contains(ADDRESS));
      case CallMessage.Rings rings -> false;
      case CallMessage.Declined declined -> false;
      case CallMessage.Elsewhere elsewhere -> false;
      case CallMessage.Ended ended -> false;
      case CallMessage.Shows shows -> false;
      case CallMessage.Held held -> false;
      case CallMessage.Snapshot snapshot -> false;
      case CallMessage.PeerConnection connection -> false;
    };
  }
}
