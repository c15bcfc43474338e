package io.bincard.reconciliation.expected;

import io.bincard.reconciliation.expected.Promises.Promise;
import io.bincard.reconciliation.expected.TableRows.Other;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.JdbcTemplate;

/** The tables {@code expected_…} as the fold reads and writes them, in its transaction. */
final class ExpectedTables {

  /** Rows that are forgotten at once at most. */
  private static final int FORGOTTEN = 1_000;

  private static final String PROMISES =
      "select key, until_millis, hold, units from expected_promise"
          + " join unnest(?::text[]) as wanted(key) using (key)";
  private static final String PUT_ITEMS =
      """
      insert into expected_item
      select * from unnest(?::smallint[], ?::text[], ?::bigint[], ?::bigint[], ?::bigint[], ?::bigint[], ?::text[],
        ?::bigint[], ?::bigint[], ?::boolean[])
      on conflict (bucket, key) do update set version = excluded.version, position = excluded.position,
        on_hand = excluded.on_hand, reserved = excluded.reserved, lapses = excluded.lapses,
        safety_stock = excluded.safety_stock, backorder_limit = excluded.backorder_limit, frozen = excluded.frozen
      """;
  private static final String PUT_PROMISES =
      """
      insert into expected_promise
      select * from unnest(?::text[], ?::bigint[], ?::uuid[], ?::bigint[])
      on conflict (key, until_millis, hold) do update set units = excluded.units
      """;
  private static final String END_PROMISES =
      """
      delete from expected_promise p
      using unnest(?::text[], ?::bigint[], ?::uuid[]) as past(key, until_millis, hold)
      where p.key = past.key and p.until_millis = past.until_millis and p.hold = past.hold
      """;
  private static final String PUT_OTHERS =
      """
      insert into expected_row
      select bucket, key, version, position, fields::json, forgotten_at::timestamptz
      from unnest(?::smallint[], ?::text[], ?::bigint[], ?::bigint[], ?::text[], ?::text[])
        as new(bucket, key, version, position, fields, forgotten_at)
      on conflict (bucket, key) do update set version = excluded.version, position = excluded.position,
        fields = excluded.fields, forgotten_at = excluded.forgotten_at
      """;
  private static final String FORGET =
      """
      delete from expected_row where (bucket, key) in
        (select bucket, key from expected_row where forgotten_at < ?::timestamptz order by forgotten_at limit ?)
      """;

  private final JdbcTemplate jdbc;

  ExpectedTables(DataSource dataSource) {
    this.jdbc = new JdbcTemplate(dataSource);
  }

  /** Up to where the tables are; nobody else moves them until the transaction ends. */
  long lock() {
    return Objects.requireNonNull(
        jdbc.queryForObject("select position from expected_head for update", Long.class));
  }

  void moveTo(long position) {
    jdbc.update("update expected_head set position = ?", position);
  }

  /** Those of {@code keys} that there are. */
  List<Expected> read(Collection<String> keys) {
    List<String> items = keys.stream().filter(TableRows::isItem).toList();
    List<String> others = keys.stream().filter(key -> !TableRows.isItem(key)).toList();
    List<Expected> found = new ArrayList<>(keys.size());
    if (!items.isEmpty()) {
      found.addAll(items(items));
    }
    if (!others.isEmpty()) {
      jdbc.query(
          TableRows.OTHERS + TableRows.OF_KEYS,
          TableRows.keys(others),
          row -> {
            found.add(TableRows.other(row).state());
          });
    }
    return found;
  }

  private Collection<ExpectedItem> items(List<String> keys) {
    Map<String, ExpectedItem> items = HashMap.newHashMap(keys.size());
    List<String> withPromises = new ArrayList<>();
    jdbc.query(
        TableRows.ITEMS + TableRows.OF_KEYS,
        TableRows.keys(keys),
        row -> {
          ItemRow item = TableRows.item(row);
          items.put(item.key(), new ExpectedItem(item));
          if (item.reserved() != 0) {
            withPromises.add(item.key());
          }
        });
    if (!withPromises.isEmpty()) {
      jdbc.query(
          PROMISES,
          TableRows.arrays((Object) withPromises.toArray(String[]::new)),
          row -> {
            Objects.requireNonNull(items.get(row.getString(1)))
                .promises()
                .recall(new Promise(row.getObject(3, UUID.class), row.getLong(2)), row.getLong(4));
          });
    }
    return items.values();
  }

