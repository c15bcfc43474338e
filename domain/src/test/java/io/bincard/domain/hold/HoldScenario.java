package io.bincard.domain.hold;

import static org.assertj.core.api.Assertions.assertThat;

import io.bincard.domain.Decision;
import io.bincard.domain.LedgerEvent;
import io.bincard.domain.cart.CouponCode;
import io.bincard.domain.cart.CustomerId;
import io.bincard.domain.discount.DiscountCommand.OnExhausted;
import io.bincard.domain.discount.PolicyVersion;
import io.bincard.domain.hold.HoldCommand.ConfirmHold;
import io.bincard.domain.hold.HoldCommand.PlaceHold;
import io.bincard.domain.hold.HoldCommand.Rest;
import io.bincard.domain.money.BasisPoints;
import io.bincard.domain.money.CurrencyCode;
import io.bincard.domain.money.Money;
import io.bincard.domain.policy.Benefit;
import io.bincard.domain.policy.Campaign;
import io.bincard.domain.policy.CampaignId;
import io.bincard.domain.policy.Conditions;
import io.bincard.domain.policy.DiscountPolicy;
import io.bincard.domain.policy.PolicyFingerprint;
import io.bincard.domain.policy.ReleaseStage;
import io.bincard.domain.policy.Rule;
import io.bincard.domain.policy.RuleId;
import io.bincard.domain.policy.Scope;
import io.bincard.domain.policy.Stacking;
import io.bincard.domain.reservation.HoldId;
import io.bincard.domain.stock.LocationId;
import io.bincard.domain.stock.OrderId;
import io.bincard.domain.stock.Quantity;
import io.bincard.domain.stock.Reason;
import io.bincard.domain.stock.Sku;
import io.bincard.domain.stock.StockCommand.FreezeStockItem;
import io.bincard.domain.stock.StockCommand.RegisterStockItem;
import io.bincard.domain.stock.StockItemId;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Orders of mugs and lamps, which lie in the east and in the west. */
final class HoldScenario {

  static final Instant NOW = Instant.parse("2026-12-01T12:00:00.500Z");
  static final HoldId HOLD = new HoldId(new UUID(0, 1));
  static final OrderId ORDER = new OrderId("order-1");
  static final Sku MUG = new Sku("MUG");
  static final Sku LAMP = new Sku("LAMP");
  static final LocationId EAST = new LocationId("EAST");
  static final LocationId WEST = new LocationId("WEST");
  static final StockItemId MUG_EAST = new StockItemId(MUG, EAST);
  static final StockItemId MUG_WEST = new StockItemId(MUG, WEST);
  static final StockItemId LAMP_EAST = new StockItemId(LAMP, EAST);
  static final CurrencyCode GBP = new CurrencyCode("GBP");
  static final CampaignId XMAS = new CampaignId("xmas");
  static final CustomerId ANNA = new CustomerId("anna");
  static final long TTL = 900;

  /** When a hold that is placed now lapses. */
  static final Instant UNTIL = NOW.plusSeconds(TTL);

  private HoldScenario() {}

  static Money gbp(long pence) {
    return new Money(pence, GBP);
  }

  static HoldBook book() {
    HoldBook book = new HoldBook(NOW);
    book.sources = new Sources(Allocation.WHOLE_ELSE_SPLIT, List.of(EAST, WEST));
    return book;
  }

  static void register(HoldBook book, StockItemId item, long units) {
    register(book, item, units, 0);
  }

  static void register(HoldBook book, StockItemId item, long units, long backorderLimit) {
    accepted(
        book.stock(
            new RegisterStockItem(
                item.sku(),
                item.location(),
                new Quantity(units),
                Quantity.ZERO,
                new Quantity(backorderLimit))));
  }

  static void freeze(HoldBook book, StockItemId item) {
    accepted(book.stock(new FreezeStockItem(item.sku(), item.location(), new Reason("recount"))));
  }

  /** Ten percent off mugs, of a campaign. */
  static PolicyVersion policy(@Nullable Long budget, @Nullable Long uses, @Nullable Long each) {
    return new PolicyVersion(
        new PolicyFingerprint("a".repeat(64)),
        new DiscountPolicy(
            GBP,
            ZoneOffset.UTC,
            Map.of(),
            List.of(new Campaign(XMAS, budget == null ? null : gbp(budget), uses, each)),
            List.of(
                new Rule(
                    new RuleId("ten"),
                    0,
                    new Stacking.BestDeal(),
                    Scope.ofSkus(Set.of(MUG)),
                    Conditions.NONE,
                    new Benefit.PercentOff(new BasisPoints(1_000)),
                    null,
                    XMAS))));
  }

  static OrderLine line(Sku sku, @Nullable LocationId location, long units) {
    return OrderLine.of(sku, location, new Quantity(units));
  }

  static OrderLine line(Sku sku, @Nullable LocationId location, long units, long pence) {
    return new OrderLine(sku, location, new Quantity(units), gbp(pence), null, Set.of());
  }

  static PlaceHold place(OrderLine... lines) {
    return place(OnExhausted.REJECT, List.of(), Set.of(), lines);
  }

  static PlaceHold place(
      OnExhausted onExhausted,
      List<LocationId> locations,
      Set<CouponCode> coupons,
      OrderLine... lines) {
    return new PlaceHold(
        ORDER, List.of(lines), locations, coupons, ANNA, onExhausted, ReleaseStage.STABLE, TTL);
  }

  static ConfirmHold confirm(Rest rest, OrderLine... lines) {
    return new ConfirmHold(HOLD, List.of(lines), rest);
  }

  /** The events of {@code decision}, which must have been taken. */
  static <E, R> List<E> accepted(Decision<E, R> decision) {
    assertThat(decision).isInstanceOf(Decision.Accepted.class);
    return ((Decision.Accepted<E, R>) decision).events();
  }

  static void refused(Decision<LedgerEvent, HoldRejection> decision, HoldRejection rejection) {
    assertThat(decision).isEqualTo(Decision.reject(rejection));
  }
}
