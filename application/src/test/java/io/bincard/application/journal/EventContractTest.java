package io.bincard.application.journal;

import static java.util.stream.Collectors.toSet;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.bincard.application.fixture.Approved;
import io.bincard.domain.cart.Attribute;
import io.bincard.domain.cart.CartLine;
import io.bincard.domain.cart.CategoryId;
import io.bincard.domain.cart.CouponCode;
import io.bincard.domain.cart.CustomerId;
import io.bincard.domain.catalog.CatalogEvent;
import io.bincard.domain.catalog.CatalogEvent.SkuDescribed;
import io.bincard.domain.catalog.SkuName;
import io.bincard.domain.discount.DiscountEvent;
import io.bincard.domain.discount.DiscountEvent.BudgetReleased;
import io.bincard.domain.discount.DiscountEvent.BudgetReservationExtended;
import io.bincard.domain.discount.DiscountEvent.BudgetReserved;
import io.bincard.domain.discount.DiscountEvent.BudgetSpent;
import io.bincard.domain.discount.DiscountEvent.DiscountApplied;
import io.bincard.domain.discount.DiscountEvent.DiscountRevoked;
import io.bincard.domain.discount.DiscountEvent.Promise;
import io.bincard.domain.hold.HoldCommand.Rest;
import io.bincard.domain.hold.HoldEvent;
import io.bincard.domain.hold.HoldEvent.HoldConfirmed;
import io.bincard.domain.hold.HoldEvent.HoldExpired;
import io.bincard.domain.hold.HoldEvent.HoldExtended;
import io.bincard.domain.hold.HoldEvent.HoldPlaced;
import io.bincard.domain.hold.HoldEvent.HoldReleased;
import io.bincard.domain.hold.HoldEvent.Part;
import io.bincard.domain.money.CurrencyCode;
import io.bincard.domain.money.Money;
import io.bincard.domain.policy.CampaignId;
import io.bincard.domain.policy.PolicyFingerprint;
import io.bincard.domain.policy.ReleaseStage;
import io.bincard.domain.policy.RuleId;
import io.bincard.domain.pricing.Adjustment;
import io.bincard.domain.pricing.LostRule;
import io.bincard.domain.pricing.PricedLine;
import io.bincard.domain.pricing.PricedOrder;
import io.bincard.domain.register.PolicyEvent;
import io.bincard.domain.register.PolicyEvent.PolicyActivated;
import io.bincard.domain.register.PolicyEvent.PolicyRejected;
import io.bincard.domain.register.PolicyEvent.PolicyStaged;
import io.bincard.domain.register.PolicyEvent.PolicyUnstaged;
import io.bincard.domain.reservation.HoldId;
import io.bincard.domain.stock.Delta;
import io.bincard.domain.stock.DocumentId;
import io.bincard.domain.stock.LocationId;
import io.bincard.domain.stock.OrderId;
import io.bincard.domain.stock.Quantity;
import io.bincard.domain.stock.Reason;
import io.bincard.domain.stock.Sku;
import io.bincard.domain.stock.StockEvent;
import io.bincard.domain.stock.StockEvent.ReservationConfirmed;
import io.bincard.domain.stock.StockEvent.ReservationExpired;
import io.bincard.domain.stock.StockEvent.ReservationExtended;
import io.bincard.domain.stock.StockEvent.ReservationReleased;
import io.bincard.domain.stock.StockEvent.StockAdjusted;
import io.bincard.domain.stock.StockEvent.StockCounted;
import io.bincard.domain.stock.StockEvent.StockDeducted;
import io.bincard.domain.stock.StockEvent.StockItemFrozen;
import io.bincard.domain.stock.StockEvent.StockItemRegistered;
import io.bincard.domain.stock.StockEvent.StockItemUnfrozen;
import io.bincard.domain.stock.StockEvent.StockPolicySet;
import io.bincard.domain.stock.StockEvent.StockReceived;
import io.bincard.domain.stock.StockEvent.StockReserved;
import io.bincard.domain.stock.StockEvent.StockReturned;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.axonframework.serialization.SerializationException;
import org.axonframework.serialization.SerializedObject;
import org.axonframework.serialization.SimpleSerializedObject;
import org.axonframework.serialization.SimpleSerializedType;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** What is in a journal must be readable for ever, so what is written is approved by hand. */
class EventContractTest {

