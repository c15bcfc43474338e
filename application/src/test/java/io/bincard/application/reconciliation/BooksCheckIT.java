package io.bincard.application.reconciliation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import io.bincard.application.fixture.LedgerClock;
import io.bincard.application.fixture.RunningBincard;
import io.bincard.reconciliation.books.BooksCheck;
import io.bincard.reconciliation.books.BooksReport;
import io.bincard.reconciliation.books.Contradiction;
import io.bincard.reconciliation.books.Rule;
import io.bincard.reconciliation.expected.Expectations;
import java.net.http.HttpResponse;
import java.sql.Connection;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Collectors;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.springframework.jdbc.core.simple.JdbcClient;
import tools.jackson.databind.json.JsonMapper;

/** A journal with everything in it, then one thing of it changed behind the ledger's back. */
class BooksCheckIT {

  private static final JsonMapper JSON = new JsonMapper();
  private static final List<String> TABLES =
      List.of(
          "event_journal",
          "journal_day",
          "stream",
          "stream_snapshot",
          "command_receipt",
          "ledger_head",
          "expected_item",
          "expected_head");

  private static HikariDataSource tables;
  private static HikariDataSource ownersTables;
  private static JdbcClient owner;

  @BeforeAll
  static void trade() throws Exception {
    try (LedgerClock clock = new LedgerClock(Instant.parse("2026-12-01T23:59:00Z"));
        RunningBincard bincard =
            RunningBincard.withOwnLedger(
                "bincard.writer.snapshot-every=3",
                "bincard.reconciliation.enabled=true",
                "bincard.reconciliation.watch.every=0", // no run but those asked for
                "bincard.reconciliation.nightly=-")) {
      String ledger = bincard.property("bincard.ledger");
      tables = pool(RunningBincard.dataSourceOf(ledger));
      ownersTables = pool(RunningBincard.ownersDataSourceOf(ledger));
      owner = JdbcClient.create(ownersTables);
      done(bincard, "/v1/stock-items", "{\"sku\":\"CUP\",\"openingQuantity\":20}");
      done(bincard, "/v1/stock-items", "{\"sku\":\"POT\",\"openingQuantity\":9}");
      done(bincard, "/v1/stock/CUP/receipts", "{\"quantity\":10}");
      done(bincard, "/v1/stock/CUP/deductions", "{\"quantity\":3,\"orderId\":\"o-1\"}");
      done(bincard, "/v1/stock/CUP/returns", "{\"quantity\":1,\"orderId\":\"o-1\"}");
      done(bincard, "/v1/stock/CUP/adjustments", "{\"delta\":-2,\"reason\":\"broken\"}");
      done(bincard, "/v1/stock/CUP/counts", "{\"counted\":30}");
      String first = hold(bincard, "o-2", 4, 2);
      done(
          bincard,
          "/v1/holds/" + first + "/confirmation",
          "{\"lines\":[{\"sku\":\"CUP\",\"quantity\":1}]}");
      String second = hold(bincard, "o-3", 2, 1);
      clock.move(Duration.ofMinutes(5)); // into the next day
      done(bincard, "/v1/holds/" + second + "/confirmation", "{}");
      hold(bincard, "o-4", 1, 1);
      clock.move(Duration.ofHours(1));
      // Needs what o-4 has let go, so its end is written down first.
      done(bincard, "/v1/stock/CUP/deductions", "{\"quantity\":5,\"orderId\":\"o-5\"}");
      HttpResponse<String> refused =
          bincard.post("/v1/stock/POT/deductions", "no", "{\"quantity\":99,\"orderId\":\"o-6\"}");
      assertThat(refused.statusCode()).isEqualTo(409);
      Expectations folded = bincard.bean(Expectations.class);
      await()
          .atMost(Duration.ofSeconds(60))
          .until(
              () ->
                  folded.position()
                      == owner.sql("select position from ledger_head").query(Long.class).single());
    }
    for (String table : TABLES) {
      owner.sql("create table kept_" + table + " as table " + table).update();
    }
  }

