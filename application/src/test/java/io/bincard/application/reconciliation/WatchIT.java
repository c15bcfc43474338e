package io.bincard.application.reconciliation;

import static io.bincard.application.reconciliation.ReconciledShop.PATIENCE;
import static io.bincard.application.reconciliation.ReconciledShop.at;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.bincard.reconciliation.repair.Fuse;
import io.bincard.reconciliation.sweep.RunTable;
import io.bincard.reconciliation.watch.Watch;
import io.micrometer.core.instrument.MeterRegistry;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.springframework.context.annotation.AnnotationConfigApplicationContext;

/** What is compared between runs, on rows that the view store's own functions wrote. */
class WatchIT {

  private static final String OFTEN = "watch.every=50ms";
  private static final String NEVER = "watch.every=0";
  private static final String NO_FUSE = "fuse-share=1";

  @RegisterExtension static final ReconciledShop shop = new ReconciledShop();

  /** The node folds from here on. */
  private static Watch folding(AnnotationConfigApplicationContext node) {
    Watch watch = node.getBean(Watch.class);
    watch.begun(shop.expected.position());
    return watch;
  }

  private static double passes(AnnotationConfigApplicationContext node, String result) {
    return node.getBean(MeterRegistry.class)
        .get("bincard.reconciliation.passes")
        .tag("result", result)
        .counter()
        .count();
  }

  /** Looks at rows that events touched. */
  private static double changed(AnnotationConfigApplicationContext node) {
    return node.getBean(MeterRegistry.class)
        .get("bincard.reconciliation.compared")
        .tag("by", "change")
        .counter()
        .count();
  }

  private static void awaitPasses(AnnotationConfigApplicationContext node, String result) {
    double before = passes(node, result);
    await().atMost(PATIENCE).until(() -> passes(node, result) >= before + 2);
  }

  private static Map<String, String> entries(
      AnnotationConfigApplicationContext node, String outcome) {
    return ReconciledShop.entries(node, null, outcome);
  }

  @Test
  void all_rows_are_proven_by_a_first_run_and_seen_to_be_right_ever_after() throws IOException {
    AnnotationConfigApplicationContext node = shop.watching(OFTEN);
    folding(node);

    awaitPasses(node, "clean");

    RunTable table = node.getBean(RunTable.class);
    assertThat(table.last(10)).hasSize(1);
    assertThat(table.last(10).getFirst().askedBy()).isEqualTo("watch");
    assertThat(table.last(10).getFirst().compared()).isEqualTo(ReconciledShop.ALL);
    assertThat(shop.field("mark", "verifiedPosition"))
        .isEqualTo(Long.toString(shop.expected.position()));
    MeterRegistry meters = node.getBean(MeterRegistry.class);
    assertThat(meters.get("bincard.reconciliation.unverified.seconds").gauge().value())
        .isBetween(0.0, PATIENCE.toSeconds() + 0.0);
    assertThat(meters.get("bincard.reconciliation.compared").tag("by", "pass").counter().count())
        .isPositive();
    assertThat(passes(node, "differs") + passes(node, "failed")).isZero();
  }

  @Test
  void a_node_that_does_not_fold_compares_nothing() {
    AnnotationConfigApplicationContext node = shop.watching(OFTEN);

    await()
        .during(Duration.ofMillis(300))
        .atMost(PATIENCE)
        .until(() -> node.getBean(RunTable.class).last(10).isEmpty());

    assertThat(
            node.getBean(MeterRegistry.class)
                .get("bincard.reconciliation.unverified.seconds")
                .gauge()
                .value())
        .isNaN();
  }

  @Test
  void whatever_is_spoilt_is_found_and_put_right_to_the_byte() throws IOException {
    AnnotationConfigApplicationContext node = shop.watching(OFTEN, NO_FUSE);
    folding(node);
    awaitPasses(node, "clean");
    Map<String, List<String>> whole = shop.dump();

    Map<String, String> wanted = shop.corrupt();

    await().atMost(PATIENCE).until(() -> entries(node, "repaired").equals(wanted));
    awaitPasses(node, "clean");
    assertThat(shop.dump()).isEqualTo(whole);
    assertThat(entries(node, "found")).isEqualTo(wanted);
  }

