package io.bincard.domain.architecture;

import static com.tngtech.archunit.base.DescribedPredicate.equalTo;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class DomainArchitectureTest {
  private static final JavaClasses DOMAIN =
      new ClassFileImporter()
          .withImportOption(new ImportOption.DoNotIncludeTests())
          .importPackages("io.bincard.domain");

  private static final JavaClasses BAD =
      new ClassFileImporter().importPackages("io.bincard.domain.architecture.bad");

  @ParameterizedTest
  @EnumSource
  void is_kept_by_the_domain(DomainRule rule) {
    rule.rule().check(DOMAIN);
  }

  @ParameterizedTest
  @EnumSource
  void rejects_the_classes_made_to_break_it_and_no_other(DomainRule rule) {
    Stream<String> rejected =
        BAD.stream()
            .filter(bad -> rule.rule().evaluate(BAD.that(equalTo(bad))).hasViolation())
            .map(JavaClass::getSimpleName);

    assertThat(rejected).containsExactlyInAnyOrderElementsOf(rule.badClasses());
  }
}
