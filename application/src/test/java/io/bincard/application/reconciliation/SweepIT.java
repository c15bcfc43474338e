package io.bincard.application.reconciliation;

import static io.bincard.application.reconciliation.ReconciledShop.ALL;
import static io.bincard.application.reconciliation.ReconciledShop.PATIENCE;
import static io.bincard.application.reconciliation.ReconciledShop.at;
import static io.bincard.application.reconciliation.ReconciledShop.end;
import static io.bincard.application.reconciliation.ReconciledShop.entries;
import static io.bincard.application.reconciliation.ReconciledShop.item;
import static io.bincard.application.reconciliation.ReconciledShop.itemId;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.bincard.domain.reservation.Reservations;
import io.bincard.domain.stock.StockItem;
import io.bincard.reconciliation.proof.ProvenRows;
import io.bincard.reconciliation.repair.Fuse;
import io.bincard.reconciliation.repair.RepairLog;
import io.bincard.reconciliation.stored.Mark;
import io.bincard.reconciliation.stored.StoredViews;
import io.bincard.reconciliation.sweep.Looks;
import io.bincard.reconciliation.sweep.Run;
import io.bincard.reconciliation.sweep.Run.Phase;
import io.bincard.reconciliation.sweep.RunTable;
import io.bincard.reconciliation.sweep.Sweeps;
import io.micrometer.core.instrument.MeterRegistry;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.context.ApplicationContext;
import org.springframework.context.annotation.AnnotationConfigApplicationContext;

/** Runs over all rows, on rows that the view store's own functions wrote. */
class SweepIT {

  private static final String NO_FUSE = "fuse-share=1";

  @RegisterExtension static final ReconciledShop shop = new ReconciledShop();

  private final AtomicInteger read = new AtomicInteger();

  private static Run run(ApplicationContext node, boolean apply) {
    return ReconciledShop.run(node, Set.of(Run.Part.values()), apply);
  }

  private static Map<String, Map<String, Long>> counts(ApplicationContext node, Run run) {
    return node.getBean(RepairLog.class).counts(run.id());
  }

  private static long rows(Map<String, Map<String, Long>> counts, String outcome) {
    return counts.getOrDefault(outcome, Map.of()).values().stream()
        .mapToLong(Long::longValue)
        .sum();
  }

  private static Map<String, String> found(ApplicationContext node, Run run) {
    return entries(node, run, "found");
  }

  @Test
  void where_nothing_is_wrong_nothing_is_found() {
    AnnotationConfigApplicationContext node = shop.node();

    Run run = run(node, true);

    assertThat(run.phase()).as(run.toString()).isEqualTo(Phase.DONE);
    assertThat(run.compared()).isEqualTo(ALL);
    assertThat(run.unsettled()).isZero();
    assertThat(counts(node, run)).isEmpty();
    MeterRegistry meters = node.getBean(MeterRegistry.class);
    assertThat(meters.get("diff.status").tag("result", "match").gauge().value()).isEqualTo(ALL);
    assertThat(meters.get("diff.status").tag("result", "miss").gauge().value()).isZero();
    assertThat(meters.get("diff.latency").timer().count()).isPositive();
  }

  @Test
  void everything_that_is_broken_is_found_and_a_dry_run_repairs_none_of_it() throws IOException {
    AnnotationConfigApplicationContext node = shop.node();
    Map<String, String> wanted = shop.corrupt();
    Map<String, List<String>> before = shop.dump();

    Run run = run(node, false);

    assertThat(run.phase()).as(run.toString()).isEqualTo(Phase.DONE);
    assertThat(found(node, run)).isEqualTo(wanted);
    assertThat(counts(node, run)).containsOnlyKeys("found");
    assertThat(shop.dump()).isEqualTo(before);
    MeterRegistry meters = node.getBean(MeterRegistry.class);
    assertThat(meters.get("diff.status").tag("result", "miss").gauge().value())
        .isEqualTo(wanted.size());
    assertThat(meters.get("diff.record").tag("kind", "doubled").counter().count()).isEqualTo(1);
  }

