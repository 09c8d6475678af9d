package kith.call;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.syntax.elements.ClassesShould;
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

  @Test
  void theRulesKnowNoClockNoThreadNoDatabaseAndNoSocket() {
    theRules()
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
            "kith.call.running..",
            "kith.database..",
            "kith.signaling..",
            "kith.socketio..",
            "kith.web..")
        .check(KITH);
    for (Class<?> outside : Set.of(Clock.class, InstantSource.class, Random.class, Thread.class)) {
      theRules().dependOnClassesThat().areAssignableTo(outside).check(KITH);
    }
    theRules().callMethod(java.time.Instant.class, "now").check(KITH);
    theRules().callMethod(UUID.class, "randomUUID").check(KITH);
  }

  private static ClassesShould theRules() {
    return noClasses().that().resideInAPackage("kith.call").should();
  }

  @Test
  void whatRunsCallsDoesNotKnowHowTheyAreSpokenOf() {
    noClasses()
        .that()
        .resideInAPackage("kith.call.running")
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
