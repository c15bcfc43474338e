package io.bincard.application.reconciliation;

import static io.bincard.application.reconciliation.ReconciledShop.PATIENCE;
import static io.bincard.application.reconciliation.ReconciledShop.at;
import static io.bincard.application.reconciliation.ReconciledShop.run;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;
import static org.awaitility.Awaitility.await;

import com.zaxxer.hikari.HikariDataSource;
import io.bincard.reconciliation.books.BooksReport;
import io.bincard.reconciliation.books.BooksTable;
import io.bincard.reconciliation.books.Contradiction;
import io.bincard.reconciliation.books.Rule;
import io.bincard.reconciliation.repair.RepairLog;
import io.bincard.reconciliation.repair.RepairLog.Entry;
import io.bincard.reconciliation.sweep.Run;
import io.bincard.reconciliation.sweep.Run.Part;
import io.bincard.reconciliation.sweep.Run.Phase;
import io.bincard.reconciliation.sweep.Sweeps;
import io.micrometer.core.instrument.MeterRegistry;
import java.io.IOException;
import java.sql.Connection;
import java.sql.Statement;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.ApplicationContext;

/** Runs over a journal that says of some items that they have a birth and no event. */
@ExtendWith(OutputCaptureExtension.class)
class BooksPhaseIT {

  private static final Set<Part> BOOKS = Set.of(Part.BOOKS);
  private static final Set<Part> ROWS = Set.of(Part.ROWS);
  private static final Set<Part> BOTH = Set.of(Part.BOOKS, Part.ROWS);

  @RegisterExtension static final ReconciledShop shop = new ReconciledShop();

  private static void contradict(String... skus) {
    for (String sku : skus) {
      shop.tables.asOwner().sql("insert into stream values (?, 3)").param(stream(sku)).update();
    }
  }

  private static String stream(String sku) {
    return "stock:" + sku + "@MAIN";
  }

  private static BooksReport books(ApplicationContext node, Run run) {
    return node.getBean(BooksTable.class).find(run.id()).orElseThrow();
  }

  private static List<Entry> entries(ApplicationContext node, Run run) {
    return node.getBean(RepairLog.class).entries(run.id(), 0, 10_000).reversed();
  }

  private static double counted(ApplicationContext node, Rule rule) {
    return node.getBean(MeterRegistry.class)
        .get("bincard.reconciliation.contradictions")
        .tag("rule", rule.word())
        .counter()
        .count();
  }

  @Test
  void a_run_does_what_it_is_asked_for_and_nothing_else() throws IOException {
    ApplicationContext node = shop.node();
    contradict("S-5");
    shop.redis.ask("HSET", at("availability:S-1@MAIN"), "onHand", "7");
    BooksTable table = node.getBean(BooksTable.class);

    Run rows = run(node, ROWS, false);
    Run books = run(node, BOOKS, false);
    Run both = run(node, BOTH, false);

    assertThat(List.of(rows, books, both)).extracting(Run::phase).containsOnly(Phase.DONE);
    assertThat(rows.parts()).isEqualTo(ROWS);
    assertThat(rows.millis().get(Phase.BOOKS)).isZero();
    assertThat(table.find(rows.id())).isEmpty();
    assertThat(table.contradictions(rows.id())).isEmpty();
    assertThat(entries(node, rows)).hasSize(1);
    assertThat(books.parts()).isEqualTo(BOOKS);
    assertThat(books.compared()).isZero();
    assertThat(books.millis().get(Phase.COMPARING)).isZero();
    assertThat(table.contradictions(books.id())).hasValue(1);
    assertThat(entries(node, books)).isEmpty();
    assertThat(both.compared()).isEqualTo(rows.compared()).isPositive();
    assertThat(both.step()).isNull();
    assertThat(table.contradictions(both.id())).hasValue(1);
    assertThat(entries(node, both)).hasSize(1);
  }

  @Test
  void what_contradicts_itself_is_told_and_counted_and_frozen_only_if_the_run_applies() {
    ApplicationContext node = shop.node();
    contradict("S-5", "NEVER");

    Run dry = run(node, BOOKS, false);

    assertThat(books(node, dry).contradictions())
        .extracting(Contradiction::rule, Contradiction::stream, Contradiction::words)
        .containsExactly(
            tuple(Rule.SEQUENCES_ARE_DENSE, stream("NEVER"), "has no event, born at position 3"),
            tuple(Rule.SEQUENCES_ARE_DENSE, stream("S-5"), "has no event, born at position 3"));
    assertThat(counted(node, Rule.SEQUENCES_ARE_DENSE)).isEqualTo(2);
    assertThat(counted(node, Rule.ITEMS_ADD_UP)).isZero();
    assertThat(shop.freezes).isEmpty();
    assertThat(entries(node, dry)).isEmpty();

    Run run = run(node, BOOKS, true);
    run(node, BOOKS, true);

    assertThat(entries(node, run))
        .extracting(Entry::key, Entry::kind, Entry::outcome)
        .containsExactly(
            tuple("availability:NEVER@MAIN", "contradiction", "begun"),
            tuple("availability:NEVER@MAIN", "contradiction", "left"),
            tuple("availability:S-5@MAIN", "contradiction", "begun"),
            tuple("availability:S-5@MAIN", "contradiction", "frozen"));
    assertThat(shop.freezes).as("the same keys in both runs").hasSize(4);
    assertThat(shop.freezes.subList(0, 2)).isEqualTo(shop.freezes.subList(2, 4));
    assertThat(shop.freezes.get(1)).startsWith("S-5@MAIN reconciliation-books-");
  }

