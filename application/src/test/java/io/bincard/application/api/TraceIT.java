package io.bincard.application.api;

import static org.assertj.core.api.Assertions.assertThat;

import io.bincard.application.fixture.RunningBincard;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TraceIT {

  private static final String TRACE = "4bf92f3577b34da6a3ce929d0e0e4736";
  private static final String CALLER = "00f067aa0ba902b7";
  private static final String WELL_FORMED = "00-[0-9a-f]{32}-[0-9a-f]{16}-0[01]";

  private final RunningBincard bincard = RunningBincard.shared();

  @ParameterizedTest
  @ValueSource(strings = {"00", "01"})
  void a_trace_goes_on_in_a_span_of_its_own(String flags) throws Exception {
    String span = register("TRACE-GOES-ON-" + flags, "00-" + TRACE + "-" + CALLER + "-" + flags);

    assertThat(span)
        .matches(WELL_FORMED)
        .startsWith("00-" + TRACE + "-")
        .doesNotContain(CALLER)
        .endsWith("-" + flags);
    assertThat(storedWith("TRACE-GOES-ON-" + flags)).isEqualTo(span);
  }

  @Test
  void a_request_without_a_trace_begins_one() throws Exception {
    String span = register("TRACE-BEGINS", "");

    assertThat(span).matches(WELL_FORMED).endsWith("-00").doesNotContain(TRACE);
    assertThat(storedWith("TRACE-BEGINS")).isEqualTo(span);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "nonsense",
        "00-" + TRACE + "-" + CALLER,
        "00-4BF92F3577B34DA6A3CE929D0E0E4736-" + CALLER + "-01",
        "00-00000000000000000000000000000000-" + CALLER + "-01",
        "00-" + TRACE + "-0000000000000000-01",
        "ff-" + TRACE + "-" + CALLER + "-01"
      })
  void a_malformed_trace_is_left_and_a_new_one_begins(String malformed) throws Exception {
    String sku = "TRACE-" + Integer.toHexString(malformed.hashCode());
    String span = register(sku, malformed);

    assertThat(span).matches(WELL_FORMED).doesNotContain(TRACE).endsWith("-00");
    assertThat(storedWith(sku)).isEqualTo(span);
  }

  @Test
  void every_line_of_a_batch_is_stored_with_the_span_of_the_request() throws Exception {
    HttpResponse<String> answer =
        bincard.batch(
            "continue",
            """
            {"key":"trace-line-1","type":"register-stock-item","sku":"TRACE-LINE-1"}
            {"key":"trace-line-2","type":"register-stock-item","sku":"TRACE-LINE-2"}
            """);

    assertThat(storedWith("TRACE-LINE-1")).isEqualTo(spanOf(answer));
    assertThat(storedWith("TRACE-LINE-2")).isEqualTo(spanOf(answer));
  }

  @ParameterizedTest
  @ValueSource(strings = {"/v1/stock/TRACE-NOWHERE", "/nowhere", "/actuator/health/liveness"})
  void every_answer_tells_its_span(String path) throws Exception {
    assertThat(spanOf(bincard.get(path))).matches(WELL_FORMED);
  }

  private String register(String sku, String traceParent) throws Exception {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(bincard.uri("/v1/stock-items"))
            .header("Content-Type", "application/json")
            .header("Idempotency-Key", sku)
            .POST(HttpRequest.BodyPublishers.ofString("{\"sku\":\"" + sku + "\"}"));
    if (!traceParent.isEmpty()) {
      request.header("traceparent", traceParent);
    }
    HttpResponse<String> answer =
        bincard
            .http()
            .send(request.build(), HttpResponse.BodyHandlers.ofString(StandardCharsets.UTF_8));
    assertThat(answer.statusCode()).isEqualTo(201);
    return spanOf(answer);
  }

  private static String spanOf(HttpResponse<?> answer) {
    return answer.headers().firstValue("traceparent").orElse("");
  }

  private String storedWith(String sku) {
    return bincard
        .sql()
        .sql("select metadata ->> 'traceparent' from event_journal where stream = ?")
        .param("stock:" + sku + "@MAIN")
        .query(String.class)
        .single();
  }
}
