package io.bincard.application.problems;

import static java.util.stream.Collectors.toSet;
import static org.assertj.core.api.Assertions.assertThat;

import io.bincard.application.fixture.Approved;
import io.bincard.domain.cart.CouponCode;
import io.bincard.domain.catalog.CatalogRejection;
import io.bincard.domain.catalog.CatalogRejection.StaleSkuVersion;
import io.bincard.domain.discount.DiscountRejection;
import io.bincard.domain.discount.DiscountRejection.BudgetExhausted;
import io.bincard.domain.discount.DiscountRejection.CouponNotApplicable;
import io.bincard.domain.discount.DiscountRejection.CurrencyNotSold;
import io.bincard.domain.discount.DiscountRejection.DiscountAlreadyApplied;
import io.bincard.domain.discount.DiscountRejection.DiscountNotApplied;
import io.bincard.domain.discount.DiscountRejection.Limit;
import io.bincard.domain.discount.DiscountRejection.NoPolicyInForce;
import io.bincard.domain.discount.DiscountRejection.StaleOrderVersion;
import io.bincard.domain.discount.DiscountRejection.TooManyRules;
import io.bincard.domain.discount.Discounting.Shortage;
import io.bincard.domain.discount.Discounting.UnusableCoupon;
import io.bincard.domain.hold.HoldRejection;
import io.bincard.domain.hold.HoldRejection.ExceedsHold;
import io.bincard.domain.hold.HoldRejection.Excess;
import io.bincard.domain.hold.HoldRejection.HeldItemsFrozen;
import io.bincard.domain.hold.HoldRejection.HoldAlreadyConfirmed;
import io.bincard.domain.hold.HoldRejection.HoldAlreadyReleased;
import io.bincard.domain.hold.HoldRejection.HoldExpired;
import io.bincard.domain.hold.HoldRejection.HoldLifetimeExceeded;
import io.bincard.domain.hold.HoldRejection.OrderRefused;
import io.bincard.domain.hold.HoldRejection.Place;
import io.bincard.domain.hold.HoldRejection.PriceRefused;
import io.bincard.domain.hold.HoldRejection.Shortfall;
import io.bincard.domain.hold.HoldRejection.StaleHoldVersion;
import io.bincard.domain.hold.HoldRejection.UnknownHold;
import io.bincard.domain.money.CurrencyCode;
import io.bincard.domain.policy.CampaignId;
import io.bincard.domain.policy.PolicyFingerprint;
import io.bincard.domain.pricing.LostRule;
import io.bincard.domain.register.PolicyRejection;
import io.bincard.domain.register.PolicyRejection.NoPolicyStaged;
import io.bincard.domain.register.PolicyRejection.PolicyAlreadyInForce;
import io.bincard.domain.register.PolicyRejection.PolicyAlreadyStaged;
import io.bincard.domain.register.PolicyRejection.StaleRegisterVersion;
import io.bincard.domain.register.PolicyRejection.UnknownPolicy;
import io.bincard.domain.reservation.HoldId;
import io.bincard.domain.stock.LocationId;
import io.bincard.domain.stock.OrderId;
import io.bincard.domain.stock.Quantity;
import io.bincard.domain.stock.Sku;
import io.bincard.domain.stock.StockItemId;
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
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.UUID;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A problem is stored as the outcome of its key, and its type is what programs ask for. */
class RejectionProblemsContractTest {

  private static final Approved APPROVED = new Approved("problems");

  private static final OrderId ORDER = new OrderId("order-1");
  private static final PolicyFingerprint POLICY = new PolicyFingerprint("1".repeat(64));

  static Stream<Object> rejections() {
    return Stream.of(ofStock(), ofDiscounts(), ofPolicies(), ofHolds(), ofTheCatalog())
        .flatMap(each -> each);
  }

  private static Stream<DiscountRejection> ofDiscounts() {
    return Stream.of(
        new StaleOrderVersion(ORDER, 3, 5),
        new DiscountAlreadyApplied(ORDER),
        new DiscountNotApplied(ORDER),
        new NoPolicyInForce(ORDER),
        new CurrencyNotSold(ORDER, new CurrencyCode("EUR"), new CurrencyCode("GBP")),
        new TooManyRules(ORDER, 50_000),
        new CouponNotApplicable(ORDER, new CouponCode("XMAS"), LostRule.Reason.EXPIRED),
        new BudgetExhausted(ORDER, new CampaignId("christmas"), Limit.MONEY, 500, 499));
  }