  private static final Approved APPROVED = new Approved("events");
  private static final JournalSerializer SERIALIZER = new JournalSerializer();

  /** One event of each kind and, where a part may be absent, one without it. */
  static Stream<Object> samples() {
    Sku sku = new Sku("RED-MUG 250ml");
    LocationId location = new LocationId("WH-1");
    return Stream.of(
        new StockItemRegistered(
            sku, location, new Quantity(1_000), new Quantity(5), new Quantity(20)),
        new StockReceived(sku, location, new Quantity(48), new DocumentId("ASN-77")),
        new StockReceived(sku, location, new Quantity(48), null),
        new StockDeducted(sku, location, new Quantity(2), new OrderId("order-1")),
        new StockReturned(sku, location, new Quantity(1), new OrderId("order-1")),
        new StockAdjusted(
            sku, location, new Delta(-3), new Reason("broken \"in\" transit – ÄÖ 猫 🐈")),
        new StockCounted(sku, location, new Quantity(1_040), new Delta(-4)),
        new StockPolicySet(sku, location, Quantity.ZERO, new Quantity(Quantity.MAX)),
        new StockItemFrozen(sku, location, new Reason("count differs")),
        new StockItemUnfrozen(sku, location, new Reason("counted twice")),
        applied(ReleaseStage.CANARY),
        applied(null),
        new DiscountRevoked(new OrderId("order-1")),
        new BudgetSpent(
            new CampaignId("christmas"),
            new CustomerId("anna"),
            new OrderId("order-1"),
            new Money(500, GBP)),
        new BudgetSpent(
            new CampaignId("christmas"), null, new OrderId("order-1"), new Money(500, GBP)),
        new BudgetReleased(
            new CampaignId("christmas"),
            new CustomerId("anna"),
            new OrderId("order-1"),
            new Money(500, GBP)),
        new BudgetReleased(
            new CampaignId("christmas"), null, new OrderId("order-1"), new Money(500, GBP)),
        new BudgetSpent(
            new CampaignId("christmas"),
            new CustomerId("anna"),
            new OrderId("order-1"),
            new Money(500, GBP),
            new Promise(HOLD, UNTIL, 1)),
        new BudgetReleased(
            new CampaignId("christmas"),
            null,
            new OrderId("order-1"),
            new Money(0, GBP),
            new Promise(HOLD, UNTIL, 0)),
        new BudgetReserved(
            new CampaignId("christmas"),
            new CustomerId("anna"),
            new OrderId("order-1"),
            new Money(500, GBP),
            new Promise(HOLD, UNTIL, 1)),
        new BudgetReserved(
            new CampaignId("christmas"),
            null,
            new OrderId("order-1"),
            new Money(500, GBP),
            new Promise(HOLD, UNTIL, 1)),
        new BudgetReservationExtended(
            new CampaignId("christmas"),
            new CustomerId("anna"),
            new OrderId("order-1"),
            new Money(500, GBP),
            new Promise(HOLD, UNTIL, 1),
            FROM),
        new BudgetReservationExtended(
            new CampaignId("christmas"),
            null,
            new OrderId("order-1"),
            new Money(500, GBP),
            new Promise(HOLD, UNTIL, 0),
            FROM),
        new StockReserved(sku, location, new Quantity(2), HOLD, new OrderId("order-1"), UNTIL),
        new ReservationConfirmed(
            sku, location, new Quantity(2), HOLD, new OrderId("order-1"), UNTIL),
        new ReservationExtended(
            sku, location, new Quantity(2), HOLD, new OrderId("order-1"), FROM, UNTIL),
        new ReservationReleased(
            sku, location, new Quantity(2), HOLD, new OrderId("order-1"), UNTIL),
        new ReservationExpired(sku, location, new Quantity(2), HOLD, new OrderId("order-1"), UNTIL),
        new HoldPlaced(
            HOLD,
            new OrderId("order-1"),
            List.of(
                new Part(0, sku, location, new Quantity(1), new Money(2_250, GBP)),
                new Part(0, sku, LocationId.MAIN, new Quantity(1), new Money(2_249, GBP)),
                new Part(1, new Sku("BOX"), location, new Quantity(1), new Money(0, GBP))),
            applied(ReleaseStage.CANARY),
            Instant.parse("2026-12-01T12:00:00Z"),
            FROM),
        new HoldPlaced(
            HOLD,
            new OrderId("order-1"),
            List.of(new Part(0, sku, location, new Quantity(2), null)),
            null,
            Instant.parse("2026-12-01T12:00:00Z"),
            FROM),
        new HoldExtended(HOLD, new OrderId("order-1"), FROM, UNTIL),
        new HoldConfirmed(
            HOLD,
            new OrderId("order-1"),
            List.of(new Part(0, sku, location, new Quantity(1), new Money(2_250, GBP))),
            Rest.KEEP),
        new HoldConfirmed(
            HOLD,
            new OrderId("order-1"),
            List.of(new Part(0, sku, location, new Quantity(1), null)),
            null),
        new HoldReleased(HOLD, new OrderId("order-1")),
        new HoldExpired(HOLD, new OrderId("order-1"), UNTIL),
        new PolicyActivated(FIRST, SECOND, "{\"currency\":\"GBP\"}"),
        new PolicyActivated(FIRST, null, null),
        new PolicyStaged(FIRST, "{\"currency\":\"GBP\"}"),
        new PolicyStaged(FIRST, null),
        new PolicyUnstaged(FIRST),
        new PolicyRejected(List.of("base.toml:3: rule[x]: expected …, found \"ÄÖ\"")),
        new SkuDescribed(
            new Sku("RED-MUG 250ml"),
            new SkuName("Red mug – \"Bruch\""),
            new CategoryId("mugs"),
            new Money(1_999, GBP),
            true),
        new SkuDescribed(new Sku("BOX"), new SkuName("Box"), null, null, false));
  }

