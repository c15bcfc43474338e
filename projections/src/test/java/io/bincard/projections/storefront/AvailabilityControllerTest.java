package io.bincard.projections.storefront;

import static org.assertj.core.api.Assertions.assertThat;
import static org.springframework.test.web.servlet.request.MockMvcRequestBuilders.get;
import static org.springframework.test.web.servlet.result.MockMvcResultMatchers.content;
import static org.springframework.test.web.servlet.result.MockMvcResultMatchers.header;
import static org.springframework.test.web.servlet.result.MockMvcResultMatchers.status;

import io.bincard.domain.InvalidValueException;
import io.bincard.domain.stock.LocationId;
import io.bincard.domain.stock.Quantity;
import io.bincard.domain.stock.Sku;
import io.bincard.domain.stock.StockEvent.StockItemRegistered;
import io.bincard.domain.stock.StockItemId;
import io.bincard.projections.fixture.LedgerInMemory;
import io.bincard.projections.fixture.Promise;
import io.bincard.projections.fixture.SettableClock;
import java.net.URI;
import java.time.Instant;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.test.web.servlet.MockMvc;
import org.springframework.test.web.servlet.ResultActions;
import org.springframework.test.web.servlet.request.MockHttpServletRequestBuilder;
import org.springframework.test.web.servlet.setup.MockMvcBuilders;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.RestControllerAdvice;

/**
 * Parameters, status codes and bodies of {@code GET /v1/stock}; the answers come from a ledger in
 * memory.
 */
class AvailabilityControllerTest {

  private final LedgerInMemory ledger = new LedgerInMemory();
  private final SettableClock clock = new SettableClock(Instant.parse("2026-12-01T12:00:00Z"));
  private final MockMvc http =
      MockMvcBuilders.standaloneSetup(
              new AvailabilityController(
                  new LedgerAvailabilities(ledger, new ReadCounts(), clock), 5))
          .setControllerAdvice(new StorefrontProblemAdvice(), new AsTheApplicationDoes())
          .build();

  /** The application maps what breaks the rule of a value. */
  @RestControllerAdvice
  static final class AsTheApplicationDoes {

    @ExceptionHandler
    ResponseEntity<String> refuse(InvalidValueException e) {
      return ResponseEntity.badRequest().body(e.getMessage());
    }
  }

  private ResultActions ask(String path) throws Exception {
    return http.perform(get(URI.create(path)));
  }

  @Test
  void answers_with_every_field_and_the_version_as_tag() throws Exception {
    ledger.deduct(ledger.register("85123A", 10), 3);

    ask("/v1/stock/85123A")
        .andExpect(status().isOk())
        .andExpect(content().contentType(MediaType.APPLICATION_JSON))
        .andExpect(header().string("ETag", "\"3\""))
        .andExpect(header().string("Cache-Control", "no-cache"))
        .andExpect(
            content()
                .string(
                    """
                    {"sku":"85123A","location":"MAIN","onHand":7,"reserved":0,"available":7,"version":3,\
                    "asOfPosition":4,"ageMillis":0,"frozen":false,"source":"ledger","stale":false}"""));
  }

  @Test
  void spares_the_body_for_who_has_the_version_already() throws Exception {
    ledger.register("A", 10);

    http.perform(get("/v1/stock/A").header("If-None-Match", "\"0\""))
        .andExpect(status().isNotModified());
  }

  @Test
  void tells_who_has_the_version_already_that_a_promise_has_lapsed() throws Exception {
    StockItemId item = ledger.register("A", 10);
    Promise promise = Promise.of(item, 1, 4, clock.instant().plusSeconds(60));
    ledger.publish(promise.made());
    MockHttpServletRequestBuilder again = get("/v1/stock/A").header("If-None-Match", "\"1\"");
    ask("/v1/stock/A")
        .andExpect(header().string("ETag", "\"1\""))
        .andExpect(content().json("{\"reserved\": 4, \"available\": 6}"));
    http.perform(again).andExpect(status().isNotModified());

    clock.setTo(promise.until());
    http.perform(again)
        .andExpect(status().isOk())
        .andExpect(header().doesNotExist("ETag"))
        .andExpect(content().json("{\"reserved\": 0, \"available\": 10, \"version\": 1}"));

    ledger.publish(promise.expired());
    http.perform(again)
        .andExpect(status().isOk())
        .andExpect(header().string("ETag", "\"2\""))
        .andExpect(content().json("{\"reserved\": 0, \"available\": 10}"));
  }

  @ParameterizedTest
  @CsvSource({"A%20b, A b", "A%23b, A#b", "A+b, A+b", "A%2Bb, A+b", "A:b, A:b", "A-b_c.d, A-b_c.d"})
  void takes_every_character_that_a_sku_may_have(String encoded, String sku) throws Exception {
    ledger.register(sku, 1);

    ask("/v1/stock/" + encoded).andExpect(status().isOk());
    ask("/v1/stock?skus=" + encoded.replace("A+b", "A%2Bb"))
        .andExpect(status().isOk())
        .andExpect(
            result ->
                assertThat(result.getResponse().getContentAsString())
                    .contains("\"sku\":\"" + sku + "\"", "\"unknown\":[]"));
  }