  private static HikariDataSource pool(DataSource connections) {
    HikariConfig config = new HikariConfig();
    config.setDataSource(connections);
    config.setMaximumPoolSize(4);
    config.setMinimumIdle(0);
    return new HikariDataSource(config);
  }

  @AfterAll
  static void close() {
    tables.close();
    ownersTables.close();
  }

  private static int keys;

  private static HttpResponse<String> done(RunningBincard bincard, String path, String json)
      throws Exception {
    HttpResponse<String> answer = bincard.post(path, "books-" + ++keys, json);
    assertThat(answer.statusCode()).as(path + ' ' + answer.body()).isBetween(200, 299);
    return answer;
  }

  private static String hold(RunningBincard bincard, String order, int cups, int pots)
      throws Exception {
    HttpResponse<String> placed =
        done(
            bincard,
            "/v1/holds",
            """
            {"orderId":"%s","ttlSeconds":900,"lines":[{"sku":"CUP","quantity":%d},{"sku":"POT","quantity":%d}]}"""
                .formatted(order, cups, pots));
    return JSON.readTree(placed.body()).at("/hold/id").asString();
  }

  @AfterEach
  void restore() {
    owner
        .sql(
            TABLES.stream()
                .map(table -> "delete from %1$s; insert into %1$s table kept_%1$s".formatted(table))
                .collect(Collectors.joining("; ")))
        .update();
  }

  private static BooksCheck within(Duration timeout) {
    return new BooksCheck(tables, InstantSource.system(), timeout, 100);
  }

  private static BooksReport check() throws InterruptedException {
    List<Rule> run = new ArrayList<>();
    BooksReport report = within(Duration.ofSeconds(60)).run(run::add);
    assertThat(run).containsExactly(Rule.values());
    return report;
  }

  @Test
  void a_journal_that_nobody_touched_does_not_contradict_itself() throws Exception {
    BooksReport report = check();

    assertThat(report.contradictions()).isEmpty();
    assertThat(report.holds()).isTrue();
    assertThat(report.days()).hasSize(2);
    assertThat(report.days().values().stream().mapToLong(Long::longValue).sum())
        .isEqualTo(report.head());
    // Each command has one: the last sale writes down what has ended, unless the timer was quicker.
    assertThat(report.receipts())
        .isBetween(keys + 1L, keys + 2L)
        .isEqualTo(owner.sql("select count(*) from command_receipt").query(Long.class).single());
  }

  /** What is done to the tables, and the rule that it breaks. */
  private record Change(Rule rule, String sql) {}

