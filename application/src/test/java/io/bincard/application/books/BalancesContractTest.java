package io.bincard.application.books;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.bincard.application.fixture.Approved;
import io.bincard.application.snapshots.StreamFold;
import io.bincard.domain.cart.CategoryId;
import io.bincard.domain.cart.CustomerId;
import io.bincard.domain.catalog.DescribedSku;
import io.bincard.domain.catalog.SkuDescription;
import io.bincard.domain.catalog.SkuName;
import io.bincard.domain.discount.CampaignAccount;
import io.bincard.domain.discount.OrderDiscount;
import io.bincard.domain.hold.Hold;
import io.bincard.domain.money.CurrencyCode;
import io.bincard.domain.money.Money;
import io.bincard.domain.policy.CampaignId;
import io.bincard.domain.policy.PolicyFingerprint;
import io.bincard.domain.register.PolicyRegister;
import io.bincard.domain.reservation.HoldId;
import io.bincard.domain.reservation.Reservations;
import io.bincard.domain.stock.LocationId;
import io.bincard.domain.stock.OrderId;
import io.bincard.domain.stock.Sku;
import io.bincard.domain.stock.StockItemId;
import java.time.Instant;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Opening balances of discounts and holds, as they are stored. */
class BalancesContractTest {

  private static final Approved SNAPSHOTS = new Approved("snapshots");
  private static final CurrencyCode GBP = new CurrencyCode("GBP");
  private static final PolicyFingerprint FIRST = new PolicyFingerprint("1".repeat(64));
  private static final PolicyFingerprint SECOND = new PolicyFingerprint("2".repeat(64));
  private static final HoldId HOLD = new HoldId(new UUID(0, 1));
  private static final Instant UNTIL = Instant.parse("2026-12-01T12:15:00.250Z");

  static Stream<Arguments> balances() {
    return Stream.of(
        Arguments.of(
            new OrderDiscountRules(),
            new OrderDiscount(
                41,
                true,
                new CustomerId("anna"),
                Map.of(new CampaignId("christmas"), new Money(500, GBP)))),
        Arguments.of(
            new AccountRules(),
            new CampaignAccount(
                41,
                Map.of(GBP, 1_500L, new CurrencyCode("EUR"), 20L),
                3,
                Map.of(GBP, Reservations.NONE.plus(HOLD, UNTIL, 250)),
                Reservations.NONE.plus(HOLD, UNTIL, 1))),
        Arguments.of(
            new HoldRules(),
            new Hold(
                41,
                Hold.Status.PLACED,
                new OrderId("order-1"),
                new CustomerId("anna"),
                GBP,
                List.of(
                    new Hold.Line(
                        0,
                        new StockItemId(new Sku("RED-MUG"), LocationId.MAIN),
                        3,
                        1,
                        5_997,
                        Map.of(new CampaignId("christmas"), 250L))),
                UNTIL.minusSeconds(900),
                UNTIL)),
        Arguments.of(
            new RegisterRules(),
            new PolicyRegister(41, FIRST, SECOND, new LinkedHashSet<>(List.of(FIRST, SECOND)))),
        Arguments.of(
            new SkuRules(),
            new DescribedSku(
                41,
                new SkuDescription(
                    new SkuName("Red mug, 250 ml"),
                    new CategoryId("mugs"),
                    new Money(1_999, GBP),
                    true))));
  }

  @ParameterizedTest
  @MethodSource("balances")
  <S> void a_balance_is_written_as_promised_for_its_revision_and_read_back(
      StreamFold.Rules<S> rules, S state) {
    String file = rules.revision().replace('/', '-') + ".json";

    SNAPSHOTS.check(file, rules.write(state));

    assertThat(rules.read(41, SNAPSHOTS.text(file))).isEqualTo(state);
  }

  static Stream<Arguments> bare() {
    return Stream.of(
        Arguments.of(new OrderDiscountRules(), new OrderDiscount(1, false, null, Map.of())),
        Arguments.of(new AccountRules(), new CampaignAccount(0, Map.of(), 0)),
        Arguments.of(new HoldRules(), Hold.UNKNOWN),
        Arguments.of(new RegisterRules(), new PolicyRegister(0, null, null, Set.of())),
        Arguments.of(new SkuRules(), DescribedSku.UNKNOWN),
        Arguments.of(
            new SkuRules(),
            new DescribedSku(0, new SkuDescription(new SkuName("x"), null, null, false))));
  }

  @ParameterizedTest
  @MethodSource("bare")
  <S> void a_balance_with_nothing_in_it_comes_back_too(StreamFold.Rules<S> rules, S state) {
    assertThat(rules.read(rules.sequence(state), rules.write(state))).isEqualTo(state);
  }

  @ParameterizedTest
  @MethodSource("balances")
  <S> void what_is_no_balance_is_not_taken_for_one(StreamFold.Rules<S> rules, S state) {
    String whole = rules.write(state);
    for (String json :
        List.of(
            "",
            "null",
            "[]",
            "{}",
            "{\"more\":1," + whole.substring(1),
            whole.replace(":", ":-"))) {
      assertThatThrownBy(() -> rules.read(41, json)).as(json).isInstanceOf(RuntimeException.class);
    }
  }
}