  @Test
  void asks_the_location_that_is_named() throws Exception {
    ledger.publish(
        new StockItemRegistered(
            new Sku("A"), new LocationId("LEEDS"), new Quantity(4), Quantity.ZERO, Quantity.ZERO));

    ask("/v1/stock/A?location=LEEDS").andExpect(status().isOk());
    ask("/v1/stock/A").andExpect(status().isNotFound());
    ask("/v1/stock?skus=A&location=LEEDS")
        .andExpect(
            result ->
                assertThat(result.getResponse().getContentAsString())
                    .contains("\"location\":\"LEEDS\""));
  }

  @Test
  void says_which_item_is_unknown() throws Exception {
    ask("/v1/stock/A?location=LEEDS")
        .andExpect(status().isNotFound())
        .andExpect(content().contentType(MediaType.APPLICATION_PROBLEM_JSON))
        .andExpect(
            content()
                .json(
                    """
                    {"type": "/problems/unknown-stock-item", "title": "Unknown stock item", "status": 404,
                     "sku": "A", "location": "LEEDS"}"""));
  }

  @Test
  void admits_a_stale_answer() throws Exception {
    ledger.register("A", 10);

    ask("/v1/stock/A?minPosition=999999999999999999")
        .andExpect(status().isOk())
        .andExpect(content().json("{\"stale\": true, \"asOfPosition\": 1}"));
  }

  @Test
  void lists_many_once_each_and_names_the_unknown() throws Exception {
    ledger.register("A", 1);
    ledger.register("B", 2);

    ask("/v1/stock?skus=B,X,A,B,X,B")
        .andExpect(status().isOk())
        .andExpect(
            content()
                .json(
                    """
                    {"items": [{"sku": "B", "available": 2}, {"sku": "A", "available": 1}],
                     "unknown": ["X"]}"""));
  }

  @Test
  void takes_a_parameter_given_twice_as_one_list() throws Exception {
    ask("/v1/stock?skus=A&skus=B")
        .andExpect(status().isOk())
        .andExpect(content().json("{\"items\": [], \"unknown\": [\"A\", \"B\"]}"));
  }

  @Test
  void refuses_more_skus_than_the_limit_and_counts_them_once_each() throws Exception {
    ask("/v1/stock?skus=A,B,C,D,E,A,B").andExpect(status().isOk());
    ask("/v1/stock?skus=A,B,C,D,E,F")
        .andExpect(status().isBadRequest())
        .andExpect(content().contentType(MediaType.APPLICATION_PROBLEM_JSON))
        .andExpect(
            content()
                .json(
                    """
                    {"type": "/problems/too-many-skus", "status": 400, "requested": 6, "limit": 5}"""));
  }

  @Test
  void refuses_a_list_as_long_as_a_book() throws Exception {
    String skus =
        IntStream.range(0, 20_000).mapToObj(i -> "S" + i).collect(Collectors.joining(","));

    ask("/v1/stock?skus=" + skus).andExpect(status().isBadRequest());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/v1/stock/A?minPosition=-1",
        "/v1/stock/A?minPosition=x",
        "/v1/stock/A?minPosition=1.0",
        "/v1/stock/A?minPosition=1e3",
        "/v1/stock/A?minPosition=0x10",
        "/v1/stock/A?minPosition=%201",
        "/v1/stock/A?minPosition=%2B1",
        "/v1/stock/A?minPosition=9223372036854775808",
        "/v1/stock/A?minPosition=%D9%A3",
        "/v1/stock/A?location=%20",
        "/v1/stock/A?location=a@b",
        "/v1/stock/%0D%0AA",
        "/v1/stock/A%1B%5B31m",
        "/v1/stock/%24%7Bjndi:ldap:x%7D",
        "/v1/stock/%22A%22",
        "/v1/stock/A*",
        "/v1/stock/%5BA-Z%5D",
        "/v1/stock/A%3F",
        "/v1/stock/A%00",
        "/v1/stock/A%40MAIN",
        "/v1/stock/%F0%9F%98%80",
        "/v1/stock/A%20",
        "/v1/stock",
        "/v1/stock?skus=",
        "/v1/stock?skus=,",
        "/v1/stock?skus=A,,B",
        "/v1/stock?skus=A,",
        "/v1/stock?skus=A,B*",
      })
  void refuses_bad_input(String path) throws Exception {
    ledger.register("A", 1);

    ask(path).andExpect(status().isBadRequest());
  }

  @Test
  void refuses_a_sku_that_is_too_long() throws Exception {
    ask("/v1/stock/" + "A".repeat(65)).andExpect(status().isBadRequest());
  }
}