  private static final HoldId HOLD = HoldId.of("0198f2f0-0000-8000-8000-000000000001");
  private static final Instant FROM = Instant.parse("2026-12-01T12:15:00Z");
  private static final Instant UNTIL = Instant.parse("2026-12-01T12:30:00.250Z");
  private static final CurrencyCode GBP = new CurrencyCode("GBP");
  private static final PolicyFingerprint FIRST = new PolicyFingerprint("1".repeat(64));
  private static final PolicyFingerprint SECOND = new PolicyFingerprint("2".repeat(64));

  /**
   * Two lines, one of them bare; a rule that won, one that lost to it and one that lost to none.
   */
  private static DiscountApplied applied(@Nullable ReleaseStage stage) {
    CartLine full =
        new CartLine(
            new Sku("RED-MUG 250ml"),
            new Quantity(2),
            new Money(2_500, GBP),
            new CategoryId("mugs"),
            Set.of(new Attribute("size", "250ml"), new Attribute("brand", "acme")));
    CartLine bare =
        new CartLine(new Sku("BOX"), new Quantity(1), new Money(0, GBP), null, Set.of());
    return new DiscountApplied(
        new OrderId("order-1"),
        FIRST,
        OffsetDateTime.parse("2026-07-01T12:30:15.123456789+01:00"),
        new CustomerId("anna"),
        Set.of(new CouponCode("SUMMER"), new CouponCode("MUGS")),
        Set.of(new CampaignId("spring"), new CampaignId("easter")),
        new PricedOrder(
            List.of(
                new PricedLine(
                    full,
                    List.of(
                        new Adjustment(new RuleId("ten"), new CampaignId("christmas"), 500),
                        new Adjustment(new RuleId("order"), null, 1)),
                    List.of(
                        new LostRule(
                            new RuleId("five"), LostRule.Reason.BETTER_DEAL, new RuleId("ten")))),
                new PricedLine(bare, List.of(), List.of())),
            List.of(
                new LostRule(
                    new RuleId("many"), LostRule.Reason.MINIMUM_QUANTITY_NOT_REACHED, null))),
        stage);
  }