  @ParameterizedTest
  @ValueSource(strings = {"snapshot-patience=0", "snapshot-patience=20s", "max-rate=1000000"})
  void what_is_broken_is_found_whether_keys_are_read_at_once_or_page_by_page(String setting)
      throws IOException {
    AnnotationConfigApplicationContext node = shop.node(setting);
    Map<String, String> wanted = shop.corrupt();
    shop.redis.ask("CONFIG", "RESETSTAT");

    Run run = run(node, false);

    assertThat(found(node, run)).isEqualTo(wanted);
    assertThat(String.join("\n", shop.redis.ask("INFO", "stats")))
        .contains("sync_full:" + (setting.equals("snapshot-patience=20s") ? 1 : 0));
  }

  @Test
  void what_is_spoilt_after_it_was_proven_but_before_the_snapshot_is_found() throws Exception {
    AnnotationConfigApplicationContext node = shop.node("snapshot-patience=60s");
    ProvenRows proven = node.getBean(ProvenRows.class);
    proven.follow(shop.expected.position());
    run(node, false);
    String key = "availability:S-1@MAIN";
    CompletableFuture<Run> run;
    shop.redis.ask("CONFIG", "SET", "repl-diskless-sync-delay", "60");
    try {
      run = CompletableFuture.supplyAsync(() -> run(node, false));
      await("Redis is asked for a snapshot")
          .atMost(PATIENCE)
          .until(() -> shop.redis.ask("INFO", "replication").toString().contains("wait_bgsave"));
      Mark mark = node.getBean(StoredViews.class).mark();
      node.getBean(Looks.class).look(mark, Map.of(key, Set.of()), proven);
      shop.redis.ask("HINCRBY", at(key), "onHand", "1");
    } finally {
      shop.redis.ask("CONFIG", "SET", "repl-diskless-sync-delay", "0");
    }

    assertThat(found(node, run.get())).containsOnlyKeys(key);
  }

  @Test
  void everything_that_is_broken_is_repaired_to_the_byte() throws IOException {
    AnnotationConfigApplicationContext node = shop.node(NO_FUSE);
    Map<String, List<String>> whole = shop.dump();
    Map<String, String> wanted = shop.corrupt();

    Run run = run(node, true);

    assertThat(run.phase()).as(run.toString()).isEqualTo(Phase.DONE);
    assertThat(shop.dump()).isEqualTo(whole);
    Map<String, Map<String, Long>> counts = counts(node, run);
    assertThat(counts).containsOnlyKeys("found", "begun", "repaired");
    assertThat(rows(counts, "repaired")).isEqualTo(wanted.size());
    assertThat(run(node, true)).satisfies(again -> assertThat(counts(node, again)).isEmpty());
  }

  @Test
  void the_node_that_folds_needs_no_more_than_a_look_once_it_has_proven_everything()
      throws IOException {
    AnnotationConfigApplicationContext node = shop.node(NO_FUSE);
    node.getBean(ProvenRows.class).follow(shop.expected.position());
    shop.expected.setBeforeBucket(_ -> read.incrementAndGet());
    assertThat(run(node, false).compared()).isEqualTo(ALL);
    assertThat(read.get()).as("buckets read to prove everything").isEqualTo(1_024);
    read.set(0);

    assertThat(run(node, false).compared()).isEqualTo(ALL);
    assertThat(read.get()).as("buckets read where everything is proven").isZero();

    Map<String, List<String>> whole = shop.dump();
    Map<String, String> wanted = shop.corrupt();
    Run dry = run(node, false);
    assertThat(found(node, dry)).isEqualTo(wanted);
    assertThat(dry.compared())
        .as("rows, with those lost and two that nobody had")
        .isEqualTo(ALL + 2);
    assertThat(read.get()).as("buckets read to know what is not there").isBetween(1, 10);
    Run run = run(node, true);
    assertThat(rows(counts(node, run), "repaired")).isEqualTo(wanted.size());
    assertThat(shop.dump()).isEqualTo(whole);
    assertThat(run(node, true)).satisfies(again -> assertThat(counts(node, again)).isEmpty());
  }

