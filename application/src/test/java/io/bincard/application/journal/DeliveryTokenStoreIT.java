package io.bincard.application.journal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.bincard.application.fixture.EmptyLedger;
import io.bincard.application.fixture.RunningBincard;
import java.util.List;
import org.axonframework.eventhandling.GlobalSequenceTrackingToken;
import org.axonframework.eventhandling.tokenstore.TokenStore;
import org.axonframework.eventhandling.tokenstore.jdbc.JdbcTokenStore;
import org.axonframework.eventhandling.tokenstore.jdbc.TokenSchema;
import org.axonframework.serialization.jackson3.Jackson3Serializer;
import org.axonframework.spring.jdbc.SpringDataSourceConnectionProvider;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.datasource.DataSourceTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/** Receipts of what consumers have processed, and the view of the journal that shows them. */
class DeliveryTokenStoreIT {

  private static final String CONSUMER = "consumer";
  private static final String RECEIPTS =
      "select consumer || ' ' || from_position || '-' || to_position from delivery_receipt"
          + " order by ctid";

  private EmptyLedger ledger;
  private TokenStore tokens;
  private TransactionTemplate transactions;

  @BeforeEach
  void start() {
    ledger = new EmptyLedger();
    tokens = tokenStore();
    transactions = new TransactionTemplate(new DataSourceTransactionManager(ledger.dataSource()));
    tokens.initializeTokenSegments(CONSUMER, 1, at(0));
  }

  @AfterEach
  void close() {
    ledger.close();
  }

  private TokenStore tokenStore() {
    return new DeliveryTokenStore(
        JdbcTokenStore.builder()
            .connectionProvider(new SpringDataSourceConnectionProvider(ledger.dataSource()))
            .nodeId("node")
            .serializer(Jackson3Serializer.builder().build())
            .schema(
                TokenSchema.builder()
                    .setTokenTable("token_entry")
                    .setProcessorNameColumn("processor_name")
                    .setTokenTypeColumn("token_type")
                    .build()));
  }

  @Test
  void each_move_of_a_token_is_one_receipt_and_a_long_one_is_cut() {
    tokens.fetchToken(CONSUMER, 0);
    store(5);
    store(5);
    store(6);
    store(2_506);

    assertThat(receipts())
        .containsExactly(
            "consumer 1-5",
            "consumer 6-6",
            "consumer 7-1006",
            "consumer 1007-2006",
            "consumer 2007-2506");
  }

  @Test
  void a_token_that_goes_back_has_no_receipt_and_what_is_processed_again_has_another() {
    tokens.fetchToken(CONSUMER, 0);
    store(5);
    store(0);
    store(3);

    assertThat(receipts()).containsExactly("consumer 1-5", "consumer 1-3");
  }

  @Test
  void a_move_that_was_rolled_back_leaves_no_receipt_and_no_gap() {
    tokens.fetchToken(CONSUMER, 0);
    store(5);
    transactions.executeWithoutResult(
        transaction -> {
          tokens.storeToken(at(9), CONSUMER, 0);
          transaction.setRollbackOnly();
        });
    tokens.fetchToken(CONSUMER, 0);
    store(7);

    assertThat(receipts()).containsExactly("consumer 1-5", "consumer 6-7");
  }

  @Test
  void another_node_goes_on_from_the_token_it_took_over() {
    tokens.fetchToken(CONSUMER, 0);
    store(5);
    tokens = tokenStore();
    tokens.fetchToken(CONSUMER, 0);
    store(8);

    assertThat(receipts()).containsExactly("consumer 1-5", "consumer 6-8");
  }

  @Test
  void the_audit_shows_when_each_event_reached_the_views_and_no_row_of_the_journal_changed()
      throws Exception {
    try (RunningBincard bincard = RunningBincard.withOwnLedger()) {
      bincard.post("/v1/stock-items", "k1", "{\"sku\":\"A\",\"openingQuantity\":10}");
      bincard.post("/v1/stock/A/deductions", "k2", "{\"quantity\":1,\"orderId\":\"o\"}");
      bincard.post("/v1/stock/A/deductions", "k3", "{\"quantity\":2,\"orderId\":\"o\"}");

      await()
          .untilAsserted(
              () ->
                  assertThat(
                          bincard
                              .sql()
                              .sql(
                                  """
                                  select position || ' ' || type || ' ' || consumer from event_journal_audit
                                  where processed_at >= created_at order by position
                                  """)
                              .query(String.class)
                              .list())
                      .containsExactly(
                          "1 stock-item-registered availability",
                          "2 stock-deducted availability",
                          "3 stock-deducted availability"));
      assertThat(
              bincard
                  .sql()
                  .sql("select count(*) from event_journal where xmax::text <> '0'")
                  .query(Long.class)
                  .single())
          .isZero();
    }
  }

  private void store(long position) {
    transactions.executeWithoutResult(_ -> tokens.storeToken(at(position), CONSUMER, 0));
  }

  private static GlobalSequenceTrackingToken at(long position) {
    return new GlobalSequenceTrackingToken(position);
  }

  private List<String> receipts() {
    return ledger.texts(RECEIPTS);
  }
}
