package io.bincard.application.books;

import static org.assertj.core.api.Assertions.assertThat;

import io.bincard.domain.reservation.Reservations;
import io.bincard.domain.stock.LocationId;
import io.bincard.domain.stock.Sku;
import io.bincard.domain.stock.StockItem;
import io.bincard.domain.stock.StockItemId;
import java.lang.management.ManagementFactory;
import java.util.LinkedHashMap;
import java.util.Map;
import org.assertj.core.data.Percentage;
import org.junit.jupiter.api.Test;

/** The estimate by which states are kept in memory, held against the heap. */
class StockItemHeapTest {

  private static final int ITEMS = 300_000;
  private static final double TOLERANCE_PERCENT = 20;

  @Test
  void an_item_is_estimated_to_take_what_it_takes() {
    Map<StockItemId, StockItem> states = new LinkedHashMap<>(16, 0.75f, true);
    long before = used();
    long estimated = 0;
    for (int i = 0; i < ITEMS; i++) {
      StockItemId id = new StockItemId(new Sku("ITEM-" + i), new LocationId("SITE-" + i % 100));
      states.put(id, new StockItem(i, i, Reservations.NONE, 0, 0, false));
      estimated += StockItemRules.bytes(id, StockItem.UNREGISTERED);
    }
    long taken = used() - before;

    assertThat(states).hasSize(ITEMS);
    assertThat(estimated).isCloseTo(taken, Percentage.withPercentage(TOLERANCE_PERCENT));
  }

  /** After a collection, and one more for what the first one only released. */
  private static long used() {
    System.gc();
    System.gc();
    return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
  }
}