  /** Writes {@code states} over whatever is there, and their promises as far as they changed. */
  void write(Collection<Expected> states) {
    List<ExpectedItem> items = new ArrayList<>(states.size());
    List<Other> others = new ArrayList<>();
    List<@Nullable String> forgottenAt = new ArrayList<>();
    for (Expected state : states) {
      switch (state) {
        case ExpectedItem item -> items.add(item);
        case ExpectedHold hold -> {
          others.add(new Other(hold.key(), hold.version(), hold.position(), hold.fields()));
          Instant forgotten = hold.forgottenAt();
          forgottenAt.add(forgotten == null ? null : forgotten.toString());
        }
        case ExpectedSku sku -> {
          others.add(new Other(sku.key(), sku.version(), sku.position(), sku.fields()));
          forgottenAt.add(null);
        }
      }
    }
    if (!items.isEmpty()) {
      writeItems(items.stream().map(ExpectedItem::figures).toList());
      writePromises(items);
    }
    if (!others.isEmpty()) {
      jdbc.update(
          PUT_OTHERS,
          TableRows.arrays(
              TableRows.buckets(others.stream().map(Other::key).toList()),
              others.stream().map(Other::key).toArray(String[]::new),
              others.stream().mapToLong(Other::version).toArray(),
              others.stream().mapToLong(Other::position).toArray(),
              others.stream().map(row -> TableRows.json(row.fields())).toArray(String[]::new),
              forgottenAt.toArray(new @Nullable String[0])));
    }
  }

  private void writeItems(List<ItemRow> rows) {
    boolean[] frozen = new boolean[rows.size()];
    for (int i = 0; i < frozen.length; i++) {
      frozen[i] = rows.get(i).frozen();
    }
    jdbc.update(
        PUT_ITEMS,
        TableRows.arrays(
            TableRows.buckets(rows.stream().map(ItemRow::key).toList()),
            rows.stream().map(ItemRow::key).toArray(String[]::new),
            rows.stream().mapToLong(ItemRow::version).toArray(),
            rows.stream().mapToLong(ItemRow::position).toArray(),
            rows.stream().mapToLong(ItemRow::onHand).toArray(),
            rows.stream().mapToLong(ItemRow::reserved).toArray(),
            rows.stream().map(ItemRow::lapses).toArray(String[]::new),
            rows.stream().mapToLong(ItemRow::safetyStock).toArray(),
            rows.stream().mapToLong(ItemRow::backorderLimit).toArray(),
            frozen));
  }

  /** A promise of an item; over if it has no units. */
  private record Change(String key, Promise promise, long units) {}

  private void writePromises(List<ExpectedItem> items) {
    List<Change> kept = new ArrayList<>();
    List<Change> over = new ArrayList<>();
    for (ExpectedItem item : items) {
      item.promises()
          .drain(
              (promise, units) ->
                  (units == 0 ? over : kept).add(new Change(item.key(), promise, units)));
    }
    if (!over.isEmpty()) {
      jdbc.update(END_PROMISES, TableRows.arrays(keys(over), untils(over), holds(over)));
    }
    if (!kept.isEmpty()) {
      jdbc.update(
          PUT_PROMISES,
          TableRows.arrays(
              keys(kept),
              untils(kept),
              holds(kept),
              kept.stream().mapToLong(Change::units).toArray()));
    }
  }

  private static String[] keys(List<Change> changes) {
    return changes.stream().map(Change::key).toArray(String[]::new);
  }

  private static long[] untils(List<Change> changes) {
    return changes.stream().mapToLong(change -> change.promise().untilMillis()).toArray();
  }

  private static UUID[] holds(List<Change> changes) {
    return changes.stream().map(change -> change.promise().hold()).toArray(UUID[]::new);
  }

  /** Drops rows that the views forgot before {@code then}, so many at once at most. */
  void forget(Instant then) {
    jdbc.update(FORGET, then.toString(), FORGOTTEN);
  }
}