  @Test
  void rows_that_are_all_gone_are_all_found_and_all_come_back() throws IOException {
    AnnotationConfigApplicationContext node = shop.node(NO_FUSE);
    Map<String, List<String>> whole = shop.dump();
    for (String key : whole.keySet()) {
      shop.redis.ask("DEL", key);
    }

    Run run = run(node, true);

    assertThat(shop.dump()).isEqualTo(whole);
    assertThat(found(node, run)).hasSize((int) ALL).containsValue("lost");
    assertThat(Set.copyOf(found(node, run).values())).containsExactly("lost");
  }

  @Test
  void without_a_live_generation_a_run_is_tried_again_and_given_up_with_the_reason()
      throws IOException {
    AnnotationConfigApplicationContext node = shop.node("attempts=2", "silence=200ms");
    shop.redis.ask("FLUSHDB");

    Run run = run(node, true);

    assertThat(run.phase()).isEqualTo(Phase.FAILED);
    assertThat(run.why()).contains("no generation of the views is live");
    assertThat(run.attempts()).isEqualTo(3);
  }

  @Test
  void too_much_blows_the_fuse_which_stops_repairs_and_the_canary_until_it_is_reset()
      throws IOException {
    AnnotationConfigApplicationContext node = shop.node();
    for (int i = 0; i < 11; i++) {
      shop.redis.ask("HSET", at("availability:S-" + i + "@MAIN"), "onHand", "77");
    }
    Map<String, List<String>> broken = shop.dump();

    Run run = run(node, true);

    assertThat(run.fuseBlown()).isTrue();
    assertThat(shop.dump()).isEqualTo(broken);
    assertThat(counts(node, run).get("left")).isEqualTo(Map.of("edited", 11L));
    assertThat(shop.stops).containsExactly("reconciliation-fuse-" + run.id());
    assertThat(node.getBean(MeterRegistry.class).get("bincard.reconciliation.fuse").gauge().value())
        .isEqualTo(1);
    AnnotationConfigApplicationContext another = shop.node();
    assertThat(another.getBean(Sweeps.class).begin(true))
        .isEqualTo(new Sweeps.Begun.FuseIsBlown(run.id()));
    assertThat(run(another, false).phase()).isEqualTo(Phase.DONE);
    assertThat(another.getBean(Fuse.class).state()).isPresent();

    assertThat(another.getBean(Fuse.class).reset()).isTrue();
    assertThat(another.getBean(Fuse.class).reset()).isFalse();
    shop.redis.ask("HSET", at("availability:S-1@MAIN"), "onHand", "1990");
    run(another, true); // ten differ: as many as may
    assertThat(shop.field("availability:S-9@MAIN", "onHand")).isEqualTo("1910");
  }

  @Test
  void where_the_ledger_does_not_agree_nothing_is_repaired_and_the_item_is_frozen()
      throws IOException {
    AnnotationConfigApplicationContext node = shop.node();
    shop.redis.ask("HSET", at("availability:S-8@MAIN"), "onHand", "5");
    shop.ledger.put(itemId("S-8"), new StockItem(3, 7, Reservations.NONE, 0, 0, false));

    Run dry = run(node, false);
    assertThat(found(node, dry)).isEqualTo(Map.of("availability:S-8@MAIN", "folds-disagree"));
    assertThat(shop.freezes).isEmpty();

    Run run = run(node, true);
    run(node, true);

    assertThat(counts(node, run))
        .containsOnlyKeys("found", "begun", "frozen")
        .containsEntry("frozen", Map.of("folds-disagree", 1L));
    assertThat(shop.field("availability:S-8@MAIN", "onHand")).isEqualTo("5");
    assertThat(shop.freezes).hasSize(2).allMatch(shop.freezes.getFirst()::equals);
    assertThat(shop.freezes.getFirst()).startsWith("S-8@MAIN reconciliation-freeze-");
  }

