package io.bincard.application.reconciliation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.bincard.application.fixture.RunningBincard;
import io.bincard.reconciliation.expected.Expectations;
import io.bincard.reconciliation.expected.ExpectedRow;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Reconciliation's own fold in whole nodes. */
class FoldNodesIT {

  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final String KEY = "availability:A@MAIN";
  private static final String ON = "bincard.reconciliation.enabled=true";
  private static final String SOON = "bincard.reconciliation.fold.claim-interval=100ms";

  /** A run reads the fold's tables all the time, and a trigger is only dropped when nobody does. */
  private static final String NO_WATCH = "bincard.reconciliation.watch.every=0";

  private int keys;

  private void deduct(RunningBincard bincard) throws Exception {
    assertThat(
            bincard
                .post(
                    "/v1/stock/A/deductions",
                    "nodes-" + keys++,
                    "{\"quantity\":1,\"orderId\":\"o\"}")
                .statusCode())
        .isEqualTo(201);
  }

  private void register(RunningBincard bincard) throws Exception {
    assertThat(
            bincard
                .post(
                    "/v1/stock-items",
                    "nodes-" + keys++,
                    "{\"sku\":\"A\",\"openingQuantity\":1000}")
                .statusCode())
        .isEqualTo(201);
  }

  private static String onHand(RunningBincard bincard) {
    ExpectedRow row = bincard.bean(Expectations.class).find(List.of(KEY)).get(KEY);
    return row == null ? "no row" : row.fields().getOrDefault("onHand", "no field");
  }

  private static void awaitFolded(RunningBincard bincard, long position) {
    await().atMost(PATIENCE).until(() -> bincard.bean(Expectations.class).position() == position);
  }

  private static String token(JdbcClient sql) {
    return sql.sql(
            "select convert_from(token, 'UTF8') from token_entry where processor_name ="
                + " 'reconciliation'")
        .query(String.class)
        .single();
  }

  /** Both nodes are one to Axon, for they share a process: only the lock keeps them apart. */
  @Test
  @SuppressWarnings("try") // the first node goes down in the middle
  void two_nodes_fold_each_event_once_and_one_goes_on_when_the_other_is_gone() throws Exception {
    try (RunningBincard first = RunningBincard.onLedger("folded", ON, SOON);
        RunningBincard second = RunningBincard.onLedger("folded", ON, SOON)) {
      register(first);
      for (int i = 0; i < 20; i++) {
        deduct(i % 2 == 0 ? first : second);
      }
      awaitFolded(second, 21);
      assertThat(onHand(second)).isEqualTo("980");

      first.close();
      deduct(second);
      awaitFolded(second, 22);

      assertThat(onHand(second)).isEqualTo("979");
      assertThat(
              second
                  .sql()
                  .sql(
                      "select count(*) from event_journal e where not exists (select from"
                          + " event_journal_audit a where a.position = e.position and a.consumer ="
                          + " 'reconciliation')")
                  .query(Long.class)
                  .single())
          .as("events that nobody says reconciliation was told")
          .isZero();
    }
  }

  /** As if the node were killed when all is written and nothing committed. */
  @Test
  void rows_position_and_token_stay_or_go_together() throws Exception {
    try (RunningBincard bincard = RunningBincard.onLedger("together", ON, SOON, NO_WATCH)) {
      register(bincard);
      awaitFolded(bincard, 1);
      JdbcClient owner = RunningBincard.ownersSqlOf("together");
      owner
          .sql(
              """
              create sequence tried;
              grant usage on tried to public;
              create function fail() returns trigger language plpgsql as $$
              begin
                perform nextval('tried');
                raise exception 'no commit now';
              end
              $$;
              create constraint trigger fail after update on expected_head deferrable initially deferred
                for each row execute function fail()
              """)
          .update();
      String token = token(owner);

      deduct(bincard);
      await()
          .atMost(PATIENCE)
          .until(() -> owner.sql("select last_value from tried").query(Long.class).single() >= 2);

      assertThat(token(owner)).isEqualTo(token);
      assertThat(bincard.bean(Expectations.class).position()).isEqualTo(1);
      assertThat(onHand(bincard)).isEqualTo("1000");
      owner.sql("drop trigger fail on expected_head").update();
      awaitFolded(bincard, 2);
      assertThat(onHand(bincard)).isEqualTo("999");
      assertThat(token(owner)).contains("2");
    }
  }

  @Test
  void a_node_that_is_told_to_takes_no_part() throws Exception {
    try (RunningBincard bincard =
        RunningBincard.withOwnLedger("bincard.reconciliation.enabled=false")) {
      register(bincard);

      assertThat(
              bincard
                  .sql()
                  .sql("select count(*) from token_entry where processor_name = 'reconciliation'")
                  .query(Long.class)
                  .single())
          .isZero();
      assertThat(bincard.get("/actuator/prometheus").body())
          .doesNotContain("bincard_reconciliation_");
    }
  }
}