  private static List<Change> changes() {
    return List.of(
        new Change(Rule.POSITIONS_ARE_DENSE, "delete from event_journal where position = 4"),
        new Change(
            Rule.POSITIONS_ARE_DENSE,
            "update event_journal set position = position + 1 where position = (select max(position) from event_journal)"),
        new Change(
            Rule.BOUNDS_ARE_TOLD,
            "update journal_day set first_position = first_position + 1 where first_position > 1"),
        new Change(Rule.BOUNDS_ARE_TOLD, "delete from journal_day where first_position = 1"),
        new Change(Rule.BOUNDS_ARE_TOLD, "update ledger_head set position = position + 1"),
        new Change(
            Rule.BOUNDS_ARE_TOLD,
            "update ledger_head set created_at = created_at - interval '2 hours'"),
        new Change(
            Rule.TIME_NEVER_RUNS_BACKWARDS,
            "update event_journal set created_at = created_at - interval '1 second' where position = 5"),
        new Change(
            Rule.SEQUENCES_ARE_DENSE,
            "update event_journal set sequence = sequence + 10 where position = (select max(position) from event_journal)"),
        new Change(Rule.SEQUENCES_ARE_DENSE, "delete from stream where stream = 'stock:POT@MAIN'"),
        new Change(Rule.SEQUENCES_ARE_DENSE, "insert into stream values ('stock:NONE@MAIN', 3)"),
        new Change(
            Rule.EVENTS_STAND_IN_THE_ORDER_OF_THEIR_STREAM,
            "update event_journal set sequence = 100 where stream = 'stock:CUP@MAIN' and sequence = 1; update event_journal set sequence = 1 where stream = 'stock:CUP@MAIN' and sequence = 2; update event_journal set sequence = 2 where stream = 'stock:CUP@MAIN' and sequence = 100"),
        new Change(
            Rule.EVENTS_LIE_IN_THEIR_STREAM,
            "update event_journal set payload = replace(payload::text, 'CUP', 'POT')::json where position = 3"),
        new Change(Rule.EVENTS_HAVE_A_RECEIPT, "delete from command_receipt where key = 'books-4'"),
        new Change(
            Rule.EVENTS_HAVE_A_RECEIPT,
            "update command_receipt set status = 409 where key = 'books-4'"),
        new Change(
            Rule.EVENTS_HAVE_A_RECEIPT,
            "update command_receipt set position = position - 1 where key = 'books-4'"),
        new Change(
            Rule.RECEIPTS_ARE_OF_WHAT_THERE_IS,
            "update command_receipt set position = position + 1000 where key = 'books-4'"),
        new Change(
            Rule.OPENING_BALANCES_ADD_UP,
            "update event_journal set payload = replace(payload::text, '\"quantity\":3', '\"quantity\":4')::json where position = 4"),
        new Change(
            Rule.OPENING_BALANCES_ADD_UP,
            "update stream_snapshot set state = replace(state::text, '\"onHand\":', '\"onHand\":1')::json"),
        new Change(
            Rule.ITEMS_ADD_UP,
            "update expected_item set on_hand = on_hand + 1 where key = 'availability:POT@MAIN'"),
        new Change(
            Rule.ITEMS_ADD_UP, "delete from expected_item where key = 'availability:CUP@MAIN'"),
        new Change(
            Rule.PROMISES_ARE_NEVER_BELOW_NOTHING,
            "update event_journal set payload = replace(payload::text, '\"quantity\":', '\"quantity\":9')::json where type = 'reservation-released' and stream = 'stock:CUP@MAIN'"),
        new Change(
            Rule.LINES_OF_ORDERS_MATCH,
            "update event_journal set payload = replace(payload::text, '\"quantity\":4', '\"quantity\":5')::json where type = 'stock-reserved' and stream = 'stock:CUP@MAIN'"),
        new Change(
            Rule.LINES_OF_ORDERS_MATCH,
            "update event_journal set payload = replace(payload::text, '\"quantity\":1', '\"quantity\":2')::json where type = 'reservation-confirmed' and stream = 'stock:POT@MAIN'"),
        new Change(
            Rule.LINES_OF_ORDERS_MATCH,
            "update event_journal set payload = replace(payload::text, '\"quantity\":4', '\"quantity\":5')::json where type = 'hold-placed'"),
        new Change(
            Rule.HOLDS_THAT_ARE_OVER_KEEP_NOTHING,
            "update event_journal set payload = replace(payload::text, '\"quantity\":3', '\"quantity\":2')::json where type = 'reservation-released' and stream = 'stock:CUP@MAIN'"));
  }

  @ParameterizedTest
  @MethodSource("changes")
  void what_was_changed_behind_its_back_is_found_and_named(Change change) throws Exception {
    assertThat(owner.sql(change.sql()).update()).as(change.sql()).isPositive();

    BooksReport report = check();

    assertThat(report.holds()).isFalse();
    assertThat(report.rules())
        .hasEntrySatisfying(
            change.rule(),
            found ->
                assertThat(found.contradictions())
                    .as(report.contradictions().toString())
                    .isPositive());
    assertThat(report.contradictions())
        .filteredOn(found -> found.rule() == change.rule())
        .allSatisfy(found -> assertThat(found.words()).isNotBlank())
        .extracting(Contradiction::place)
        .doesNotContainNull();
  }