  private static Stream<PolicyRejection> ofPolicies() {
    return Stream.of(
        new StaleRegisterVersion(3, 5),
        new UnknownPolicy(POLICY),
        new PolicyAlreadyInForce(POLICY),
        new PolicyAlreadyStaged(POLICY),
        new NoPolicyStaged());
  }

  private static Stream<CatalogRejection> ofTheCatalog() {
    return Stream.of(new StaleSkuVersion(new Sku("RED-MUG"), 3, 5));
  }

  private static Problem problem(Object rejection) {
    return switch (rejection) {
      case StockRejection r -> StockProblems.of(r);
      case DiscountRejection r -> DiscountProblems.of(r);
      case PolicyRejection r -> DiscountProblems.of(r);
      case HoldRejection r -> HoldProblems.of(r);
      case CatalogRejection r -> CatalogProblems.of(r);
      default -> throw new IllegalArgumentException(rejection.toString());
    };
  }

  private static final HoldId HOLD = new HoldId(new UUID(0, 1));
  private static final Instant AT = Instant.parse("2026-12-01T12:15:00.250Z");

  /** Without {@link PriceRefused}, which has no problem of its own. */
  private static Stream<HoldRejection> ofHolds() {
    Sku sku = new Sku("RED-MUG");
    LocationId south = new LocationId("SOUTH");
    return Stream.of(
        new UnknownHold(HOLD),
        new StaleHoldVersion(HOLD, 3, 5),
        new HoldAlreadyConfirmed(HOLD),
        new HoldAlreadyReleased(HOLD),
        new HoldExpired(HOLD, AT),
        new HoldLifetimeExceeded(HOLD, AT.plusSeconds(1), AT),
        new ExceedsHold(HOLD, List.of(new Excess(sku, null, 5, 4), new Excess(sku, south, 2, 1))),
        new HeldItemsFrozen(HOLD, List.of(new StockItemId(sku, south))),
        new OrderRefused(
            ORDER,
            List.of(new Place(new Sku("RED-MUGG"), null), new Place(sku, new LocationId("EAST"))),
            List.of(new Place(sku, south)),
            List.of(
                new Shortfall(sku, LocationId.MAIN, 3, 1),
                new Shortfall(new Sku("BOX"), null, 9, 0)),
            List.of(
                new UnusableCoupon(new CouponCode("XMAS"), LostRule.Reason.EXPIRED),
                new UnusableCoupon(new CouponCode("NONE"), null)),
            List.of(new Shortage(new CampaignId("christmas"), Limit.MONEY, 500, 499))));
  }

  private static Stream<StockRejection> ofStock() {
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
  void says_the_approved_words(Object rejection) {
    Problem problem = problem(rejection);

    APPROVED.check(file(problem), problem.toJson());
  }

  @Test
  void every_rejection_of_the_domain_has_a_sample_and_an_approved_problem_of_its_own() {
    assertThat(rejections().map(Object::getClass).collect(toSet()))
        .isEqualTo(
            Stream.of(
                    StockRejection.class,
                    DiscountRejection.class,
                    PolicyRejection.class,
                    HoldRejection.class,
                    CatalogRejection.class)
                .flatMap(root -> Stream.of(root.getPermittedSubclasses()))
                .filter(rejection -> rejection != PriceRefused.class)
                .collect(toSet()));
    assertThat(APPROVED.files())
        .isEqualTo(rejections().map(each -> file(problem(each))).collect(toSet()));
  }

  @ParameterizedTest
  @MethodSource("ofDiscounts")
  void a_price_that_a_hold_does_not_get_is_refused_as_any_other(DiscountRejection rejection) {
    assertThat(HoldProblems.of(new PriceRefused(rejection)))
        .isEqualTo(DiscountProblems.of(rejection));
  }

  @Test
  void a_long_list_of_obstacles_is_cut_short_for_people_and_not_for_programs() {
    List<Place> unknown =
        IntStream.range(0, 100).mapToObj(i -> new Place(new Sku("S-" + i), null)).toList();
    Problem problem =
        HoldProblems.of(
            new OrderRefused(ORDER, unknown, List.of(), List.of(), List.of(), List.of()));

    assertThat(problem.detail()).endsWith("S-4 is not registered and 95 more");
    assertThat(problem.toJson()).contains("\"sku\":\"S-99\"");
  }

  @ParameterizedTest
  @MethodSource("rejections")
  void is_named_after_the_broken_rule_in_kebab_case(Object rejection) {
    String kebab =
        rejection
            .getClass()
            .getSimpleName()
            .replaceAll("(?<=.)([A-Z])", "-$1")
            .toLowerCase(Locale.ROOT);

    assertThat(problem(rejection).type()).isEqualTo("/problems/" + kebab);
  }
}
