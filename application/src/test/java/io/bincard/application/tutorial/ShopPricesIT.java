package io.bincard.application.tutorial;

import static java.util.stream.Collectors.joining;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.bincard.application.fixture.LedgerClock;
import io.bincard.application.fixture.RunningBincard;
import io.bincard.application.tiers.TierKeeper;
import io.bincard.application.tutorial.ShopInvoices.Invoice;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * The real shop's invoices, each priced at its own time by the policy of the tutorial, and every
 * price made again from the journal. Of all of them with {@code -Dbincard.shop.invoices=20000}.
 */
class ShopPricesIT {

  private static final Path TUTORIAL = Path.of("..", "docs", "tutorial", "a-real-shop");
  private static final Path REPORT = Path.of("target", "shop-prices.md");
  private static final int INVOICES = Integer.getInteger("bincard.shop.invoices", 2_200);

  /** One invoice of so many is taken back. */
  private static final int TAKEN_BACK = 50;

  private static boolean isTakenBack(Invoice invoice) {
    return Math.floorMod(invoice.number().hashCode(), TAKEN_BACK) == 0;
  }

  private static String commands(Invoice invoice) {
    String applied =
        "{\"key\":\"apply-%s\",\"type\":\"apply-discount\",\"orderId\":\"%s\",\"onExhausted\":\"skip\",%s\"lines\":[%s]}\n"
            .formatted(
                invoice.number(),
                invoice.number(),
                invoice.customerAndCoupons(),
                invoice.lines().stream().map(ShopInvoices.Line::json).collect(joining(",")));
    return isTakenBack(invoice)
        ? applied
            + "{\"key\":\"revoke-%s\",\"type\":\"revoke-discount\",\"orderId\":\"%s\"}\n"
                .formatted(invoice.number(), invoice.number())
        : applied;
  }

  @Test
  void every_price_of_the_shop_is_made_again_to_the_last_reason() throws Exception {
    List<Invoice> invoices = ShopInvoices.first(INVOICES);
    try (LedgerClock clock = new LedgerClock(invoices.getFirst().time());
        RunningBincard bincard =
            RunningBincard.withOwnLedger(
                "bincard.policies.folder=" + TUTORIAL.resolve("policies"),
                "bincard.policies.environment=prod",
                "bincard.api.max-line=512KB")) {
      await()
          .untilAsserted(
              () -> assertThat(bincard.get("/v1/policies").body()).contains("\"inForce\""));

      long discount = sell(invoices, bincard, clock);

      String repriced = PricingJobs.run(bincard, 0, "reprice");
      assertThat(repriced).contains("%,d orders".formatted(invoices.size()), ": 0 differ");
      String same =
          PricingJobs.run(
              bincard,
              0,
              "what-if",
              "--policies=" + TUTORIAL.resolve("policies"),
              "--environment=prod");
      List<String[]> rules =
          same.lines()
              .filter(line -> line.matches("\\| .*\\d \\|"))
              .map(line -> line.split(" *\\| *", -1))
              .toList();
      assertThat(rules).hasSizeGreaterThan(8);
      assertThat(rules)
          .as("the policy of then, on the orders of then, gives what was given then")
          .allSatisfy(
              rule -> {
                assertThat(rule[4]).as(rule[1]).isEqualTo(rule[2]);
                assertThat(rule[5]).as(rule[1]).isEqualTo(rule[3]);
              });
      assertThat(rules.getLast()[3]).isEqualTo("%,d".formatted(discount));
      Files.writeString(REPORT, repriced + "\n" + same);
      assertBudgetIsKept(bincard);
    }
  }

  /** Prices all of them, each at its time; returns what was taken off. */
  private static long sell(List<Invoice> invoices, RunningBincard bincard, LedgerClock clock)
      throws Exception {
    long discount = 0;
    LocalDate day = LocalDate.EPOCH;
    Map<Instant, List<Invoice>> byTime = new LinkedHashMap<>();
    invoices.forEach(
        invoice -> byTime.computeIfAbsent(invoice.time(), _ -> new ArrayList<>()).add(invoice));
    for (Map.Entry<Instant, List<Invoice>> minute : byTime.entrySet()) {
      clock.set(minute.getKey());
      LocalDate today = LocalDate.ofInstant(minute.getKey(), ZoneOffset.UTC);
      if (!today.equals(day)) {
        day = today;
        bincard.bean(TierKeeper.class).keep();
      }
      HttpResponse<String> answers =
          bincard.batch(
              "continue",
              minute.getValue().stream().map(ShopPricesIT::commands).collect(joining()));
      Iterator<String> told = answers.body().lines().iterator();
      for (Invoice invoice : minute.getValue()) {
        discount += discountIn(invoice, told.next());
        if (isTakenBack(invoice)) {
          assertThat(told.next()).contains("\"status\":\"done\"");
        }
      }
    }
    return discount;
  }

  /** Adds the answer up in every direction. */
  private static long discountIn(Invoice invoice, String answer) {
    JsonNode order = JsonMapper.shared().readTree(answer).path("order");
    assertThat(order.isObject()).as(answer).isTrue();
    long discount = order.at("/discount/amount").asLong();
    assertThat(order.at("/listPrice/amount").asLong()).isEqualTo(invoice.listPrice());
    assertThat(order.at("/finalPrice/amount").asLong())
        .isEqualTo(invoice.listPrice() - discount)
        .isEqualTo(sum(order.path("lines"), "/finalPrice/amount"));
    assertThat(sum(order.path("rules"), "/amount/amount")).isEqualTo(discount);
    assertThat(
            stream(order.path("lines"))
                .mapToLong(line -> sum(line.path("adjustments"), "/amount/amount"))
                .sum())
        .isEqualTo(discount);
    return discount;
  }

  private static long sum(JsonNode list, String amount) {
    return stream(list).mapToLong(each -> each.at(amount).asLong()).sum();
  }

  private static Stream<JsonNode> stream(JsonNode list) {
    return StreamSupport.stream(list.spliterator(), false);
  }

  private static void assertBudgetIsKept(RunningBincard bincard) {
    List<@Nullable Long> spent =
        bincard
            .sql()
            .sql(
                """
                select (payload->'amount'->>'amount')::bigint
                  * case type when 'budget-spent' then 1 else -1 end
                from event_journal where stream = 'campaign:newsletter' order by position
                """)
            .query(Long.class)
            .list();
    assertThat(spent).hasSizeGreaterThan(100);
    long sum = 0;
    for (Long each : spent) {
      sum += Objects.requireNonNull(each);
      assertThat(sum).isBetween(0L, 50_000L);
    }
    assertThat(sum).as("the budget was the limit").isEqualTo(50_000);
  }
}