  @Test
  void a_row_of_an_item_that_the_ledger_has_is_no_orphan() throws IOException {
    AnnotationConfigApplicationContext node = shop.node();
    shop.expected.take("availability:S-9@MAIN");

    Run run = run(node, true);

    assertThat(counts(node, run).get("frozen")).isEqualTo(Map.of("folds-disagree", 1L));
    assertThat(shop.field("availability:S-9@MAIN", "onHand")).isEqualTo("1910");
  }

  @Test
  void a_view_that_is_behind_is_not_wrong_and_one_that_stands_still_is_late() {
    AnnotationConfigApplicationContext node = shop.node();
    shop.expected.give(item("S-3", 4, 5, shop.expected.position() + 1));
    shop.moveHead();

    Run run = run(node, true);

    assertThat(found(node, run)).isEqualTo(Map.of("mark", "late"));
    assertThat(counts(node, run)).containsOnlyKeys("found");
    assertThat(run.unsettled()).isEqualTo(1);
  }

  @Test
  void a_repair_of_a_row_that_moved_on_does_nothing() throws IOException {
    StoredViews views = shop.node().getBean(StoredViews.class);
    Mark mark = views.mark();
    shop.sell("S-1", 9, 4);
    Map<String, List<String>> before = shop.dump();

    assertThat(views.mend(mark, "availability:S-1@MAIN", "1", Set.of(), item("S-1", 1, 1_990, 2)))
        .isEqualTo(StoredViews.Mended.OVERTAKEN);
    assertThat(views.mend(mark, "availability:S-1@MAIN", "", Set.of(), null))
        .isEqualTo(StoredViews.Mended.OVERTAKEN);
    assertThat(
            views.mend(
                new Mark(1, "another", 1),
                "availability:S-1@MAIN",
                "9",
                Set.of(),
                item("S-1", 9, 1, 2)))
        .isEqualTo(StoredViews.Mended.NOT_LIVE);
    assertThat(shop.dump()).isEqualTo(before);
  }

  @Test
  void live_writes_win_over_repairs_beside_them() throws Exception {
    AnnotationConfigApplicationContext node = shop.node(NO_FUSE, "fuse-at-least=100000");
    AtomicBoolean over = new AtomicBoolean();
    Random random = new Random(7);
    long[] versions = new long[20];
    Thread sales =
        Thread.ofPlatform()
            .start(
                () -> {
                  for (long n = 1; !over.get(); n++) {
                    int item = random.nextInt(versions.length);
                    versions[item] = 10 + n;
                    shop.sell("S-" + item, 10 + n, random.nextLong(2_000));
                    shop.moveMark();
                  }
                });
    Random hand = new Random(8);
    for (int i = 0; i < 15; i++) {
      for (int j = 0; j < 5; j++) {
        String key = at("availability:S-" + hand.nextInt(versions.length) + "@MAIN");
        switch (hand.nextInt(4)) {
          case 0 -> shop.redis.ask("DEL", key);
          case 1 -> shop.redis.ask("HSET", key, "onHand", "-5");
          case 2 -> shop.redis.ask("HINCRBY", key, "version", "40");
          default -> shop.redis.ask("ZADD", at("low-stock"), "0", ReconciledShop.STRAY);
        }
      }
      assertThat(run(node, true).phase()).isEqualTo(Phase.DONE);
    }
    over.set(true);
    sales.join();

    run(node, true);

    assertThat(counts(node, run(node, false))).isEmpty();
    for (int i = 0; i < versions.length; i++) {
      String key = "availability:S-" + i + "@MAIN";
      assertThat(shop.field(key, "version"))
          .isEqualTo(
              Long.toString(shop.expected.find(List.of(key)).values().iterator().next().version()));
    }
  }

