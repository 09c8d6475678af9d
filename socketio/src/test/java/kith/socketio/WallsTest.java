package kith.socketio;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchRule;
import org.junit.jupiter.api.Test;

class WallsTest {
  private static final String[] PURE = {
    "kith.socketio.engine..", "kith.socketio.protocol..", "kith.socketio.session.."
  };

  private final JavaClasses library =
      new ClassFileImporter()
          .withImportOption(new ImportOption.DoNotIncludeTests())
          .importPackages("kith.socketio");

  private void holds(ArchRule rule) {
    rule.check(library);
  }

  @Test
  void onlyTheVertxAdapterKnowsAWebServer() {
    holds(
        noClasses()
            .that()
            .resideOutsideOfPackage("kith.socketio.vertx..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(
                "io.vertx..", "io.netty..", "com.sun.net.httpserver..", "java.net.http.."));
  }

  @Test
  void nothingDependsOnTheVertxAdapter() {
    holds(
        noClasses()
            .that()
            .resideOutsideOfPackage("kith.socketio.vertx..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("kith.socketio.vertx.."));
  }

  @Test
  void thePureCoreKnowsNoThreadsSocketsOrTimers() {
    holds(
        noClasses()
            .that()
            .resideInAnyPackage(PURE)
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("java.util.concurrent..", "java.nio.channels..", "java.time..")
            .orShould()
            .dependOnClassesThat()
            .belongToAnyOf(
                Thread.class,
                java.net.Socket.class,
                java.util.Timer.class,
                java.util.Random.class));
  }

  @Test
  void thePureCoreAsksNoClock() {
    holds(
        noClasses()
            .that()
            .resideInAnyPackage(PURE)
            .should()
            .callMethod(System.class, "currentTimeMillis")
            .orShould()
            .callMethod(System.class, "nanoTime"));
  }

  @Test
  void thePureCoreDependsOnItselfOnly() {
    holds(
        classes()
            .that()
            .resideInAnyPackage(PURE)
            .should()
            .onlyDependOnClassesThat()
            .resideInAnyPackage(
                "kith.socketio.engine..",
                "kith.socketio.protocol..",
                "kith.socketio.session..",
                "java..",
                "com.fasterxml.jackson.core..",
                "org.jspecify.annotations.."));
  }

  @Test
  void theEngineKnowsNothingOfSocketIo() {
    holds(
        noClasses()
            .that()
            .resideInAnyPackage("kith.socketio.engine..", "kith.socketio.gateway..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(
                "kith.socketio", "kith.socketio.protocol..", "kith.socketio.session.."));
  }
}
