package kith;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.base.DescribedPredicate;
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
          .that(DescribedPredicate.not(resideInAnyPackage("kith.turn..", "kith.socketio..")));

  @Test
  void onlyTheRelayStartsTurn() {
    holds(onlyIn("kith.turn..", "kith.relay.."));
  }

  @Test
  void onlyThePortSignalingAndTheWiringKnowSocketIo() {
    holds(onlyIn("kith.socketio..", "kith.signaling..", "kith.web..", "kith"));
  }

  @Test
  void onlyThePortTlsAndTheWiringKnowVertxAndOnlyTheyAndTheRelayNetty() {
    holds(onlyIn("io.vertx..", "kith.web..", "kith.tls..", "kith"));
    holds(onlyIn("io.netty..", "kith.web..", "kith.tls..", "kith.relay..", "kith"));
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
    holds(
        onlyIn(
            "org.jdbi..",
            "kith.database..",
            "kith.auth..",
            "kith.circle..",
            "kith.call.running.."));
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

  @Test
  void featuresDoNotGoInCircles() {
    holds(
        slices()
            .matching(
                "kith.(auth|call|console|database|history|input|json|limits|logs|privacy|relay"
                    + "|settings|signaling|tls|web)..")
            .should()
            .beFreeOfCycles());
  }

  private static ArchRule onlyIn(String library, String... packages) {
    return classes()
        .that()
        .resideOutsideOfPackages(packages)
        .should()
        .onlyDependOnClassesThat(DescribedPredicate.not(resideInAPackage(library)));
  }

  private static void holds(ArchRule rule) {
    rule.check(SERVER);
  }
}
