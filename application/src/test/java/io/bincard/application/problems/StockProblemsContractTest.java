package io.bincard.application.problems;

import static java.util.stream.Collectors.toSet;
import static org.assertj.core.api.Assertions.assertThat;

import io.bincard.application.fixture.Approved;
import io.bincard.domain.stock.LocationId;
import io.bincard.domain.stock.Quantity;
import io.bincard.domain.stock.Sku;
import io.bincard.domain.stock.StockRejection;
import io.bincard.domain.stock.StockRejection.AdjustmentExceedsStock;
import io.bincard.domain.stock.StockRejection.CountBelowReserved;
import io.bincard.domain.stock.StockRejection.InsufficientStock;
import io.bincard.domain.stock.StockRejection.QuantityLimitExceeded;
import io.bincard.domain.stock.StockRejection.StaleVersion;
import io.bincard.domain.stock.StockRejection.StockItemAlreadyRegistered;
import io.bincard.domain.stock.StockRejection.StockItemFrozen;
import io.bincard.domain.stock.StockRejection.StockItemNotFrozen;
import io.bincard.domain.stock.StockRejection.UnknownStockItem;
import java.util.Locale;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A problem is stored as the outcome of its key, and its type is what programs ask for. */
class StockProblemsContractTest {

  private static final Approved APPROVED = new Approved("problems");

  static Stream<StockRejection> rejections() {
    Sku sku = new Sku("RED-MUG");
    LocationId location = LocationId.MAIN;
    return Stream.of(
        new UnknownStockItem(sku, location),
        new StockItemAlreadyRegistered(sku, location),
        new StaleVersion(sku, location, 3, 5),
        new StockItemFrozen(sku, location),
        new StockItemNotFrozen(sku, location),
        new QuantityLimitExceeded(sku, location, Quantity.MAX - 1, 2, Quantity.MAX),
        new InsufficientStock(sku, location, 3, 1),
        new AdjustmentExceedsStock(sku, location, -9, 8, 2),
        new CountBelowReserved(sku, location, 1, 2));
  }

  private static String file(Problem problem) {
    return problem.type().replaceFirst("/problems/", "") + ".json";
  }

  @ParameterizedTest
  @MethodSource("rejections")
  void says_the_approved_words(StockRejection rejection) {
    Problem problem = StockProblems.of(rejection);

    APPROVED.check(file(problem), problem.toJson());
  }

  @Test
  void every_rejection_of_the_domain_has_a_sample_and_an_approved_problem_of_its_own() {
    assertThat(rejections().map(Object::getClass).collect(toSet()))
        .isEqualTo(Stream.of(StockRejection.class.getPermittedSubclasses()).collect(toSet()));
    assertThat(APPROVED.files())
        .isEqualTo(
            rejections().map(StockProblems::of).map(problem -> file(problem)).collect(toSet()));
  }

  @ParameterizedTest
  @MethodSource("rejections")
  void is_named_after_the_broken_rule_in_kebab_case(StockRejection rejection) {
    String kebab =
        rejection
            .getClass()
            .getSimpleName()
            .replaceAll("(?<=.)([A-Z])", "-$1")
            .toLowerCase(Locale.ROOT);

    assertThat(StockProblems.of(rejection).type()).isEqualTo("/problems/" + kebab);
  }
}
