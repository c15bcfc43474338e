package io.bincard.application.faults.audience;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.springframework.jdbc.core.simple.JdbcClient;

/** What the journal says of each SKU: where each version stands, and what was on hand then. */
public final class Books {

  /** In the place of a version: there is none. */
  static final long UNREGISTERED = -1;

  private final JdbcClient sql;
  private final Map<String, Pages> items = new HashMap<>();
  private long position;

  /** Of one item; the index is the version. */
  private record Pages(List<Long> positions, List<Long> onHand) {}

  public Books(JdbcClient sql) {
    this.sql = sql;
  }

  /** Reads what has been committed since. */
  public void readOn() {
    sql.sql(
            """
            select position, stream, case type
                when 'stock-item-registered' then (payload ->> 'openingQuantity')::bigint
                when 'stock-received' then (payload ->> 'quantity')::bigint
                when 'stock-returned' then (payload ->> 'quantity')::bigint
                when 'stock-deducted' then -(payload ->> 'quantity')::bigint
                when 'reservation-confirmed' then -(payload ->> 'quantity')::bigint
                when 'stock-adjusted' then (payload ->> 'delta')::bigint
                else 0 end as change
            from event_journal where position > :position order by position
            """)
        .param("position", position)
        .query(
            row -> {
              position = row.getLong("position");
              Pages pages =
                  items.computeIfAbsent(
                      row.getString("stream"),
                      _ -> new Pages(new ArrayList<>(), new ArrayList<>()));
              long before = pages.onHand().isEmpty() ? 0 : pages.onHand().getLast();
              pages.positions().add(position);
              pages.onHand().add(before + row.getLong("change"));
            });
  }

  /** How far it has read. */
  public long position() {
    return position;
  }

  private Pages pages(String sku) {
    return items.getOrDefault("stock:%s@MAIN".formatted(sku), new Pages(List.of(), List.of()));
  }

  /** The last version of {@code sku} that it has read. */
  public long version(String sku) {
    return pages(sku).positions().size() - 1L;
  }

  /** The version that {@code sku} had at {@code asOf}. */
  long versionAt(String sku, long asOf) {
    int at = Collections.binarySearch(pages(sku).positions(), asOf);
    return at >= 0 ? at : -at - 2L;
  }

  /** Whether {@code sku} had {@code onHand} units at {@code version}. */
  boolean had(String sku, long version, long onHand) {
    List<Long> all = pages(sku).onHand();
    return version >= 0 && version < all.size() && all.get((int) version) == onHand;
  }
}
