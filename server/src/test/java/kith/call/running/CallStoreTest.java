package kith.call.running;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.BiConsumer;
import kith.auth.UserId;
import kith.call.Call;
import kith.call.CallEvent;
import kith.call.CallId;
import kith.call.CallMachine;
import kith.call.CallSettings;
import kith.call.CallState;
import kith.call.Device;
import kith.call.DeviceId;
import kith.call.EndedCalls;
import kith.call.Endpoint;
import kith.call.Media;
import kith.call.QualityReport;
import kith.call.Reason;
import kith.call.running.CallHistory.Direction;
import kith.call.running.CallHistory.Entry;
import kith.circle.CircleId;
import kith.database.Database;
import kith.database.DatabaseKind;
import kith.input.BadInput;
import kith.privacy.RelayPolicy;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class CallStoreTest {
  private static final UserId ALICE = new UserId("alice");
  private static final UserId BOB = new UserId("bob");
  private static final UserId CAROL = new UserId("carol");
  private static final Instant T0 = VirtualTime.BEGINNING;
  private static final CallMachine MACHINE = new CallMachine(CallSettings.DEFAULTS);

  @TempDir Path folder;

  private void on(DatabaseKind kind, BiConsumer<SqlCallStore, CallHistory> test) {
    try (Database database = kind.open(folder)) {
      test.accept(new SqlCallStore(database), new CallHistory(database));
    }
  }

  @ParameterizedTest
  @EnumSource
  void listsACallOnceForEachOfTheTwo(DatabaseKind kind) {
    on(
        kind,
        (store, history) -> {
          Call call = answered(call(1, ALICE, BOB));
          assertTrue(store.add(call));
          store.save(ended(call, Reason.COMPLETED, 61));
          Entry ofAlice = page(history, ALICE).getFirst();
          Entry ofBob = page(history, BOB).getFirst();
          assertEquals(List.of(ofAlice), page(history, ALICE));
          assertEquals(List.of(ofBob), page(history, BOB));
          assertEquals(Direction.OUTGOING, ofAlice.direction());
          assertEquals(BOB, ofAlice.peer());
          assertEquals(Direction.INCOMING, ofBob.direction());
          assertEquals(ALICE, ofBob.peer());
          assertEquals(Reason.COMPLETED, ofBob.reason());
          assertEquals(Duration.ofSeconds(60), ofBob.duration());
          assertEquals(Optional.of(T0.plusSeconds(1)), ofBob.timeline().answeredAt());
          assertEquals(List.of(), page(history, CAROL));
        });
  }

  @ParameterizedTest
  @EnumSource
  void neverTouchesACallThatIsOver(DatabaseKind kind) {
    on(
        kind,
        (store, history) -> {
          Call call = answered(call(1, ALICE, BOB));
          store.add(call);
          store.save(ended(call, Reason.COMPLETED, 61));
          List<Entry> before = page(history, ALICE);
          store.save(ended(call, Reason.CONNECTION_LOST, 90));
          store.save(call);
          assertFalse(store.add(call(1, CAROL, BOB)));
          assertEquals(before, page(history, ALICE));
          assertEquals(List.of(), page(history, CAROL));
        });
  }

  @ParameterizedTest
  @EnumSource
  void listsNoCallThatRuns(DatabaseKind kind) {
    on(
        kind,
        (store, history) -> {
          store.add(call(1, ALICE, BOB));
          assertEquals(List.of(), page(history, ALICE));
        });
  }

  @ParameterizedTest
  @EnumSource
  void takesUpACallThatRang(DatabaseKind kind) {
    on(
        kind,
        (store, history) -> {
          Call call = call(1, ALICE, BOB);
          store.add(call);
          Call again = store.running(T0.plusSeconds(5)).getFirst();
          assertEquals(call.state(), again.state());
          assertEquals(call.caller().device().at(), again.caller().device().at());
          assertEquals(Optional.of(T0.plusSeconds(5)), again.caller().awaySince());
          assertEquals(BOB, again.callee());
          assertEquals(call.circle(), again.circle());
          assertEquals(call.offeredAt(), again.offeredAt());
        });
  }

  @ParameterizedTest
  @EnumSource
  void takesUpACallThatWasAnswered(DatabaseKind kind) {
    on(
        kind,
        (store, history) -> {
          Call call = call(1, ALICE, BOB);
          store.add(call);
          store.save(answered(call));
          Call again = store.running(T0.plusSeconds(5)).getFirst();
          assertEquals(
              new CallState.Reconnecting(T0.plusSeconds(1), Optional.empty()), again.state());
          assertTrue(again.isAnswerer(device(BOB)));
          store.save(ended(again, Reason.CONNECTION_LOST, 35));
          assertEquals(List.of(), store.running(T0.plusSeconds(50)));
        });
  }

  @ParameterizedTest
  @EnumSource
  void keepsNeitherNameOfACallThatTwoBecameFree(DatabaseKind kind) {
    on(
        kind,
        (store, history) -> {
          Call first = call(9, BOB, ALICE);
          store.add(first);
          Call merged = MACHINE.on(first, offer(2, ALICE, BOB), List.of(), T0).call();
          assertEquals(id(2), merged.id());
          store.saveInsteadOf(first.id(), merged);
          assertTrue(store.knows(id(2)));
          assertTrue(store.knows(id(9)));
          assertFalse(store.add(call(9, CAROL, BOB)));
          assertEquals(Optional.of(id(9)), store.running(T0).getFirst().formerId());
          store.save(ended(merged, Reason.COMPLETED, 10));
          assertEquals(List.of(id(2)), page(history, BOB).stream().map(Entry::callId).toList());
          assertTrue(store.past(id(9), BOB).isPresent());
        });
  }

  @ParameterizedTest
  @EnumSource
  void writesAgainWhatCouldNotBeWrittenAsOneCall(DatabaseKind kind) {
    on(
        kind,
        (store, history) -> {
          Call first = call(9, BOB, ALICE);
          store.add(first);
          Call merged = MACHINE.on(first, offer(2, ALICE, BOB), List.of(), T0).call();
          store.saveAgain(merged);
          store.saveAgain(merged);
          assertEquals(List.of(id(2)), store.running(T0).stream().map(Call::id).toList());
          store.saveAgain(ended(merged, Reason.COMPLETED, 10));
          assertEquals(List.of(), store.running(T0));
          assertEquals(List.of(id(2)), page(history, BOB).stream().map(Entry::callId).toList());
        });
  }

  @ParameterizedTest
  @EnumSource
  void tellsHowACallEndedToTheTwoAndNobodyElse(DatabaseKind kind) {
    on(
        kind,
        (store, history) -> {
          Call call = call(1, ALICE, BOB);
          store.add(call);
          assertEquals(Optional.empty(), store.past(id(1), ALICE));
          store.save(ended(call, Reason.DECLINED, 3));
          assertEquals(Reason.DECLINED, store.past(id(1), ALICE).orElseThrow().end().reason());
          assertEquals(Reason.DECLINED, store.past(id(1), BOB).orElseThrow().end().reason());
          assertEquals(Optional.empty(), store.past(id(1), CAROL));
        });
  }

  @ParameterizedTest
  @EnumSource
  void pagesThroughHistoryNewestFirst(DatabaseKind kind) {
    on(
        kind,
        (store, history) -> {
          var all = new ArrayList<CallId>();
          for (int i = 1; i <= 25; i++) {
            UserId caller = i % 3 == 0 ? BOB : ALICE;
            Call call = begun(i, caller, caller.equals(BOB) ? ALICE : BOB, T0.plusSeconds(i / 2));
            store.add(ended(call, Reason.NO_ANSWER, 100));
            all.addFirst(call.id());
          }
          var seen = new ArrayList<CallId>();
          Optional<String> before = Optional.empty();
          List<Entry> page = history.page(ALICE, Optional.empty(), before, 10);
          while (!page.isEmpty()) {
            page.forEach(entry -> seen.add(entry.callId()));
            before = Optional.of(page.getLast().callId().toString());
            page = history.page(ALICE, Optional.empty(), before, 10);
          }
          assertEquals(all, seen);
          Instant fifth = T0.plusSeconds(5);
          for (String time : List.of(fifth.toString(), "" + fifth.toEpochMilli())) {
            List<Entry> older = history.page(BOB, Optional.empty(), Optional.of(time), 100);
            assertEquals(9, older.size());
            assertTrue(
                older.stream().allMatch(entry -> entry.timeline().offeredAt().isBefore(fifth)));
          }
        });
  }

  @ParameterizedTest
  @EnumSource
  void listsTheCallsOfOneCircle(DatabaseKind kind) {
    on(
        kind,
        (store, history) -> {
          store.add(ended(call(1, ALICE, BOB), Reason.NO_ANSWER, 45));
          var other = new CircleId(new UUID(7, 7));
          assertEquals(
              1, history.page(ALICE, Optional.of(OneCircle.FAMILY), Optional.empty(), 10).size());
          assertEquals(List.of(), history.page(ALICE, Optional.of(other), Optional.empty(), 10));
        });
  }

  @ParameterizedTest
  @EnumSource
  void refusesAPageThatIsNone(DatabaseKind kind) {
    on(
        kind,
        (store, history) -> {
          Call ofOthers = call(5, BOB, CAROL);
          store.add(ofOthers);
          store.save(ended(ofOthers, Reason.DECLINED, 5));
          for (String before :
              List.of(
                  "", "yesterday", "'; DROP TABLE calls", id(5).toString(), id(77).toString())) {
            assertThrows(
                BadInput.class,
                () -> history.page(ALICE, Optional.empty(), Optional.of(before), 10),
                before);
          }
          assertThrows(
              BadInput.class, () -> history.page(ALICE, Optional.empty(), Optional.empty(), 0));
          assertThrows(
              BadInput.class, () -> history.page(ALICE, Optional.empty(), Optional.empty(), 101));
        });
  }

  @ParameterizedTest
  @EnumSource
  void aMissedCallIsUnseenUntilItIsLookedAt(DatabaseKind kind) {
    on(
        kind,
        (store, history) -> {
          store.add(ended(call(1, ALICE, BOB), Reason.NO_ANSWER, 45));
          store.add(ended(begun(2, ALICE, BOB, T0.plusSeconds(60)), Reason.CANCELLED, 70));
          store.add(ended(call(3, ALICE, BOB), Reason.DECLINED, 80));
          store.add(ended(answered(call(4, ALICE, BOB)), Reason.COMPLETED, 90));
          assertEquals(2, history.unseenMissed(BOB));
          assertEquals(0, history.unseenMissed(ALICE));

          history.seen(BOB, T0.plusSeconds(45));
          assertEquals(1, history.unseenMissed(BOB));
          assertEquals(
              List.of(id(2)),
              page(history, BOB).stream().filter(it -> !it.seen()).map(Entry::callId).toList());

          history.seen(BOB, T0);
          assertEquals(1, history.unseenMissed(BOB), "what was seen stays seen");
          history.seen(BOB, T0.plusSeconds(100));
          assertEquals(0, history.unseenMissed(BOB));
          assertTrue(page(history, ALICE).stream().allMatch(Entry::seen));
        });
  }

  @ParameterizedTest
  @EnumSource
  void countsUnseenCallsOnlyUpToALimit(DatabaseKind kind) {
    on(
        kind,
        (store, history) -> {
          for (int i = 1; i <= CallHistory.MAX_UNSEEN + 5; i++) {
            store.add(ended(call(i, ALICE, BOB), Reason.UNREACHABLE, 0));
          }
          assertEquals(CallHistory.MAX_UNSEEN, history.unseenMissed(BOB));
        });
  }

  @ParameterizedTest
  @EnumSource
  void keepsWhatTheDevicesReported(DatabaseKind kind) {
    try (Database database = kind.open(folder)) {
      var store = new SqlCallStore(database);
      Call call = answered(call(1, ALICE, BOB));
      store.add(call);
      var reports =
          new CallEvent.Reports(call.id(), device(ALICE), new QualityReport(Map.of("rttMs", 21)));
      Call reported = MACHINE.on(call, reports, List.of(), T0.plusSeconds(2)).call();
      store.save(ended(reported, Reason.COMPLETED, 5));
      String report =
          database.read(
              handle ->
                  handle.createQuery("SELECT caller_report FROM calls").mapTo(String.class).one());
      assertEquals("{\"rttMs\":21}", report);
    }
  }

  private static List<Entry> page(CallHistory history, UserId user) {
    return history.page(user, Optional.empty(), Optional.empty(), 100);
  }

  private static CallId id(int number) {
    return new CallId(new UUID(0, number));
  }

  private static Device device(UserId user) {
    return new Device(
        new Endpoint(user, new DeviceId(user + "'s phone")), user.value(), true, false);
  }

  private static CallEvent.Offers offer(int id, UserId caller, UserId callee) {
    return new CallEvent.Offers(
        id(id),
        true,
        device(caller),
        callee,
        OneCircle.FAMILY,
        Media.VIDEO,
        Optional.empty(),
        RelayPolicy.DIRECT);
  }

  private static Call call(int id, UserId caller, UserId callee) {
    return begun(id, caller, callee, T0);
  }

  private static Call begun(int id, UserId caller, UserId callee, Instant at) {
    return MACHINE
        .begin(offer(id, caller, callee), CallMachine.Callee.FREE, List.of(device(callee)), at)
        .call();
  }

  private static Call answered(Call call) {
    var answers = new CallEvent.Answers(call.id(), device(call.callee()), Optional.empty());
    return MACHINE.on(call, answers, List.of(), T0.plusSeconds(1)).call();
  }

  private static Call ended(Call call, Reason reason, int atSecond) {
    return EndedCalls.ended(call, reason, T0.plusSeconds(atSecond));
  }
}
