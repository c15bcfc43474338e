package io.bincard.domain.hold;

import static io.bincard.domain.hold.HoldScenario.ANNA;
import static io.bincard.domain.hold.HoldScenario.EAST;
import static io.bincard.domain.hold.HoldScenario.HOLD;
import static io.bincard.domain.hold.HoldScenario.LAMP;
import static io.bincard.domain.hold.HoldScenario.MUG;
import static io.bincard.domain.hold.HoldScenario.ORDER;
import static io.bincard.domain.hold.HoldScenario.WEST;
import static io.bincard.domain.hold.HoldScenario.line;
import static io.bincard.domain.hold.HoldScenario.place;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.bincard.domain.InvalidValueException;
import io.bincard.domain.cart.Attribute;
import io.bincard.domain.cart.CategoryId;
import io.bincard.domain.cart.CouponCode;
import io.bincard.domain.discount.DiscountCommand.OnExhausted;
import io.bincard.domain.hold.HoldCommand.ConfirmHold;
import io.bincard.domain.hold.HoldCommand.DeductOrder;
import io.bincard.domain.hold.HoldCommand.ExpireHolds;
import io.bincard.domain.hold.HoldCommand.ExtendHold;
import io.bincard.domain.hold.HoldCommand.PlaceHold;
import io.bincard.domain.hold.HoldCommand.Rest;
import io.bincard.domain.money.CurrencyCode;
import io.bincard.domain.money.Money;
import io.bincard.domain.policy.ReleaseStage;
import io.bincard.domain.reservation.HoldId;
import io.bincard.domain.stock.LocationId;
import io.bincard.domain.stock.Quantity;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What cannot even be asked. */
class HoldCommandTest {

  private static final OrderLine FREE = line(MUG, null, 1);
  private static final OrderLine PRICED = line(MUG, null, 1, 100);

  private static void refused(String why, Runnable wrong) {
    assertThatExceptionOfType(InvalidValueException.class).isThrownBy(wrong::run).withMessage(why);
  }

  private static List<LocationId> locations(int number) {
    return IntStream.range(0, number).mapToObj(i -> new LocationId("L" + i)).toList();
  }

  private static PlaceHold lasting(long seconds) {
    return new PlaceHold(
        ORDER,
        List.of(FREE),
        List.of(),
        Set.of(),
        null,
        OnExhausted.SKIP,
        ReleaseStage.STABLE,
        seconds);
  }

  @Test
  void an_order_has_1_to_100_lines() {
    String rule = "an order must have 1 to 100 lines";
    List<OrderLine> most = Collections.nCopies(100, FREE);
    List<OrderLine> tooMany = Collections.nCopies(101, FREE);

    assertThat(new DeductOrder(ORDER, most, List.of()).lines()).hasSize(100);
    assertThat(place(most.toArray(OrderLine[]::new)).lines()).hasSize(100);
    assertThat(new ConfirmHold(HOLD, most, Rest.KEEP).lines()).hasSize(100);
    assertThat(new ConfirmHold(HOLD, List.of(), Rest.KEEP).lines()).isEmpty();
    refused(rule, () -> new DeductOrder(ORDER, tooMany, List.of()));
    refused(rule, () -> new DeductOrder(ORDER, List.of(), List.of()));
    refused(rule, () -> place(tooMany.toArray(OrderLine[]::new)));
    refused(rule, () -> place());
    refused(rule, () -> new ConfirmHold(HOLD, tooMany, Rest.KEEP));
  }

  @Test
  void an_order_names_up_to_16_different_locations() {
    String rule = "an order may name up to 16 different locations";

    assertThat(new DeductOrder(ORDER, List.of(FREE), locations(16)).locations()).hasSize(16);
    refused(rule, () -> new DeductOrder(ORDER, List.of(FREE), locations(17)));
    refused(rule, () -> new DeductOrder(ORDER, List.of(FREE), List.of(EAST, WEST, EAST)));
    refused(rule, () -> place(OnExhausted.SKIP, List.of(EAST, EAST), Set.of(), FREE));
  }

  @ParameterizedTest
  @ValueSource(longs = {0, -1, 86_401, Long.MIN_VALUE, Long.MAX_VALUE})
  void a_hold_lasts_for_1_second_to_a_day(long seconds) {
    String rule = "a hold must last for 1 to 86400 seconds";

    assertThat(List.of(lasting(1), lasting(86_400))).hasSize(2);
    assertThat(List.of(new ExtendHold(HOLD, 1), new ExtendHold(HOLD, 86_400))).hasSize(2);
    refused(rule, () -> lasting(seconds));
    refused(rule, () -> new ExtendHold(HOLD, seconds));
  }

  @Test
  void either_every_line_has_a_price_or_none_and_coupons_need_them() {
    CouponCode coupon = new CouponCode("TEN");
    OrderLine euros =
        new OrderLine(
            LAMP, null, new Quantity(1), new Money(1, new CurrencyCode("EUR")), null, Set.of());

    assertThat(place(FREE, FREE).cart()).isNull();
    assertThat(place(OnExhausted.SKIP, List.of(), Set.of(coupon), PRICED).cart())
        .satisfies(cart -> assertThat(cart).isNotNull())
        .extracting(cart -> cart == null ? null : cart.customer())
        .isEqualTo(ANNA);
    refused("either every line must have a unitPrice or none", () -> place(PRICED, FREE));
    refused("either every line must have a unitPrice or none", () -> place(FREE, PRICED));
    refused(
        "coupons need lines with prices",
        () -> place(OnExhausted.SKIP, List.of(), Set.of(coupon), FREE));
    refused("all lines of a cart must have the same currency", () -> place(PRICED, euros));
  }

  @Test
  void what_is_deducted_or_confirmed_has_no_price() {
    refused("a deduction has no price", () -> new DeductOrder(ORDER, List.of(PRICED), List.of()));
    refused(
        "a held price is confirmed as it is",
        () -> new ConfirmHold(HOLD, List.of(FREE, PRICED), Rest.KEEP));
  }

  @Test
  void what_only_a_price_depends_on_is_not_said_without_one() {
    Set<Attribute> size = Set.of(new Attribute("size", "L"));
    CategoryId mugs = new CategoryId("mugs");
    String rule = "a category or attributes need a unitPrice";

    refused(rule, () -> new OrderLine(MUG, null, new Quantity(1), null, mugs, Set.of()));
    refused(rule, () -> new OrderLine(MUG, null, new Quantity(1), null, null, size));
  }

  @Test
  void a_line_has_a_unit() {
    refused(
        "a quantity that moves must be a whole number from 1 to 9007199254740991",
        () -> line(MUG, null, 0));
  }

  @Test
  void up_to_500_different_holds_expire_at_once() {
    String rule = "1 to 500 different holds expire at once";
    List<HoldId> ids = IntStream.range(0, 501).mapToObj(i -> new HoldId(new UUID(0, i))).toList();

    assertThat(new ExpireHolds(ids.subList(1, 501)).holds()).hasSize(500);
    refused(rule, () -> new ExpireHolds(ids));
    refused(rule, () -> new ExpireHolds(List.of()));
    refused(rule, () -> new ExpireHolds(List.of(HOLD, HOLD)));
  }
}
