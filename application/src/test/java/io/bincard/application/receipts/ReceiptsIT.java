package io.bincard.application.receipts;

import static org.assertj.core.api.Assertions.assertThat;

import io.bincard.application.fixture.EmptyLedger;
import io.bincard.application.fixture.Keys;
import io.bincard.application.fixture.LedgerClock;
import io.bincard.application.postgres.Columns;
import io.bincard.application.tiers.LedgerDay;
import io.bincard.application.tiers.LedgerDays;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Which partitions a look-up touches, by PostgreSQL's own plans. */
class ReceiptsIT {

  private static final Instant NOW = Instant.parse("2026-03-31T12:00:00Z");
  private static final Pattern PARTITION = Pattern.compile("on command_receipt_(\\d{8})");
  private static final Pattern NEVER_EXECUTED =
      Pattern.compile("on command_receipt_\\d{8} [^\\n]*\\(never executed\\)");

  private LedgerClock clock;
  private EmptyLedger ledger;
  private Connection connection;

  @BeforeEach
  void makeDays() throws SQLException {
    clock = new LedgerClock(NOW);
    ledger = new EmptyLedger();
    connection = ledger.dataSource().getConnection();
    LedgerDays.make(connection, LedgerDay.of(NOW.minus(Duration.ofDays(92))), 100);
    ledger.sql().sql("update ledger_head set created_at = '2026-03-31 12:00:00Z'").update();
  }

  @AfterEach
  void close() throws SQLException {
    connection.close();
    ledger.close();
    clock.close();
  }

  @Test
  void a_hot_look_up_touches_hot_partitions_only_and_none_of_the_days_to_come() {
    List<String> touched = touchedBy(Receipts.hotDays(LedgerDay.of(NOW.minus(Duration.ofDays(7)))));

    assertThat(touched)
        .containsExactly(
            "20260324",
            "20260325",
            "20260326",
            "20260327",
            "20260328",
            "20260329",
            "20260330",
            "20260331");
  }

  @Test
  void a_warm_look_up_touches_no_hot_partition_and_none_from_before_its_keys() {
    LedgerDay hotBegin = LedgerDay.of(NOW.minus(Duration.ofDays(7)));

    assertThat(touchedBy(Receipts.warmDays(null, hotBegin))).hasSize(85).endsWith("20260323");
    assertThat(touchedBy(Receipts.warmDays(LedgerDay.of(NOW.minus(Duration.ofDays(9))), hotBegin)))
        .containsExactly("20260322", "20260323");
  }

  @Test
  void a_key_is_found_on_the_first_and_the_last_day_of_each_tier() throws SQLException {
    int number = 0;
    List<CommandKey> keys = new ArrayList<>();
    for (int daysAgo : List.of(0, 1, 6, 7, 8, 89, 90)) {
      Instant then = NOW.minus(Duration.ofDays(daysAgo));
      for (String key : List.of(Keys.uuidV7(then, ++number), "undated-" + number)) {
        CommandKey stored = CommandKey.of(key);
        store(receipt(stored), then);
        keys.add(stored);
      }
    }
    Receipts receipts = new Receipts(ReceiptTiers.DEFAULT);

    for (CommandKey key : keys) {
      assertThat(receipts.find(connection, List.of(key))).as(key.key()).containsOnlyKeys(key);
    }
    assertThat(receipts.find(connection, keys)).containsOnlyKeys(keys);
  }

  @Test
  void a_batch_of_new_dated_keys_asks_once_and_one_with_undated_keys_twice() throws SQLException {
    CommandKey dated = CommandKey.of(Keys.uuidV7(NOW, 1));
    CommandKey old = CommandKey.of(Keys.uuidV7(NOW.minus(Duration.ofDays(6)), 2));

    assertThat(statementsFor(dated)).isEqualTo(1);
    assertThat(statementsFor(dated, old)).isEqualTo(2);
    assertThat(statementsFor(dated, CommandKey.of("undated"))).isEqualTo(2);
  }

  private int statementsFor(CommandKey... keys) throws SQLException {
    AtomicInteger prepared = new AtomicInteger();
    Connection counting =
        (Connection)
            Proxy.newProxyInstance(
                Connection.class.getClassLoader(),
                new Class<?>[] {Connection.class},
                (proxy, method, arguments) -> {
                  if (method.getName().equals("prepareStatement")) {
                    prepared.incrementAndGet();
                  }
                  return method.invoke(connection, arguments);
                });
    new Receipts(ReceiptTiers.DEFAULT).find(counting, List.of(keys));
    return prepared.get();
  }

  private static Receipt receipt(CommandKey key) {
    return new Receipt(key, Fingerprint.of("t", "{}"), new Outcome(409, "{}"), null);
  }

  private List<String> touchedBy(String lookUp) {
    String plan =
        String.join(
            "\n",
            ledger.texts(
                "explain (analyze, costs off) "
                    + lookUp
                        .replaceFirst("\\?::text\\[]", "array['default']")
                        .replaceFirst("\\?::text\\[]", "array['default']")
                        .replaceFirst("\\?::text\\[]", "array['k']")));
    return PARTITION
        .matcher(NEVER_EXECUTED.matcher(plan).replaceAll(""))
        .results()
        .map(found -> found.group(1))
        .distinct()
        .sorted()
        .toList();
  }

  private void store(Receipt receipt, Instant then) throws SQLException {
    try (PreparedStatement statement =
        connection.prepareStatement(
            "with head as (select 1), told as (" + Receipts.INSERT + ") select 1")) {
      ReceiptColumns columns = new ReceiptColumns();
      columns.add(receipt);
      columns.bind(new Columns(statement), then.toString());
      statement.execute();
    }
  }
}
