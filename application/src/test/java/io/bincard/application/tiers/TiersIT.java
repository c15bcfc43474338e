package io.bincard.application.tiers;

import static org.assertj.core.api.Assertions.assertThat;

import io.bincard.application.RunningWriter;
import io.bincard.application.fixture.EmptyLedger;
import io.bincard.application.fixture.Keys;
import io.bincard.application.fixture.LedgerClock;
import io.bincard.application.receipts.ReceiptTiers;
import io.bincard.application.writer.Answer;
import io.bincard.domain.stock.LocationId;
import io.bincard.domain.stock.OrderId;
import io.bincard.domain.stock.Quantity;
import io.bincard.domain.stock.Sku;
import io.bincard.domain.stock.StockCommand;
import io.bincard.domain.stock.StockCommand.DeductStock;
import io.bincard.domain.stock.StockCommand.RegisterStockItem;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

/**
 * The ledger through its tiers. The first day is a hundred days ago, so that PostgreSQL's own clock
 * agrees that what grows old in a test is old.
 */
@ExtendWith(OutputCaptureExtension.class)
class TiersIT {

  private static final int DAYS_AHEAD = 7;

  private final Instant dayZero =
      Instant.now().truncatedTo(ChronoUnit.DAYS).minus(Duration.ofDays(100)).plusSeconds(43_200);

  private LedgerClock clock;
  private EmptyLedger ledger;
  private TierKeeper keeper;
  private RunningWriter writer;

  @BeforeEach
  void start() throws SQLException {
    clock = new LedgerClock(dayZero);
    ledger = new EmptyLedger();
    keeper = new TierKeeper(ledger.dataSource(), DAYS_AHEAD, ReceiptTiers.DEFAULT.kept());
    keeper.keep();
    writer = new RunningWriter(ledger.dataSource());
  }

  @AfterEach
  void close() {
    writer.close();
    ledger.close();
    clock.close();
  }

  @Test
  void a_key_is_hot_then_warm_then_gone_while_the_clock_moves_through_all_tiers()
      throws SQLException {
    String dated = Keys.uuidV7(dayZero, 1);
    Answer registered = writer.ask(register("A"), dated);
    Answer deducted = writer.ask(deduct("A"), "undated");

    for (int day = 1; day <= 91; day++) {
      keepOn(day);
      assertThat(writer.ask(deduct("A"), "undated")).as("day " + day).isEqualTo(replay(deducted));
      assertThat(writer.ask(register("A"), dated))
          .as("day " + day)
          .isEqualTo(day <= 90 ? replay(registered) : new Answer.KeyExpired());
      assertThat(writer.ask(deduct("A"), Keys.uuidV7(clock.now(), day)))
          .as("a new key of day " + day)
          .isInstanceOfSatisfying(Answer.Told.class, told -> assertThat(told.replayed()).isFalse());
      assertThat(partitions("command_receipt")).contains(day(0)).contains(day(day + DAYS_AHEAD));
      assertThat(partitions("event_journal")).contains(day(day + DAYS_AHEAD));
    }
    assertThat(ledger.count("event_journal")).isEqualTo(93);

    keepOn(94);
    writer.ask(deduct("A"), "clock");
    keeper.keep();

    assertThat(partitions("command_receipt")).doesNotContain(day(0)).contains(day(2));
    assertThat(partitions("event_journal")).contains(day(0));
    assertThat(writer.ask(register("A"), dated)).isEqualTo(new Answer.KeyExpired());
    assertThat(ledger.count("event_journal")).isEqualTo(94);
    assertThat(writer.ask(deduct("A"), "undated"))
        .as("a key without a date, longer after than anything is kept")
        .isInstanceOfSatisfying(Answer.Told.class, told -> assertThat(told.replayed()).isFalse());
    assertThat(ledger.numbers("select position from event_journal order by position"))
        .hasSize(95)
        .startsWith(1L, 2L, 3L)
        .endsWith(95L);
    assertThat(ledger.count("journal_day")).isEqualTo(93);
  }

  @Test
  void old_receipts_go_whichever_way_the_catalogs_are_joined() throws SQLException {
    writer.ask(register("A"), "k");
    clock.move(Duration.ofDays(100));
    writer.ask(deduct("A"), "clock");
    for (String way : List.of("nestloop", "hashjoin", "mergejoin", "indexscan")) {
      try (Connection connection = ledger.dataSource().getConnection();
          Statement statement = connection.createStatement()) {
        connection.setAutoCommit(false);
        statement.execute("set local enable_" + way + " = off; set local enable_bitmapscan = off");
        statement.execute("select drop_old_receipts(interval '92 days')");
        connection.rollback();
      }
    }
  }

