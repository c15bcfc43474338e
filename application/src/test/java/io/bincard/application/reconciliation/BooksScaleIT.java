package io.bincard.application.reconciliation;

import static org.assertj.core.api.Assertions.assertThat;

import io.bincard.application.fixture.EmptyLedger;
import io.bincard.reconciliation.books.BooksCheck;
import io.bincard.reconciliation.books.BooksReport;
import io.bincard.reconciliation.books.Contradiction;
import io.bincard.reconciliation.books.Rule;
import java.time.Duration;
import java.time.InstantSource;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.simple.JdbcClient;

/** The books of a long journal, which SQL made. */
class BooksScaleIT {

  /** {@code -DbooksEvents=1000000 -DbooksItems=100000} to measure. */
  private static final int EVENTS = Integer.getInteger("booksEvents", 20_000);

  private static final int ITEMS = Integer.getInteger("booksItems", 1_000);

  private static void fill(JdbcClient sql) {
    for (String each :
        """
        insert into event_journal
          (position, event_id, stream, sequence, stream_type, type, revision, payload, metadata, created_at)
        select n, 'id-' || n, 'stock:S-' || item || '@MAIN', (n - 1) / :items, 'stock-item',
          case when n <= :items then 'stock-item-registered' else 'stock-received' end, '1',
          case when n <= :items
            then json_build_object('sku', 'S-' || item, 'location', 'MAIN', 'openingQuantity', 1,
              'safetyStock', 0, 'backorderLimit', 0)
            else json_build_object('sku', 'S-' || item, 'location', 'MAIN', 'quantity', 1) end,
          json_build_object('tenant', 'default', 'client', 'default', 'key', 'k-' || n),
          timestamptz '2026-03-02 00:00Z' + n * interval '9 days' / :events
        from generate_series(1, :events) n, lateral (select mod(n - 1, :items) as item) i;

        insert into command_receipt (tenant, client, key, fingerprint, status, outcome, position, recorded_at)
        select 'default', 'default', 'k-' || position, '', 201, '{}', position, created_at from event_journal;

        insert into stream select stream, position from event_journal where sequence = 0;

        insert into journal_day
        select (created_at at time zone 'UTC')::date, min(position) from event_journal group by 1;

        insert into expected_item
        select 1, 'availability:' || substr(stream, 7), max(sequence), max(position), count(*), 0, '', 0, 0, false
        from event_journal group by stream;

        insert into stream_snapshot
        select 'stock:' || substr(key, 14), version, position, '1', json_build_object('onHand', on_hand), 0
        from expected_item;

        update expected_head set position = :events;

        update ledger_head set position = :events, created_at = (select max(created_at) from event_journal);
        """
            .split(";", -1)) {
      if (!each.isBlank()) {
        sql.sql(each).param("items", ITEMS).param("events", EVENTS).update();
      }
    }
  }

  @Test
  void a_long_journal_is_held_against_itself_and_one_unit_too_much_is_found() throws Exception {
    try (EmptyLedger ledger = new EmptyLedger()) {
      ledger
          .asOwner()
          .sql("select make_ledger_days('2026-03-02', 10)")
          .query(Integer.class)
          .single();
      fill(ledger.asOwner());
      ledger.asOwner().sql("analyze").update();
      BooksCheck check =
          new BooksCheck(ledger.dataSource(), InstantSource.system(), Duration.ofMinutes(30), 10);

      long begun = System.nanoTime();
      BooksReport report = check.run(_ -> {});
      long millis = (System.nanoTime() - begun) / 1_000_000;

      System.out.printf(
          "%d events of %d items, each with its receipt: held against themselves in %d ms%n",
          EVENTS, ITEMS, millis);
      report
          .rules()
          .forEach(
              (rule, found) ->
                  System.out.printf("  %6d ms %s%n", found.took().toMillis(), rule.word()));
      assertThat(report.contradictions()).isEmpty();
      assertThat(report.holds()).isTrue();
      assertThat(report.days()).hasSizeBetween(9, 10);
      assertThat(report.receipts()).isEqualTo(EVENTS);

      ledger
          .asOwner()
          .sql("update expected_item set on_hand = on_hand + 1 where key = 'availability:S-7@MAIN'")
          .update();
      assertThat(check.run(_ -> {}).contradictions())
          .singleElement()
          .extracting(Contradiction::rule, Contradiction::stream)
          .containsExactly(Rule.ITEMS_ADD_UP, "stock:S-7@MAIN");
    }
  }
}
