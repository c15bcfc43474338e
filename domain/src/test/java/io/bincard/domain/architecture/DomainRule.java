package io.bincard.domain.architecture;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.conditions.ArchConditions.accessTargetWhere;
import static com.tngtech.archunit.lang.conditions.ArchConditions.dependOnClassesThat;
import static com.tngtech.archunit.lang.conditions.ArchConditions.never;
import static com.tngtech.archunit.lang.conditions.ArchConditions.onlyDependOnClassesThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.syntax.ArchRuleDefinition;
import java.util.Set;

/** What every class of the domain keeps to, each rule with the bad classes that it must reject. */
@SuppressWarnings("ImmutableEnumChecker") // ArchUnit's conditions do not change, but do not say so.
enum DomainRule {
  /** No framework, no input or output, no log, no executor: what is not listed is refused. */
  NAMES_ONLY_JSPECIFY_AND_THE_PURE_PART_OF_THE_JDK(
      Set.of("AsksAFramework", "ReadsAFile"),
      onlyDependOnClassesThat(
          resideInAnyPackage(
              "io.bincard.domain..",
              "org.jspecify.annotations",
              "java.lang..",
              "java.math",
              "java.nio.charset",
              "java.text",
              "java.time..",
              "java.util",
              "java.util.function",
              "java.util.regex",
              "java.util.stream"))),

  KNOWS_NO_PROCESS_AND_NO_THREAD(
      Set.of("ReadsTheEnvironment"),
      never(dependOnTypes("java\\.lang\\.(System|Runtime|Process.*|.*Thread.*|ScopedValue)"))),

  NEVER_ASKS_THE_TIME(
      Set.of("ReadsTheClock"),
      never(dependOnTypes("java\\.time\\.(Clock|InstantSource)"))
          .and(never(use("java\\.time\\..*\\.now")))),

  NEVER_ROLLS_DICE(
      Set.of("RollsDice"),
      never(dependOnTypes("java\\.util\\.\\w*Random"))
          .and(never(use("java\\.util\\.UUID\\.randomUUID|java\\.lang\\.Math\\.random")))),

  HAS_NO_FLOATING_POINT(Set.of("CountsInFractions"), new NoFloatingPoint());

  private final Set<String> badClasses;
  private final ArchCondition<JavaClass> condition;

  DomainRule(Set<String> badClasses, ArchCondition<JavaClass> condition) {
    this.badClasses = badClasses;
    this.condition = condition;
  }

  /** The simple names of the classes in {@code bad} that break this rule. */
  Set<String> badClasses() {
    return badClasses;
  }

  ArchRule rule() {
    return ArchRuleDefinition.classes().should(condition);
  }

  private static ArchCondition<JavaClass> dependOnTypes(String regex) {
    return dependOnClassesThat(describe("are " + regex, type -> type.getName().matches(regex)));
  }

  /** Calls a method or refers to it, as {@code Instant::now} does. */
  private static ArchCondition<JavaClass> use(String regex) {
    return accessTargetWhere(
        describe(
            regex,
            access ->
                (access.getTarget().getOwner().getName() + "." + access.getTarget().getName())
                    .matches(regex)));
  }
}
