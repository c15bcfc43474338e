package io.bincard.application.journal;

import static java.util.Map.entry;
import static java.util.stream.Collectors.toUnmodifiableMap;

import io.bincard.domain.catalog.CatalogEvent;
import io.bincard.domain.discount.DiscountEvent;
import io.bincard.domain.hold.HoldEvent;
import io.bincard.domain.register.PolicyEvent;
import io.bincard.domain.stock.StockEvent;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.axonframework.serialization.SerializedType;
import org.axonframework.serialization.SimpleSerializedType;
import org.jspecify.annotations.Nullable;

/** The stored names of the events. A name is for ever; a class may be renamed or moved. */
public final class EventCatalog {

  private static final Map<Class<?>, SerializedType> TYPES =
      Map.ofEntries(
          entry(StockEvent.StockItemRegistered.class, type("stock-item-registered")),
          entry(StockEvent.StockReceived.class, type("stock-received")),
          entry(StockEvent.StockDeducted.class, type("stock-deducted")),
          entry(StockEvent.StockReturned.class, type("stock-returned")),
          entry(StockEvent.StockAdjusted.class, type("stock-adjusted")),
          entry(StockEvent.StockCounted.class, type("stock-counted")),
          entry(StockEvent.StockPolicySet.class, type("stock-policy-set")),
          entry(StockEvent.StockReserved.class, type("stock-reserved")),
          entry(StockEvent.ReservationConfirmed.class, type("reservation-confirmed")),
          entry(StockEvent.ReservationExtended.class, type("reservation-extended")),
          entry(StockEvent.ReservationReleased.class, type("reservation-released")),
          entry(StockEvent.ReservationExpired.class, type("reservation-expired")),
          entry(HoldEvent.HoldPlaced.class, type("hold-placed")),
          entry(HoldEvent.HoldExtended.class, type("hold-extended")),
          entry(HoldEvent.HoldConfirmed.class, type("hold-confirmed")),
          entry(HoldEvent.HoldReleased.class, type("hold-released")),
          entry(HoldEvent.HoldExpired.class, type("hold-expired")),
          entry(StockEvent.StockItemFrozen.class, type("stock-item-frozen")),
          entry(StockEvent.StockItemUnfrozen.class, type("stock-item-unfrozen")),
          entry(DiscountEvent.DiscountApplied.class, type("discount-applied")),
          entry(DiscountEvent.DiscountRevoked.class, type("discount-revoked")),
          entry(DiscountEvent.BudgetReserved.class, type("budget-reserved")),
          entry(DiscountEvent.BudgetReservationExtended.class, type("budget-reservation-extended")),
          entry(DiscountEvent.BudgetSpent.class, type("budget-spent")),
          entry(DiscountEvent.BudgetReleased.class, type("budget-released")),
          entry(PolicyEvent.PolicyActivated.class, type("policy-activated")),
          entry(PolicyEvent.PolicyStaged.class, type("policy-staged")),
          entry(PolicyEvent.PolicyUnstaged.class, type("policy-unstaged")),
          entry(PolicyEvent.PolicyRejected.class, type("policy-rejected")),
          entry(CatalogEvent.SkuDescribed.class, type("sku-described")));

  /** The roots of everything that may happen. */
  private static final List<Class<?>> ROOTS =
      List.of(
          StockEvent.class,
          HoldEvent.class,
          DiscountEvent.OfOrder.class,
          DiscountEvent.OfAccount.class,
          PolicyEvent.class,
          CatalogEvent.class);

  private static final Map<SerializedType, Class<?>> CLASSES =
      TYPES.entrySet().stream().collect(toUnmodifiableMap(Map.Entry::getValue, Map.Entry::getKey));

  private EventCatalog() {}

  private static SerializedType type(String name) {
    return new SimpleSerializedType(name, "1");
  }

  /**
   * The stored name and revision of {@code eventClass}, {@code null} for a class that is no event.
   */
  static @Nullable SerializedType typeOf(Class<?> eventClass) {
    return TYPES.get(eventClass);
  }

  /**
   * The class that today stands for a stored name and revision, {@code null} for an unknown one.
   */
  static @Nullable Class<?> classOf(SerializedType type) {
    return CLASSES.get(type);
  }

  /** Every stored name with its revision, as {@code name/revision}, sorted. */
  public static Set<String> names() {
    Set<String> names = new TreeSet<>();
    CLASSES.keySet().forEach(type -> names.add(type.getName() + "/" + type.getRevision()));
    return names;
  }

  /** Whether every event of the domain has a name. */
  static boolean coversTheDomain() {
    return ROOTS.stream()
        .flatMap(root -> Arrays.stream(root.getPermittedSubclasses()))
        .allMatch(TYPES::containsKey);
  }
}
