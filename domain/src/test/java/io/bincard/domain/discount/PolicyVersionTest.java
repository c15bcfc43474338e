package io.bincard.domain.discount;

import static org.assertj.core.api.Assertions.assertThat;

import io.bincard.domain.cart.Cart;
import io.bincard.domain.cart.CartLine;
import io.bincard.domain.money.BasisPoints;
import io.bincard.domain.money.CurrencyCode;
import io.bincard.domain.money.Money;
import io.bincard.domain.policy.Benefit;
import io.bincard.domain.policy.Conditions;
import io.bincard.domain.policy.DiscountPolicy;
import io.bincard.domain.policy.PolicyFingerprint;
import io.bincard.domain.policy.Rule;
import io.bincard.domain.policy.RuleId;
import io.bincard.domain.policy.Scope;
import io.bincard.domain.policy.Stacking;
import io.bincard.domain.policy.WeeklyHours;
import io.bincard.domain.stock.Quantity;
import io.bincard.domain.stock.Sku;
import java.time.DayOfWeek;
import java.time.Instant;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PolicyVersionTest {

  private static final CurrencyCode GBP = new CurrencyCode("GBP");

  /** Half off from one to two at night, by the clocks of London. */
  private static final PolicyVersion NIGHTLY =
      new PolicyVersion(
          new PolicyFingerprint("a".repeat(64)),
          new DiscountPolicy(
              GBP,
              ZoneId.of("Europe/London"),
              Map.of(),
              List.of(),
              List.of(
                  new Rule(
                      new RuleId("night"),
                      0,
                      new Stacking.BestDeal(),
                      Scope.EVERYTHING,
                      new Conditions(
                          null,
                          null,
                          List.of(
                              new WeeklyHours(
                                  EnumSet.allOf(DayOfWeek.class),
                                  LocalTime.of(1, 0),
                                  LocalTime.of(2, 0))),
                          0,
                          null,
                          Set.of()),
                      new Benefit.PercentOff(new BasisPoints(5_000)),
                      null,
                      null))));

  @ParameterizedTest
  @CsvSource({
    "2010-07-01T12:00:00Z, 2010-07-01T13:00:00+01:00",
    "2010-07-01T11:00:00Z, 2010-07-01T12:00:00+01:00",
    "2010-12-01T12:00:00Z, 2010-12-01T12:00:00Z",
    "2010-03-28T00:59:59Z, 2010-03-28T00:59:59Z",
    "2010-03-28T01:00:00Z, 2010-03-28T02:00:00+01:00",
    "2010-10-31T00:59:59Z, 2010-10-31T01:59:59+01:00",
    "2010-10-31T01:00:00Z, 2010-10-31T01:00:00Z"
  })
  void an_instant_is_told_by_the_clocks_of_the_zone(String instant, String local) {
    assertThat(NIGHTLY.at(Instant.parse(instant))).isEqualTo(OffsetDateTime.parse(local));
    assertThat(NIGHTLY.at(Instant.parse(instant)).getOffset())
        .isEqualTo(OffsetDateTime.parse(local).getOffset());
  }

  /** In spring there is no such hour, in autumn there are two. */
  @ParameterizedTest
  @CsvSource({
    "2010-03-27T00:59:59.999999999Z, false",
    "2010-03-27T01:00:00Z, true",
    "2010-03-27T02:00:00Z, false",
    "2010-03-28T00:00:00Z, false",
    "2010-03-28T00:59:59Z, false",
    "2010-03-28T01:00:00Z, false",
    "2010-03-28T01:59:59Z, false",
    "2010-03-28T02:00:00Z, false",
    "2010-03-29T00:00:00Z, true",
    "2010-03-29T01:00:00Z, false",
    "2010-10-30T23:59:59Z, false",
    "2010-10-31T00:00:00Z, true",
    "2010-10-31T00:59:59Z, true",
    "2010-10-31T01:00:00Z, true",
    "2010-10-31T01:59:59.999999999Z, true",
    "2010-10-31T02:00:00Z, false"
  })
  void recurring_hours_follow_the_clocks_when_they_are_changed(String instant, boolean on) {
    Cart cart =
        new Cart(
            List.of(
                new CartLine(new Sku("A"), new Quantity(1), new Money(100, GBP), null, Set.of())),
            Set.of(),
            null);

    long price =
        NIGHTLY.pricing().price(cart, NIGHTLY.at(Instant.parse(instant)), Set.of()).finalPrice();

    assertThat(price).isEqualTo(on ? 50 : 100);
  }

  @Test
  void a_price_of_the_past_keeps_the_clocks_that_it_was_made_by() {
    OffsetDateTime then = OffsetDateTime.parse("2010-12-01T01:30:00+03:00");
    Cart cart =
        new Cart(
            List.of(
                new CartLine(new Sku("A"), new Quantity(1), new Money(100, GBP), null, Set.of())),
            Set.of(),
            null);

    assertThat(NIGHTLY.pricing().price(cart, then, Set.of()).finalPrice()).isEqualTo(50);
  }
}
