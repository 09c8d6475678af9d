package kith.call;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.time.Clock;
import java.time.InstantSource;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class CallArchitectureTest {
  private static final JavaClasses KITH =
      new ClassFileImporter()
          .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
          .importPackages("kith");

  /** Where the rules of calls are; the rest of the package carries out what they command. */
  private static final Set<Class<?>> RULES =
      Set.of(
          CallMachine.class,
          BeforeAnswer.class,
          AfterAnswer.class,
          AfterEnd.class,
          Glare.class,
          CallWaiting.class,
          Turn.class,
          Step.class,
          Call.class,
          Seat.class,
          CallState.class,
          CallEvent.class,
          CallCommand.class,
          CallMessage.class,
          Reply.class,
          Outbox.class);

  private static final DescribedPredicate<JavaClass> ARE_RULES =
      DescribedPredicate.describe(
          "are rules of calls",
          type ->
              RULES.stream()
                  .anyMatch(
                      rule ->
                          type.getName().equals(rule.getName())
                              || type.getName().startsWith(rule.getName() + "$")));

  @Test
  void theRulesKnowNoClockNoThreadNoDatabaseAndNoSocket() {
    noClasses()
        .that(ARE_RULES)
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(
            "java.util.concurrent..",
            "java.io..",
            "java.nio..",
            "java.net..",
            "java.sql..",
            "org.jdbi..",
            "org.slf4j..",
            "io..",
            "kith.database..",
            "kith.signaling..",
            "kith.socketio..")
        .check(KITH);
    for (Class<?> outside : Set.of(Clock.class, InstantSource.class, Random.class, Thread.class)) {
      noClasses()
          .that(ARE_RULES)
          .should()
          .dependOnClassesThat()
          .areAssignableTo(outside)
          .check(KITH);
    }
    noClasses().that(ARE_RULES).should().callMethod(java.time.Instant.class, "now").check(KITH);
    noClasses().that(ARE_RULES).should().callMethod(UUID.class, "randomUUID").check(KITH);
  }

  @Test
  void callsDoNotKnowHowTheyAreSpokenOf() {
    noClasses()
        .that()
        .resideInAPackage("kith.call")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("kith.signaling..", "kith.socketio..", "kith.web..")
        .check(KITH);
  }

  @Test
  void onlyOneClassOfSignalingKnowsSockets() {
    noClasses()
        .that()
        .resideInAPackage("kith.signaling")
        .and()
        .haveNameNotMatching(".*\\.Signaling(Limits)?(\\$.*)?")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("kith.socketio..", "io.vertx..", "io.netty..")
        .check(KITH);
  }
}
