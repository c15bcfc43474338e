package io.bincard.application.api;

import static org.assertj.core.api.Assertions.assertThat;

import io.bincard.application.fixture.Keys;
import io.bincard.application.fixture.RunningBincard;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

/** Keys that tell an age at which nothing is run. */
class AgedKeysIT {

  private static final RunningBincard bincard = RunningBincard.shared();

  private final String expired = Keys.uuidV7(Instant.now().minus(Duration.ofDays(91)), 1);
  private final String ahead = Keys.uuidV7(Instant.now().plus(Duration.ofDays(3)), 1);
  private final long before = receipts();

  @Test
  void a_key_older_than_any_receipt_is_refused_and_its_command_not_run() throws Exception {
    HttpResponse<String> refused = bincard.post("/v1/stock-items", expired, "{\"sku\":\"AGED\"}");

    assertThat(refused.statusCode()).isEqualTo(410);
    assertThat(refused.body()).contains("\"/problems/idempotency-key-expired\"");
    assertThat(bincard.get("/v1/commands/" + expired).statusCode()).isEqualTo(410);
    assertThat(bincard.get("/v1/stock/AGED").statusCode()).isEqualTo(404);
    assertThat(receipts()).isEqualTo(before);
  }

  @Test
  void a_key_of_the_future_is_refused_and_was_never_answered() throws Exception {
    HttpResponse<String> refused = bincard.post("/v1/stock-items", ahead, "{\"sku\":\"AGED\"}");

    assertThat(refused.statusCode()).isEqualTo(400);
    assertThat(refused.body()).contains("\"/problems/idempotency-key-ahead\"");
    assertThat(bincard.get("/v1/commands/" + ahead).statusCode()).isEqualTo(404);
    assertThat(receipts()).isEqualTo(before);
  }

  @Test
  void a_line_of_a_batch_is_told_the_same_and_the_others_are_done() throws Exception {
    String fresh = Keys.uuidV7(Instant.now(), 1);
    HttpResponse<String> answered =
        bincard.batch("continue", line(expired) + line(ahead) + line(fresh));

    assertThat(answered.body().lines())
        .satisfiesExactly(
            told -> assertThat(told).contains("\"invalid\"", "idempotency-key-expired"),
            told -> assertThat(told).contains("\"invalid\"", "idempotency-key-ahead"),
            told -> assertThat(told).contains(fresh, "unknown-stock-item"));
  }

  private static String line(String key) {
    return "{\"key\":\"%s\",\"type\":\"receive-stock\",\"sku\":\"AGED\",\"quantity\":1}\n"
        .formatted(key);
  }

  private static long receipts() {
    return bincard.sql().sql("select count(*) from command_receipt").query(Long.class).single();
  }
}