  @Test
  void a_changed_row_is_compared_without_a_pass() throws IOException {
    AnnotationConfigApplicationContext node = shop.watching(NEVER, NO_FUSE);
    Watch watch = folding(node);
    long before = shop.expected.position();
    shop.sell("S-1", 5, 7);
    shop.moveMark();
    shop.redis.ask("HSET", at("availability:S-1@MAIN"), "onHand", "8");

    watch.folded(Set.of("availability:S-1@MAIN"), before, shop.expected.position());

    await()
        .atMost(PATIENCE)
        .until(() -> entries(node, "repaired").equals(Map.of("availability:S-1@MAIN", "edited")));
    assertThat(shop.field("availability:S-1@MAIN", "onHand")).isEqualTo("7");
  }

  @Test
  void a_row_of_a_commit_that_this_process_has_not_heard_of_is_no_difference() throws IOException {
    AnnotationConfigApplicationContext node = shop.watching(NEVER, NO_FUSE);
    Watch watch = folding(node);
    long before = shop.expected.position();
    shop.sell("S-1", 5, 7);
    shop.moveMark();
    shop.unheard = 1;
    double looks = changed(node);

    watch.folded(Set.of("availability:S-1@MAIN"), before, shop.expected.position());

    await().atMost(PATIENCE).until(() -> changed(node) == looks + 1);
    assertThat(entries(node, "found")).isEmpty();
  }

  @Test
  void what_is_found_while_a_run_is_under_way_is_told_when_that_has_ended() throws Exception {
    AnnotationConfigApplicationContext node =
        shop.watching(NEVER, NO_FUSE, "watch.pause=20ms", "silence=1h");
    Watch watch = folding(node);
    shop.tables
        .asOwner()
        .sql(
            "insert into reconciliation_run (id, asked_by, with_books, with_rows, apply, phase, node)"
                + " values (gen_random_uuid(), 'person', false, true, false, 'comparing', 'another')")
        .update();
    long before = shop.expected.position();
    shop.sell("S-1", 5, 7);
    shop.moveMark();
    shop.redis.ask("HSET", at("availability:S-1@MAIN"), "onHand", "8");
    double looks = changed(node);

    watch.folded(Set.of("availability:S-1@MAIN"), before, shop.expected.position());

    await().atMost(PATIENCE).until(() -> changed(node) >= looks + 3);
    assertThat(entries(node, "found")).isEmpty();
    shop.tables
        .asOwner()
        .sql("update reconciliation_run set phase = 'done', ended_at = now()")
        .update();
    await()
        .atMost(PATIENCE)
        .until(() -> entries(node, "repaired").equals(Map.of("availability:S-1@MAIN", "edited")));
  }

  @Test
  void a_changed_row_is_not_compared_before_the_views_are_past_the_change() throws Exception {
    AnnotationConfigApplicationContext node = shop.watching(NEVER, NO_FUSE, "late-after=1m");
    Watch watch = folding(node);
    long before = shop.expected.position();
    shop.forgetToStore("S-3", 9, 5);

    watch.folded(Set.of("availability:S-3@MAIN"), before, before + 1);

    await()
        .during(Duration.ofMillis(300))
        .atMost(PATIENCE)
        .until(() -> entries(node, "found").isEmpty());
    // The views say that they have it, and do not.
    shop.moveMark();
    await()
        .atMost(PATIENCE)
        .until(() -> entries(node, "found").equals(Map.of("availability:S-3@MAIN", "lost")));
  }

  @Test
  void views_that_stand_still_are_told_of_once() throws Exception {
    AnnotationConfigApplicationContext node =
        shop.watching(NEVER, NO_FUSE, "late-after=20ms", "watch.pause=20ms");
    Watch watch = folding(node);
    long before = shop.expected.position();
    shop.forgetToStore("S-3", 9, 5);

    watch.folded(Set.of("availability:S-3@MAIN"), before, before + 1);

    await().atMost(PATIENCE).until(() -> entries(node, "found").equals(Map.of("mark", "late")));
    await()
        .during(Duration.ofMillis(300))
        .atMost(PATIENCE)
        .until(() -> node.getBean(RunTable.class).last(10).size() == 1);
    shop.moveMark();
    await()
        .atMost(PATIENCE)
        .until(() -> entries(node, "found").containsKey("availability:S-3@MAIN"));
  }