  @Test
  void what_is_missing_is_nobodys_and_what_orders_hold_is_told_with_the_order() throws Exception {
    owner.sql("delete from event_journal where position = 4").update();
    owner
        .sql(
            "update event_journal set payload = replace(payload::text, '\"quantity\":4',"
                + " '\"quantity\":5')::json where type = 'hold-placed'")
        .update();

    BooksReport report = check();

    assertThat(report.contradictions())
        .filteredOn(found -> found.rule() == Rule.POSITIONS_ARE_DENSE)
        .singleElement()
        .extracting(Contradiction::place, Contradiction::stream)
        .containsExactly("position 5", null);
    assertThat(report.contradictions())
        .filteredOn(found -> found.rule() == Rule.LINES_OF_ORDERS_MATCH)
        .singleElement()
        .satisfies(
            found -> {
              assertThat(found.orderId()).isEqualTo("o-2");
              assertThat(found.hold()).isNotBlank();
              assertThat(found.stream()).isEqualTo("stock:CUP@MAIN");
            });
  }

  @Test
  void a_rule_that_takes_too_long_is_left_unchecked_and_the_others_are_not() throws Exception {
    try (Connection locking = ownersTables.getConnection();
        Statement lock = locking.createStatement()) {
      locking.setAutoCommit(false);
      lock.execute("lock table stream_snapshot in access exclusive mode");

      BooksReport report = within(Duration.ofSeconds(2)).run(_ -> {});

      assertThat(report.holds()).isFalse();
      assertThat(report.found()).isZero();
      assertThat(report.rules())
          .hasSameSizeAs(Rule.values())
          .hasEntrySatisfying(
              Rule.OPENING_BALANCES_ADD_UP,
              found -> assertThat(found.unchecked()).contains("2000 ms"))
          .hasEntrySatisfying(
              Rule.LINES_OF_ORDERS_MATCH, found -> assertThat(found.unchecked()).isNull());
    }
  }

  @Test
  void a_rule_that_comes_to_something_unreadable_says_so() throws Exception {
    owner
        .sql(
            "update event_journal set payload = replace(payload::text, '\"quantity\":3',"
                + " '\"quantity\":\"three\"')::json where position = 4")
        .update();

    BooksReport report = check();

    assertThat(report.rules())
        .hasEntrySatisfying(
            Rule.ITEMS_ADD_UP, found -> assertThat(found.unchecked()).contains("three"))
        .hasEntrySatisfying(
            Rule.SEQUENCES_ARE_DENSE, found -> assertThat(found.unchecked()).isNull());
    assertThat(report.isComplete()).isFalse();
  }

  @Test
  void a_check_that_is_interrupted_ends_at_once_and_leaves_nothing_running() throws Exception {
    try (Connection locking = ownersTables.getConnection();
        Statement lock = locking.createStatement()) {
      locking.setAutoCommit(false);
      lock.execute("lock table stream_snapshot in access exclusive mode");
      AtomicReference<Throwable> thrown = new AtomicReference<>();
      CountDownLatch atTheLock = new CountDownLatch(1);
      Thread checking =
          Thread.ofPlatform()
              .start(
                  () -> {
                    try {
                      within(Duration.ofMinutes(10))
                          .run(
                              rule -> {
                                if (rule == Rule.OPENING_BALANCES_ADD_UP) {
                                  atTheLock.countDown();
                                }
                              });
                    } catch (InterruptedException e) {
                      thrown.set(e);
                    }
                  });
      assertThat(atTheLock.await(60, TimeUnit.SECONDS)).isTrue();
      await().atMost(Duration.ofSeconds(60)).until(() -> waiting() == 1);

      checking.interrupt();
      checking.join(Duration.ofSeconds(60));

      assertThat(thrown.get()).isInstanceOf(InterruptedException.class);
      assertThat(waiting()).isZero();
    }
  }

  /** Statements that wait for the table of opening balances. */
  private static long waiting() {
    return owner
        .sql(
            "select count(*) from pg_locks where not granted and relation ="
                + " 'stream_snapshot'::regclass")
        .query(Long.class)
        .single();
  }

  @Test
  void every_rule_is_broken_by_some_change() {
    assertThat(changes()).extracting(Change::rule).contains(Rule.values());
  }
}