  @Test
  void the_row_of_an_item_that_is_in_doubt_is_left_and_others_are_repaired() throws IOException {
    ApplicationContext node = shop.node();
    contradict("S-5");
    shop.redis.ask("HSET", at("availability:S-1@MAIN"), "onHand", "7");
    shop.redis.ask("HSET", at("availability:S-5@MAIN"), "onHand", "7");

    Run run = run(node, BOTH, true);

    assertThat(run.phase()).isEqualTo(Phase.DONE);
    assertThat(shop.field("availability:S-1@MAIN", "onHand")).isEqualTo("1990");
    assertThat(shop.field("availability:S-5@MAIN", "onHand")).isEqualTo("7");
    assertThat(entries(node, run))
        .filteredOn(entry -> entry.outcome().equals("left"))
        .singleElement()
        .satisfies(
            entry -> {
              assertThat(entry.key()).isEqualTo("availability:S-5@MAIN");
              assertThat(entry.kind()).isEqualTo("edited");
              assertThat(entry.cause()).contains("the journal contradicts itself about it");
            });
  }

  @Test
  void where_not_all_is_told_no_row_is_repaired_and_no_more_is_frozen_than_may_be()
      throws IOException {
    ApplicationContext node = shop.node("books.told=2", "max-freezes=1");
    contradict("S-5", "S-6", "S-7");
    shop.redis.ask("HSET", at("availability:S-1@MAIN"), "onHand", "7");

    Run run = run(node, BOTH, true);

    assertThat(books(node, run).contradictions()).hasSize(2);
    assertThat(books(node, run).found()).isEqualTo(3);
    assertThat(shop.freezes).hasSize(1);
    assertThat(shop.field("availability:S-1@MAIN", "onHand")).isEqualTo("7");
    assertThat(entries(node, run))
        .filteredOn(entry -> entry.outcome().equals("left"))
        .extracting(Entry::key, Entry::cause)
        .containsExactly(
            tuple("availability:S-6@MAIN", "as many are frozen as may be"),
            tuple(
                "availability:S-1@MAIN",
                "the journal contradicts itself in more places than are told"));
  }

  @Test
  void a_run_that_breaks_off_between_two_freezes_goes_on_with_the_second_one() {
    ApplicationContext node = shop.node("silence=200ms");
    contradict("S-5", "S-6");
    shop.setFailingFreeze(2);

    Run run = run(node, BOOKS, true);

    assertThat(run.attempts()).isEqualTo(2);
    assertThat(run.phase()).isEqualTo(Phase.DONE);
    assertThat(shop.freezes).hasSize(3);
    assertThat(shop.freezes.get(1)).startsWith("S-6@MAIN").isEqualTo(shop.freezes.get(2));
    assertThat(entries(node, run))
        .filteredOn(entry -> entry.outcome().equals("frozen"))
        .extracting(Entry::key)
        .containsExactly("availability:S-5@MAIN", "availability:S-6@MAIN");
    assertThat(counted(node, Rule.SEQUENCES_ARE_DENSE)).as("checked once").isEqualTo(2);
  }

  @Test
  void a_node_whose_run_was_taken_from_it_writes_nothing_down(CapturedOutput output)
      throws Exception {
    ApplicationContext node = shop.node("look-every=1m", "silence=1m");
    contradict("S-5");
    try (HikariDataSource owner = shop.tables.connectAsOwner();
        Connection locking = owner.getConnection();
        Statement lock = locking.createStatement()) {
      locking.setAutoCommit(false);
      lock.execute("lock table stream_snapshot in access exclusive mode");
      node.getBean(Sweeps.class).begin(BOOKS, true);
      await()
          .atMost(PATIENCE)
          .until(
              () ->
                  shop.tables
                          .numbers(
                              "select count(*) from pg_locks where not granted and relation ="
                                  + " 'stream_snapshot'::regclass")
                          .getFirst()
                      == 1);
      shop.tables.asOwner().sql("update reconciliation_run set node = 'another'").update();
      locking.rollback();
    }

    await()
        .atMost(PATIENCE)
        .until(() -> output.getOut().contains("Another node goes on with this run"));

    assertThat(shop.tables.count("books_check")).isZero();
    assertThat(shop.tables.count("books_contradiction")).isZero();
    assertThat(shop.freezes).isEmpty();
  }
}