  @Test
  void an_update_that_the_views_lost_is_found_though_the_row_is_as_it_was_proven()
      throws IOException {
    AnnotationConfigApplicationContext node = shop.watching(OFTEN, "watch-apply=false");
    Watch watch = folding(node);
    awaitPasses(node, "clean");
    long before = shop.expected.position();
    shop.forgetToStore("S-3", 9, 5);
    shop.moveMark();

    watch.folded(Set.of("availability:S-3@MAIN"), before, before + 1);

    await()
        .atMost(PATIENCE)
        .until(() -> entries(node, "found").equals(Map.of("availability:S-3@MAIN", "lost")));
  }

  @Test
  void what_is_not_put_right_is_told_once_and_keeps_rows_from_being_verified() throws IOException {
    AnnotationConfigApplicationContext node = shop.watching(OFTEN, "watch-apply=false");
    folding(node);
    awaitPasses(node, "clean");
    shop.redis.ask("HSET", at("availability:S-1@MAIN"), "onHand", "8");

    awaitPasses(node, "differs");
    String verified = shop.field("mark", "verifiedMillis");
    awaitPasses(node, "differs");

    assertThat(entries(node, "found")).isEqualTo(Map.of("availability:S-1@MAIN", "edited"));
    assertThat(node.getBean(RunTable.class).last(10)).hasSize(2);
    assertThat(shop.field("availability:S-1@MAIN", "onHand")).isEqualTo("8");
    assertThat(shop.field("mark", "verifiedMillis")).isEqualTo(verified);

    shop.redis.ask("HSET", at("availability:S-1@MAIN"), "onHand", "9");
    await().atMost(PATIENCE).until(() -> node.getBean(RunTable.class).last(10).size() == 3);
  }

  @Test
  void what_differs_one_by_one_blows_the_fuse_as_much_as_all_at_once() throws IOException {
    AnnotationConfigApplicationContext node = shop.watching(OFTEN, "fuse-at-least=2");
    folding(node);
    awaitPasses(node, "clean");

    for (int i = 0; i < 3; i++) {
      String row = "availability:S-" + i + "@MAIN";
      shop.redis.ask("HSET", at(row), "onHand", "77");
      await().atMost(PATIENCE).until(() -> entries(node, "found").containsKey(row));
    }

    await().atMost(PATIENCE).until(() -> node.getBean(Fuse.class).state().isPresent());
    await()
        .atMost(PATIENCE)
        .until(
            () ->
                entries(node, "repaired").size() == 2
                    && entries(node, "left").containsKey("availability:S-2@MAIN"));
    assertThat(shop.field("availability:S-2@MAIN", "onHand")).isEqualTo("77");
  }

  @Test
  void beside_live_writes_nothing_is_found_that_is_not_wrong() throws Exception {
    AnnotationConfigApplicationContext node = shop.watching(OFTEN, NO_FUSE);
    Watch watch = folding(node);
    awaitPasses(node, "clean");
    Random random = new Random(5);
    long[] versions = new long[40];
    double before = passes(node, "clean") + passes(node, "differs");
    for (long n = 1; passes(node, "clean") + passes(node, "differs") < before + 20; n++) {
      int item = random.nextInt(versions.length);
      versions[item] = 10 + n;
      long folded = shop.expected.position();
      shop.sell("S-" + item, 10 + n, random.nextLong(2_000));
      shop.moveMark();
      watch.folded(Set.of("availability:S-" + item + "@MAIN"), folded, shop.expected.position());
    }

    assertThat(entries(node, "found")).isEmpty();
    awaitPasses(node, "clean");
    // A pass is counted before it says so, and one that had begun says less.
    String position = Long.toString(shop.expected.position());
    await().atMost(PATIENCE).until(() -> shop.field("mark", "verifiedPosition").equals(position));
    shop.redis.ask("HINCRBY", at("availability:S-1@MAIN"), "version", "40");
    await()
        .atMost(PATIENCE)
        .until(() -> entries(node, "found").equals(Map.of("availability:S-1@MAIN", "doubled")));
  }
}
