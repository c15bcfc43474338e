package io.bincard.client;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchRule;
import org.junit.jupiter.api.Test;

/** Whoever takes this library takes nothing else. */
class ClientArchitectureTest {

  private static final ArchRule NAMES_THE_JDK_ALONE =
      classes()
          .should()
          .onlyDependOnClassesThat()
          .resideInAnyPackage("io.bincard.client..", "java..", "org.jspecify.annotations");

  private static final ArchRule WIRE_AND_PACE_KNOW_NOTHING_OF_SUBSCRIPTIONS =
      noClasses()
          .that()
          .resideInAnyPackage("..wire", "..pace")
          .should()
          .dependOnClassesThat()
          .resideInAPackage("io.bincard.client");

  private static final JavaClasses CLIENT =
      new ClassFileImporter()
          .withImportOption(new ImportOption.DoNotIncludeTests())
          .importPackages("io.bincard.client");

  private static final JavaClasses TESTS =
      new ClassFileImporter()
          .withImportOption(new ImportOption.OnlyIncludeTests())
          .importPackages("io.bincard.client");

  @Test
  void the_library_names_the_jdk_alone() {
    NAMES_THE_JDK_ALONE.check(CLIENT);
    assertThat(NAMES_THE_JDK_ALONE.evaluate(TESTS).hasViolation()).as("tests name JUnit").isTrue();
  }

  @Test
  void wire_and_pace_know_nothing_of_subscriptions() {
    WIRE_AND_PACE_KNOW_NOTHING_OF_SUBSCRIPTIONS.check(CLIENT);
  }
}
