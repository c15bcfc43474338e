package io.bincard.application.journal;

import static org.assertj.core.api.Assertions.assertThat;

import io.bincard.application.RunningWriter;
import io.bincard.application.fixture.EmptyLedger;
import io.bincard.application.writer.Answer;
import io.bincard.domain.stock.LocationId;
import io.bincard.domain.stock.OrderId;
import io.bincard.domain.stock.Quantity;
import io.bincard.domain.stock.Sku;
import io.bincard.domain.stock.StockCommand.DeductStock;
import org.junit.jupiter.api.Test;

/** A ledger that was filled before there were tiers. */
class TiersMigrationIT {

  private static final String ROWS =
      """
      insert into event_journal values
        (1, 'e1', 'stock:A@MAIN', 0, 'stock-item', 'stock-item-registered', '1',
          '{"sku":"A","location":"MAIN","openingQuantity":10,"safetyStock":0,"backorderLimit":0}', '{}',
          '2026-10-01 23:59:59.999999Z'),
        (2, 'e2', 'stock:B@MAIN', 0, 'stock-item', 'stock-item-registered', '1',
          '{"sku":"B","location":"MAIN","openingQuantity":5,"safetyStock":0,"backorderLimit":0}', '{}',
          '2026-10-02 00:00:00Z'),
        (3, 'e3', 'stock:A@MAIN', 1, 'stock-item', 'stock-deducted', '1',
          '{"sku":"A","location":"MAIN","quantity":3,"orderId":"o"}', '{}', '2026-10-04 12:00:00Z');
      insert into stream_head values ('stock:A@MAIN', 1, 3), ('stock:B@MAIN', 0, 2);
      insert into command_receipt values
        ('default', 'default', 'k1', '\\x00', 201, '{"told":1}', 1, '2026-10-01 23:59:59.999999Z'),
        ('default', 'default', 'k2', '\\x00', 409, '{"told":2}', null, '2026-10-05 12:00:00Z');
      update ledger_head set position = 3, created_at = '2026-10-04 12:00:00Z';
      """;

  @Test
  void every_row_is_where_its_day_is_and_the_writer_goes_on() {
    try (EmptyLedger ledger = EmptyLedger.ofVersion("1")) {
      ledger.asOwner().sql(ROWS).update();

      ledger.migrate("latest");

      assertThat(
              ledger.texts(
                  "select position || ' ' || stream || ' ' || sequence || ' ' || tableoid::regclass"
                      + " from event_journal order by position"))
          .containsExactly(
              "1 stock:A@MAIN 0 event_journal_20261001",
              "2 stock:B@MAIN 0 event_journal_20261002",
              "3 stock:A@MAIN 1 event_journal_20261004");
      assertThat(
              ledger.texts(
                  "select key || ' ' || status || ' ' || outcome || ' ' || tableoid::regclass"
                      + " from command_receipt order by key"))
          .containsExactly(
              "k1 201 {\"told\":1} command_receipt_20261001",
              "k2 409 {\"told\":2} command_receipt_20261005");
      assertThat(ledger.texts("select day || ' ' || first_position from journal_day order by day"))
          .containsExactly("2026-10-01 1", "2026-10-02 2", "2026-10-04 3");
      assertThat(ledger.texts("select stream || ' ' || born_position from stream order by 1"))
          .containsExactly("stock:A@MAIN 1", "stock:B@MAIN 2");
      assertThat(ledger.texts("select (created_at at time zone 'UTC')::text from ledger_head"))
          .as("no receipt is newer than the ledger's clock")
          .containsExactly("2026-10-05 12:00:00");

      try (RunningWriter writer = new RunningWriter(ledger.dataSource())) {
        Answer answer =
            writer.ask(
                new DeductStock(new Sku("A"), LocationId.MAIN, new Quantity(7), new OrderId("o2")),
                "k3");
        assertThat(answer)
            .isInstanceOfSatisfying(
                Answer.Told.class,
                told ->
                    assertThat(told.outcome().body())
                        .contains("\"version\":2,\"position\":4,\"onHand\":0"));
      }
    }
  }
}