  @Test
  void a_run_is_gone_on_with_by_another_node_and_the_first_one_lets_go() throws Exception {
    CountDownLatch atHalf = new CountDownLatch(1);
    CountDownLatch goOn = new CountDownLatch(1);
    AnnotationConfigApplicationContext first = shop.node("lanes=1", "look-every=1m", "silence=1m");
    Map<String, String> wanted = shop.corrupt();
    shop.expected.setBeforeBucket(
        bucket -> {
          if (bucket == 512 && Thread.currentThread().getName().startsWith("reconciliation-lane")) {
            atHalf.countDown();
            try {
              goOn.await(PATIENCE.toSeconds(), TimeUnit.SECONDS);
            } catch (InterruptedException e) {
              Thread.currentThread().interrupt();
            }
          }
        });
    Run run = ((Sweeps.Begun.Yes) first.getBean(Sweeps.class).begin(false)).run();
    assertThat(atHalf.await(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
    // As if it had been at work for its last look, and then was silent.
    assertThat(first.getBean(RunTable.class).find(run.id()).orElseThrow().endedAt()).isNull();
    shop.tables
        .asOwner()
        .sql("update reconciliation_run set next_bucket = 512, beat_at = '-infinity'")
        .update();
    shop.expected.setBeforeBucket(_ -> {});

    AnnotationConfigApplicationContext second = shop.node();
    Run ended = end(second, run);
    goOn.countDown();

    assertThat(ended.phase()).as(ended.toString()).isEqualTo(Phase.DONE);
    assertThat(ended.attempts()).isEqualTo(2);
    assertThat(ended.node()).isNotEqualTo(run.node());
    assertThat(ended.compared()).isBetween(ALL / 3, ALL * 2 / 3);
    assertThat(found(second, ended)).isEqualTo(wanted);
    assertThat(rows(counts(second, ended), "found")).isEqualTo(wanted.size());
  }

  @Test
  void a_node_that_goes_down_leaves_its_run_to_another() throws Exception {
    CountDownLatch atHalf = new CountDownLatch(1);
    AnnotationConfigApplicationContext first = shop.node("lanes=1");
    shop.expected.setBeforeBucket(
        bucket -> {
          if (bucket >= 512) {
            atHalf.countDown();
            try {
              new CountDownLatch(1).await(PATIENCE.toSeconds(), TimeUnit.SECONDS);
            } catch (InterruptedException e) {
              Thread.currentThread().interrupt();
            }
          }
        });
    Run run = ((Sweeps.Begun.Yes) first.getBean(Sweeps.class).begin(true)).run();
    assertThat(atHalf.await(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
    RunTable table = first.getBean(RunTable.class);
    await().atMost(PATIENCE).until(() -> table.find(run.id()).orElseThrow().nextBucket() == 512);
    AnnotationConfigApplicationContext second = shop.node();
    assertThat(second.getBean(Sweeps.class).begin(false))
        .isEqualTo(new Sweeps.Begun.OneIsUnderWay());

    shop.expected.setBeforeBucket(_ -> {}); // the second one may go on at once
    first.close();

    Run ended = end(second, run);
    assertThat(ended.phase()).as(ended.toString()).isEqualTo(Phase.DONE);
    assertThat(ended.compared()).isEqualTo(ALL);
    assertThat(counts(second, ended)).isEmpty();
  }

  @Test
  void the_nightly_run_is_begun_once_by_whichever_node() throws Exception {
    shop.setNow(Instant.parse("2026-11-22T01:59:58Z"));
    AnnotationConfigApplicationContext one = shop.node("nightly=0 0 2 * * *", "zone=UTC");
    AnnotationConfigApplicationContext two = shop.node("nightly=0 0 2 * * *", "zone=UTC");
    RunTable table = one.getBean(RunTable.class);
    shop.awaitLooksAtTheClock(2); // before it is two
    await().during(Duration.ofMillis(200)).atMost(PATIENCE).until(() -> table.last(10).isEmpty());

    shop.setNow(Instant.parse("2026-11-22T02:00:01Z"));

    await().atMost(PATIENCE).until(() -> !table.last(10).isEmpty());
    Run run = end(two, table.last(10).getFirst());
    await().during(Duration.ofMillis(200)).atMost(PATIENCE).until(() -> table.last(10).size() == 1);
    assertThat(run.askedBy()).isEqualTo("clock");
    assertThat(run.apply()).isFalse();
  }
}
