package io.bincard.application.reconciliation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.bincard.application.fixture.RunningBincard;
import io.bincard.reconciliation.expected.Expectations;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Reconciliation's own fold in whole nodes. */
class FoldNodesIT {

  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final String KEY = "availability:A@MAIN";
  private static final String[] SOON = {
    "bincard.reconciliation.fold.claim-interval=100ms", "bincard.cluster.claim-timeout=1s"
  };

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
    return Objects.requireNonNull(
            bincard.bean(Expectations.class).find(List.of(KEY)).get(KEY), "the row of A")
        .fields()
        .get("onHand");
  }

  private static void awaitFolded(RunningBincard bincard, long position) {
    await().atMost(PATIENCE).until(() -> bincard.bean(Expectations.class).position() == position);
  }

  private static List<String> owners(JdbcClient sql) {
    return sql.sql(
            "select owner from token_entry where processor_name = 'reconciliation' and owner is"
                + " not null")
        .query(String.class)
        .list();
  }

  private static String token(JdbcClient sql) {
    return sql.sql(
            "select convert_from(token, 'UTF8') from token_entry where processor_name ="
                + " 'reconciliation'")
        .query(String.class)
        .single();
  }

  @Test
  void one_node_folds_and_another_one_goes_on_when_it_is_gone() throws Exception {
    try (RunningBincard first = RunningBincard.onLedger("folded", 8, SOON);
        RunningBincard second = RunningBincard.onLedger("folded", 8, SOON)) {
      register(first);
      deduct(second);
      awaitFolded(second, 2);
      JdbcClient sql = second.sql();
      List<String> owners = owners(sql);
      assertThat(owners).hasSize(1);

      first.close();
      deduct(second);
      awaitFolded(second, 3);

      assertThat(onHand(second)).isEqualTo("998");
      assertThat(owners(sql)).hasSize(1).doesNotContainAnyElementsOf(owners);
      assertThat(
              sql.sql(
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
    try (RunningBincard bincard = RunningBincard.onLedger("together", 7, SOON)) {
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

      assertThat(owners(bincard.sql())).isEmpty();
      assertThat(bincard.get("/actuator/prometheus").body())
          .doesNotContain("bincard_reconciliation_");
    }
  }
}
