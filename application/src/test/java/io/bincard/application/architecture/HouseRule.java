package io.bincard.application.architecture;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.domain.Dependency;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import com.tngtech.archunit.lang.conditions.ArchConditions;
import com.tngtech.archunit.library.GeneralCodingRules;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import org.jspecify.annotations.NullMarked;

/**
 * What every class of every module keeps to, each rule with the bad classes that it must reject.
 */
@SuppressWarnings("ImmutableEnumChecker") // ArchUnit's rules do not change, but do not say so.
enum HouseRule {
  /** Every arrow points to the domain; there is none between the outer modules. */
  NAMES_NO_OTHER_MODULE_THAN_DOMAIN(
      Set.of("WritesTheView", "SharesTheFold", "AsksTheWriter"),
      root -> classes().should(nameNoOtherModuleThanDomain(root))),

  /** The read side and reconciliation read the journal; only the application writes it. */
  COMMANDS_ONLY_FROM_THE_APPLICATION(
      Set.of("SendsACommand"),
      root ->
          noClasses()
              .that(resideInAnyPackage(root + ".projections..", root + ".reconciliation.."))
              .should()
              .dependOnClassesThat(
                  resideInAnyPackage(
                      "org.axonframework.commandhandling..",
                      "org.axonframework.modelling.command.."))),

  /** Two computations that share code share faults. */
  RECONCILES_BY_ARITHMETIC_OF_ITS_OWN(
      Set.of("BorrowsTheFold"),
      root ->
          noClasses()
              .that(resideInAnyPackage(root + ".reconciliation.."))
              .should()
              .callMethodWhere(
                  describe(
                      "it is a fold of the domain",
                      call ->
                          call.getTarget().getName().equals("evolve")
                              && call.getTargetOwner()
                                  .getPackageName()
                                  .startsWith("io.bincard.domain")))),

  APPLIES_EVENTS_ONLY_IN_AGGREGATES(
      Set.of("AppliesAnEvent"),
      _ ->
          noClasses()
              .that(
                  describe(
                      "are not named …Aggregate",
                      type -> !type.getSimpleName().endsWith("Aggregate")))
              .should()
              .dependOnClassesThat()
              .haveFullyQualifiedName("org.axonframework.modelling.command.AggregateLifecycle")),

  HAS_ITS_DEPENDENCIES_GIVEN_TO_THE_CONSTRUCTOR(
      Set.of("InjectsAField"), _ -> GeneralCodingRules.NO_CLASSES_SHOULD_USE_FIELD_INJECTION),

  TAKES_NO_OPTIONAL(
      Set.of("TakesAnOptional"),
      _ -> noClasses().should(be("taking an Optional", HouseRule::takesAnOptional))),

  HAS_A_NAME_THAT_SAYS_SOMETHING(
      Set.of("StockHelper"),
      _ -> noClasses().should(be("named after nothing", HouseRule::isNamedAfterNothing))),

  LIVES_IN_A_PACKAGE_MARKED_FOR_NULL_CHECKS(
      Set.of("MayBeNull"),
      _ -> classes().should(be("in a @NullMarked package", HouseRule::isNullMarked)));

  private static final Set<Class<?>> OPTIONALS =
      Set.of(Optional.class, OptionalInt.class, OptionalLong.class, OptionalDouble.class);

  private static final Pattern NOTHING =
      Pattern.compile("(Utils?|Common|Helper|Manager|Base|Core|Impl|D[Tt][Oo])(?![a-z])");

  private static final Pattern NOTHING_OF_A_PACKAGE =
      Pattern.compile("(^|\\.)(utils?|common|helpers?|managers?|base|core|impl|dtos?)(\\.|$)");

  private final Set<String> badClasses;
  private final Function<String, ArchRule> ruleUnder;

  HouseRule(Set<String> badClasses, Function<String, ArchRule> ruleUnder) {
    this.badClasses = badClasses;
    this.ruleUnder = ruleUnder;
  }

  /** The simple names of the classes under {@code bad} that break this rule. */
  Set<String> badClasses() {
    return badClasses;
  }

  /** The rule for a tree of modules whose packages begin with {@code root}. */
  ArchRule under(String root) {
    return ruleUnder.apply(root).allowEmptyShould(true);
  }

  private static ArchCondition<JavaClass> nameNoOtherModuleThanDomain(String root) {
    return new ArchCondition<>("name no other module than domain") {
      @Override
      public void check(JavaClass type, ConditionEvents events) {
        List<String> allowed = List.of(moduleOf(type, root), "domain", "");
        for (Dependency dependency : type.getDirectDependenciesFromSelf()) {
          boolean kept = allowed.contains(moduleOf(dependency.getTargetClass(), root));
          events.add(new SimpleConditionEvent(type, kept, dependency.getDescription()));
        }
      }
    };
  }

  /** The package below {@code root} that {@code type} lives under; empty outside the house. */
  private static String moduleOf(JavaClass type, String root) {
    String name = type.getBaseComponentType().getPackageName() + ".";
    return name.startsWith(root + ".")
        ? name.substring(root.length() + 1).replaceFirst("\\..*", "")
        : "";
  }

  private static boolean takesAnOptional(JavaClass type) {
    return type.getCodeUnits().stream()
        .filter(codeUnit -> !codeUnit.getModifiers().contains(JavaModifier.SYNTHETIC))
        .flatMap(codeUnit -> codeUnit.getRawParameterTypes().stream())
        .anyMatch(parameter -> OPTIONALS.stream().anyMatch(parameter::isEquivalentTo));
  }

  private static boolean isNamedAfterNothing(JavaClass type) {
    return NOTHING.matcher(type.getSimpleName()).find()
        || NOTHING_OF_A_PACKAGE.matcher(type.getPackageName()).find();
  }

  private static boolean isNullMarked(JavaClass type) {
    return type.getPackage()
        .tryGetPackageInfo()
        .filter(info -> info.isAnnotatedWith(NullMarked.class))
        .isPresent();
  }

  private static ArchCondition<JavaClass> be(String description, Predicate<JavaClass> test) {
    return ArchConditions.be(describe(description, test));
  }
}
