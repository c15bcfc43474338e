package io.bincard.application.architecture;

import static com.tngtech.archunit.base.DescribedPredicate.equalTo;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaPackage;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class HouseArchitectureTest {
  private static final String ROOT = "io.bincard";
  private static final JavaClasses HOUSE =
      new ClassFileImporter()
          .withImportOption(new ImportOption.DoNotIncludeTests())
          .importPackages(ROOT);

  private static final String BAD_ROOT = "io.bincard.application.architecture.bad";
  private static final JavaClasses BAD = new ClassFileImporter().importPackages(BAD_ROOT);

  @ParameterizedTest
  @ValueSource(strings = {"domain", "application", "projections", "reconciliation", "client"})
  void looks_at_every_module(String module) {
    assertThat(HOUSE.getPackage(ROOT).getSubpackages())
        .extracting(JavaPackage::getRelativeName)
        .contains(module);
  }

  @ParameterizedTest
  @EnumSource
  void is_kept_by_every_module(HouseRule rule) {
    rule.under(ROOT).check(HOUSE);
  }

  @ParameterizedTest
  @EnumSource
  void rejects_the_classes_made_to_break_it_and_no_other(HouseRule rule) {
    Stream<String> rejected =
        BAD.stream()
            .filter(bad -> rule.under(BAD_ROOT).evaluate(BAD.that(equalTo(bad))).hasViolation())
            .map(JavaClass::getSimpleName);

    assertThat(rejected).containsExactlyInAnyOrderElementsOf(rule.badClasses());
  }
}
