package kith.turn;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;

/** The walls of the library. */
class WallsTest {
  private static final JavaClasses LIBRARY =
      new ClassFileImporter()
          .withImportOption(new ImportOption.DoNotIncludeTests())
          .importPackages("kith.turn");

  @Test
  void onlyTheShellTouchesSocketsThreadsFilesAndForeignMemory() {
    noClasses()
        .that()
        .resideInAnyPackage("kith.turn", "kith.turn.stun", "kith.turn.proxy")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(
            "java.nio.channels..",
            "java.nio.file..",
            "java.io..",
            "java.lang.foreign..",
            "javax.net..",
            "kith.turn.net..")
        .orShould()
        .dependOnClassesThat()
        .belongToAnyOf(
            Thread.class,
            java.security.SecureRandom.class,
            java.util.Random.class,
            java.time.Clock.class)
        .orShould()
        .callMethod(System.class, "nanoTime")
        .orShould()
        .callMethod(System.class, "currentTimeMillis")
        .check(LIBRARY);
  }

  @Test
  void messagesKnowNothingOfTheServer() {
    noClasses()
        .that()
        .resideInAPackage("kith.turn.stun")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("kith.turn", "kith.turn.net..")
        .check(LIBRARY);
  }

  @Test
  void theLibraryDependsOnTheJdkAlone() {
    classes()
        .should()
        .onlyDependOnClassesThat()
        .resideInAnyPackage(
            "kith.turn..",
            "java..",
            "javax..",
            "jdk.net..",
            "com.sun.net.httpserver..",
            "sun.misc..", // Signal
            "org.jspecify.annotations..")
        .check(LIBRARY);
  }
}
