package io.bincard.application.stock;

import static java.util.stream.Collectors.counting;
import static java.util.stream.Collectors.groupingBy;
import static org.assertj.core.api.Assertions.assertThat;

import io.bincard.application.fixture.RunningBincard;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class RaceIT {

  private final RunningBincard bincard = RunningBincard.shared();

  @Test
  void a_thousand_units_are_sold_a_thousand_times_to_64_clients_that_ask_five_thousand_times()
      throws Exception {
    register("RACE", 1_000);

    List<HttpResponse<String>> answers =
        inParallel(
            64,
            5_000,
            i ->
                bincard.post(
                    "/v1/stock/RACE/deductions",
                    "race-" + i,
                    "{\"quantity\":1,\"orderId\":\"o-" + i + "\"}"));

    Map<Integer, Long> byStatus =
        answers.stream().collect(groupingBy(HttpResponse::statusCode, counting()));
    assertThat(byStatus).isEqualTo(Map.of(201, 1_000L, 409, 4_000L));
    assertThat(answers)
        .filteredOn(answer -> answer.statusCode() == 409)
        .allMatch(answer -> answer.body().contains("/problems/insufficient-stock"));
    assertThat(journaledDeductions("RACE")).isEqualTo(1_000);
    assertThat(bincard.get("/v1/stock/RACE?minPosition=1").body()).contains("\"onHand\":0,");
  }

  @Test
  void fifty_twins_have_one_effect_and_get_one_answer() throws Exception {
    register("TWINS", 100);

    List<HttpResponse<String>> answers =
        inParallel(
            50,
            50,
            i ->
                bincard.post(
                    "/v1/stock/TWINS/deductions",
                    "twin",
                    "{\"quantity\":7,\"orderId\":\"o-twin\"}"));

    assertThat(answers).allMatch(answer -> answer.statusCode() == 201);
    assertThat(answers.stream().map(HttpResponse::body).distinct()).hasSize(1);
    assertThat(journaledDeductions("TWINS")).isEqualTo(1);
  }

  private void register(String sku, long units) throws Exception {
    HttpResponse<String> registered =
        bincard.post(
            "/v1/stock-items",
            "register-" + sku,
            "{\"sku\":\"" + sku + "\",\"openingQuantity\":" + units + "}");
    assertThat(registered.statusCode()).isEqualTo(201);
  }

  private long journaledDeductions(String sku) {
    return bincard
        .sql()
        .sql("select count(*) from event_journal where stream = ? and type = 'stock-deducted'")
        .param("stock:" + sku + "@MAIN")
        .query(Long.class)
        .single();
  }

  private interface Request {
    HttpResponse<String> send(int i) throws Exception;
  }

  private static List<HttpResponse<String>> inParallel(int clients, int requests, Request request)
      throws Exception {
    try (ExecutorService executor = Executors.newFixedThreadPool(clients)) {
      List<Callable<HttpResponse<String>>> calls =
          IntStream.range(0, requests)
              .<Callable<HttpResponse<String>>>mapToObj(i -> () -> request.send(i))
              .toList();
      return executor.invokeAll(calls).stream().map(RaceIT::join).toList();
    }
  }

  private static HttpResponse<String> join(Future<HttpResponse<String>> answer) {
    try {
      return answer.get();
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }
}
