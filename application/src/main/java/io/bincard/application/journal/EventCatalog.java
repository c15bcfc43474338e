package io.bincard.application.journal;

import static java.util.stream.Collectors.toUnmodifiableMap;

import io.bincard.domain.stock.StockEvent;
import java.util.Arrays;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.axonframework.serialization.SerializedType;
import org.axonframework.serialization.SimpleSerializedType;
import org.jspecify.annotations.Nullable;

/** The stored names of the events. A name is for ever; a class may be renamed or moved. */
public final class EventCatalog {

  private static final Map<Class<?>, SerializedType> TYPES =
      Map.of(
          StockEvent.StockItemRegistered.class, type("stock-item-registered"),
          StockEvent.StockReceived.class, type("stock-received"),
          StockEvent.StockDeducted.class, type("stock-deducted"),
          StockEvent.StockReturned.class, type("stock-returned"),
          StockEvent.StockAdjusted.class, type("stock-adjusted"),
          StockEvent.StockCounted.class, type("stock-counted"),
          StockEvent.StockPolicySet.class, type("stock-policy-set"),
          StockEvent.StockItemFrozen.class, type("stock-item-frozen"),
          StockEvent.StockItemUnfrozen.class, type("stock-item-unfrozen"));

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
    return Arrays.stream(StockEvent.class.getPermittedSubclasses()).allMatch(TYPES::containsKey);
  }
}