  private static String file(Object event) {
    boolean bare =
        switch (event) {
          case StockReceived e -> e.document() == null;
          case BudgetSpent e -> e.customer() == null;
          case BudgetReleased e -> e.customer() == null;
          case BudgetReserved e -> e.customer() == null;
          case BudgetReservationExtended e -> e.customer() == null;
          case HoldPlaced e -> e.price() == null;
          case HoldConfirmed e -> e.rest() == null;
          case DiscountApplied e -> e.releaseStage() == null;
          case PolicyActivated e -> e.content() == null;
          case PolicyStaged e -> e.content() == null;
          case SkuDescribed e -> e.category() == null;
          default -> false;
        };
    boolean held =
        switch (event) {
          case BudgetSpent e -> e.promise() != null;
          case BudgetReleased e -> e.promise() != null;
          default -> false;
        };
    SerializedObject<String> stored = SERIALIZER.serialize(event, String.class);
    return stored.getType().getName()
        + "-"
        + stored.getType().getRevision()
        + (held ? "-held" : "")
        + (bare ? "-bare" : "")
        + ".json";
  }

  @ParameterizedTest
  @MethodSource("samples")
  void writes_the_approved_json(Object event) {
    APPROVED.check(file(event), SERIALIZER.serialize(event, String.class).getData());
  }

  @ParameterizedTest
  @MethodSource("samples")
  void reads_the_approved_json(Object event) {
    SerializedObject<String> stored = SERIALIZER.serialize(event, String.class);

    assertThat(read(stored.getType().getName(), "1", APPROVED.text(file(event)))).isEqualTo(event);
  }

  @Test
  void every_name_and_revision_has_an_approved_file_and_no_file_is_left_over() {
    assertThat(
            APPROVED.files().stream()
                .map(file -> file.replaceFirst("(-held)?(-bare)?\\.json$", ""))
                .collect(toSet()))
        .isEqualTo(
            EventCatalog.names().stream().map(name -> name.replace('/', '-')).collect(toSet()));
  }

  @Test
  void every_event_of_the_domain_has_a_name_and_a_sample() {
    assertThat(EventCatalog.coversTheDomain()).isTrue();
    assertThat(samples().map(Object::getClass).collect(toSet()))
        .isEqualTo(
            Stream.of(
                    StockEvent.class,
                    HoldEvent.class,
                    DiscountEvent.OfOrder.class,
                    DiscountEvent.OfAccount.class,
                    PolicyEvent.class,
                    CatalogEvent.class)
                .flatMap(root -> Stream.of(root.getPermittedSubclasses()))
                .collect(toSet()));
  }

  @ParameterizedTest
  @CsvSource({
    "stock-vanished, 1",
    "stock-deducted, 2",
    "stock-deducted,",
    "STOCK-DEDUCTED, 1",
    "io.bincard.domain.stock.StockEvent$StockDeducted, 1",
    "io.bincard.domain.stock.StockEvent$StockDeducted,",
    "io.bincard.application.journal.EventContractTest$Trap,",
    "java.lang.ProcessBuilder,",
    "'',"
  })
  void an_unknown_name_or_revision_is_refused_by_name(String name, String revision) {
    assertThatThrownBy(() -> read(name, revision, "{}"))
        .isInstanceOf(SerializationException.class)
        .hasMessageContaining("an event that this version does not know: " + name)
        .hasMessageContaining("revision " + revision);
    assertThat(Trap.Alarm.rung).isFalse();
  }

  @Test
  void what_is_no_event_has_no_name_to_be_written_under() {
    assertThatThrownBy(() -> SERIALIZER.serialize("just a string", String.class))
        .isInstanceOf(SerializationException.class)
        .hasMessageContaining("no stored event name for java.lang.String");
  }

  private static Object read(String name, String revision, String json) {
    return SERIALIZER.deserialize(
        new SimpleSerializedObject<>(json, String.class, new SimpleSerializedType(name, revision)));
  }

  /** Rings when it is loaded. */
  static final class Trap {

    /** Its own class, so that looking does not ring. */
    static final class Alarm {
      static boolean rung;
    }

    static {
      Alarm.rung = true;
    }
  }
}