  @Test
  void a_key_that_claims_to_be_of_the_future_is_not_run() {
    assertThat(writer.ask(register("A"), Keys.uuidV7(dayZero.plus(Duration.ofDays(3)), 1)))
        .isEqualTo(new Answer.KeyAhead());
    assertThat(ledger.count("command_receipt")).isZero();
  }

  @Test
  void a_key_whose_maker_is_ahead_as_far_as_clocks_may_be_is_found_at_every_age()
      throws SQLException {
    String ahead = Keys.uuidV7(dayZero.plus(Duration.ofDays(2)), 1);
    Answer registered = writer.ask(register("A"), ahead);

    for (int day : List.of(1, 2, 5, 6, 7, 8, 9, 10, 50, 91, 92)) {
      keepOn(day);
      writer.ask(deduct("A"), Keys.uuidV7(clock.now(), day));
      keeper.keep();
      assertThat(writer.ask(register("A"), ahead)).as("day " + day).isEqualTo(replay(registered));
    }
  }

  @Test
  void a_clock_that_jumps_back_cannot_write_into_yesterday() throws SQLException {
    clock.set(dayZero.truncatedTo(ChronoUnit.DAYS).plus(Duration.ofDays(1)).plusSeconds(60));
    keeper.keep();
    writer.ask(register("A"), "k1");
    clock.move(Duration.ofHours(-1));
    writer.ask(deduct("A"), "k2");
    writer.ask(deduct("A", 1_000), "k3");
    clock.move(Duration.ofDays(-30));
    writer.ask(deduct("A"), "k4");
    writer.ask(deduct("A", 1_000), "k5");

    for (String table : List.of("event_journal", "command_receipt")) {
      assertThat(ledger.texts("select distinct tableoid::regclass::text from " + table))
          .containsExactly(table + "_" + day(1));
    }
    assertThat(ledger.count("event_journal")).isEqualTo(3);
    assertThat(ledger.count("command_receipt")).isEqualTo(5);
    assertThat(writer.ask(deduct("A"), "k4")).isInstanceOf(Answer.Told.class);
    assertThat(ledger.count("event_journal")).as("a replay is found").isEqualTo(3);
  }

  @Test
  void a_day_that_nobody_made_is_made_by_the_writer_with_a_warning(CapturedOutput output) {
    clock.move(Duration.ofDays(30));

    assertThat(writer.ask(register("A"), "k1")).isInstanceOf(Answer.Told.class);
    assertThat(writer.ask(deduct("A"), "k2")).isInstanceOf(Answer.Told.class);

    assertThat(partitions("event_journal")).contains(day(30));
    assertThat(output).containsOnlyOnce("The day had no partitions");
  }

  @Test
  void a_clock_that_is_far_ahead_drops_no_receipt() throws SQLException {
    writer.ask(register("A"), "k1");
    clock.move(Duration.ofDays(900));
    writer.ask(deduct("A"), "k2");
    keeper = new TierKeeper(ledger.dataSource(), 1, Duration.ofDays(200));

    keeper.keep();

    assertThat(partitions("command_receipt")).contains(day(0));
  }

  /** Moves to {@code day} at noon and does what the timer does. */
  private void keepOn(int day) throws SQLException {
    clock.set(dayZero.plus(Duration.ofDays(day)));
    keeper.keep();
  }

  /** The name that day {@code number} has in the partitions. */
  private String day(int number) {
    return LedgerDay.of(dayZero.plus(Duration.ofDays(number))).date().toString().replace("-", "");
  }

  private List<String> partitions(String table) {
    return ledger.texts(
        "select right(inhrelid::regclass::text, 8) from pg_inherits where inhparent = ?::regclass",
        table);
  }

  private static Answer replay(Answer answer) {
    return new Answer.Told(((Answer.Told) answer).outcome(), true);
  }

  private static StockCommand register(String sku) {
    return new RegisterStockItem(
        new Sku(sku), LocationId.MAIN, new Quantity(500), Quantity.ZERO, Quantity.ZERO);
  }

  private static StockCommand deduct(String sku) {
    return deduct(sku, 1);
  }

  private static StockCommand deduct(String sku, long units) {
    return new DeductStock(new Sku(sku), LocationId.MAIN, new Quantity(units), new OrderId("o"));
  }
}
