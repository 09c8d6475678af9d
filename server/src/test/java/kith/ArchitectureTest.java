package kith;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchRule;
import org.junit.jupiter.api.Test;

/** The walls between the features. */
class ArchitectureTest {
  private static final JavaClasses SERVER =
      new ClassFileImporter()
          .withImportOption(new ImportOption.DoNotIncludeTests())
          .importPackages("kith")
          .that(
              com.tngtech.archunit.base.DescribedPredicate.not(
                  resideInAnyPackage("kith.turn..", "kith.socketio..")));

  private static final String[] CALL_CORE = {
    "kith.call.Call",
    "kith.call.CallMachine",
    "kith.call.CallState",
    "kith.call.CallEvent",
    "kith.call.CallCommand",
    "kith.call.CallMessage",
    "kith.call.BeforeAnswer",
    "kith.call.AfterAnswer",
    "kith.call.AfterEnd",
    "kith.call.Glare",
    "kith.call.Step",
    "kith.call.Outbox",
    "kith.call.Seat",
    "kith.call.Turn"
  };

  @Test
  void theCallMachineIsPure() {
    holds(
        noClasses()
            .that()
            .haveNameMatching(String.join("|", CALL_CORE).replace(".", "\\.") + "|" + nested())
            .should()
            .dependOnClassesThat(
                resideInAnyPackage(
                    "java.net..",
                    "java.sql..",
                    "java.util.concurrent..",
                    "io.vertx..",
                    "io.netty..",
                    "org.jdbi..",
                    "org.slf4j..",
                    "kith.database..",
                    "kith.socketio..",
                    "kith.web.."))
            .orShould()
            .dependOnClassesThat()
            .belongToAnyOf(
                Thread.class,
                java.time.Clock.class,
                java.time.InstantSource.class,
                java.util.Random.class,
                java.security.SecureRandom.class)
            .orShould()
            .callMethod(java.time.Instant.class, "now")
            .orShould()
            .callMethod(System.class, "currentTimeMillis")
            .orShould()
            .callMethod(System.class, "nanoTime")
            .orShould()
            .callMethod(java.util.UUID.class, "randomUUID"));
  }

  private static String nested() {
    return String.join("\\$.*|", CALL_CORE).replace("kith.call.", "kith\\.call\\.") + "\\$.*";
  }

  @Test
  void callsKnowNothingOfHowTheyAreTold() {
    holds(
        noClasses()
            .that()
            .resideInAPackage("kith.call..")
            .should()
            .dependOnClassesThat(
                resideInAnyPackage(
                    "kith.signaling..", "kith.socketio..", "kith.web..", "io.vertx..")));
  }

  @Test
  void onlyTheRelayStartsTurn() {
    holds(onlyIn("kith.turn..", "kith.relay.."));
  }

  @Test
  void onlyThePortSignalingAndTheWiringKnowSocketIo() {
    holds(onlyIn("kith.socketio..", "kith.signaling..", "kith.web..", "kith"));
  }

  @Test
  void onlyThePortTlsAndTheWiringKnowVertxAndNetty() {
    holds(onlyIn("io.vertx..", "kith.web..", "kith.tls..", "kith"));
    holds(onlyIn("io.netty..", "kith.web..", "kith.tls..", "kith"));
    holds(
        noClasses()
            .that()
            .resideInAPackage("kith.web..")
            .and()
            .haveNameNotMatching("kith\\.web\\.HttpPort.*")
            .should()
            .dependOnClassesThat(resideInAnyPackage("io.vertx..", "io.netty..")));
  }

  @Test
  void onlyTheFeaturesThatStoreKnowTheDatabase() {
    holds(onlyIn("org.jdbi..", "kith.database..", "kith.auth..", "kith.circle..", "kith.call.."));
    holds(onlyIn("com.zaxxer..", "kith.database.."));
    holds(onlyIn("org.flywaydb..", "kith.database.."));
  }

  @Test
  void whatEveryoneUsesUsesNoFeature() {
    holds(
        noClasses()
            .that()
            .resideInAnyPackage(
                "kith.web..",
                "kith.settings..",
                "kith.database..",
                "kith.limits..",
                "kith.input..",
                "kith.json..",
                "kith.logs..",
                "kith.tls..")
            .should()
            .dependOnClassesThat(
                resideInAnyPackage(
                    "kith.auth..",
                    "kith.circle..",
                    "kith.call..",
                    "kith.signaling..",
                    "kith.relay..",
                    "kith.history..",
                    "kith.console..")));
  }

  @Test
  void nothingButTheWiringReachesForTheEnvironmentOrTheConsole() {
    holds(
        noClasses()
            .that()
            .resideInAPackage("kith.*..")
            .should()
            .callMethod(System.class, "getenv")
            .orShould()
            .accessField(System.class, "out")
            .orShould()
            .accessField(System.class, "err"));
  }

  private static ArchRule onlyIn(String library, String... packages) {
    return classes()
        .that()
        .resideOutsideOfPackages(packages)
        .should()
        .onlyDependOnClassesThat(
            com.tngtech.archunit.base.DescribedPredicate.not(resideInAPackage(library)));
  }

  private static void holds(ArchRule rule) {
    rule.check(SERVER);
  }

  @Test
  void featuresDoNotGoInCircles() {
    holds(
        slices()
            .matching(
                "kith.(auth|web|settings|database|limits|input|json|logs|tls|history|console)..")
            .should()
            .beFreeOfCycles());
  }
}
