package io.bincard.application.tutorial;

import static java.util.stream.Collectors.joining;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.bincard.application.fixture.LedgerClock;
import io.bincard.application.fixture.RunningBincard;
import io.bincard.application.repricing.PricingJob;
import io.bincard.application.tiers.TierKeeper;
import java.io.BufferedReader;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import java.util.zip.GZIPInputStream;
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
  private static final Path ORDERS = TUTORIAL.resolve("online-retail-2010-12-to-2011-08.csv.gz");
  private static final Path REPORT = Path.of("target", "shop-prices.md");
  private static final int INVOICES = Integer.getInteger("bincard.shop.invoices", 2_200);

  /** The newsletter's readers, and the invoices that are taken back: one of so many. */
  private static final int READERS = 5;

  private static final int TAKEN_BACK = 50;
  private static final long LEAST_FOR_THE_CODE = 3_000;

  /** Invoice and SKU from the left, the rest from the right of what may hold commas. */
  private static final Pattern LINE =
      Pattern.compile("([^,]*),([^,]*),.*,(-?\\d+),([-\\d]+ [\\d:]+),([^,]*),([^,]*),[^,]*");

  private record Line(String sku, long quantity, long unitPrice) {
    String json() {
      return "{\"sku\":\"%s\",\"quantity\":%d,\"unitPrice\":{\"amount\":%d,\"currency\":\"GBP\"}}"
          .formatted(sku, quantity, unitPrice);
    }
  }

  private record Invoice(String number, Instant time, @Nullable String customer, List<Line> lines) {

    long listPrice() {
      return lines.stream().mapToLong(line -> line.quantity() * line.unitPrice()).sum();
    }

    boolean isTakenBack() {
      return Math.floorMod(number.hashCode(), TAKEN_BACK) == 0;
    }

    private boolean showsTheCode() {
      return customer != null
          && Long.parseLong(customer) % READERS == 0
          && listPrice() >= LEAST_FOR_THE_CODE;
    }

    String commands() {
      String applied =
          "{\"key\":\"apply-%s\",\"type\":\"apply-discount\",\"orderId\":\"%s\",\"onExhausted\":\"skip\",%s%s\"lines\":[%s]}\n"
              .formatted(
                  number,
                  number,
                  customer == null ? "" : "\"customer\":\"" + customer + "\",",
                  showsTheCode() ? "\"coupons\":[\"NEWS5\"]," : "",
                  lines.stream().map(Line::json).collect(joining(",")));
      return isTakenBack()
          ? applied
              + "{\"key\":\"revoke-%s\",\"type\":\"revoke-discount\",\"orderId\":\"%s\"}\n"
                  .formatted(number, number)
          : applied;
    }
  }

  @Test
  void every_price_of_the_shop_is_made_again_to_the_last_reason() throws Exception {
    List<Invoice> invoices = invoices();
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

      String repriced = job(bincard, 0, "reprice");
      assertThat(repriced).contains("%,d orders".formatted(invoices.size()), ": 0 differ");
      String same =
          job(
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
              "continue", minute.getValue().stream().map(Invoice::commands).collect(joining()));
      Iterator<String> told = answers.body().lines().iterator();
      for (Invoice invoice : minute.getValue()) {
        discount += discountIn(invoice, told.next());
        if (invoice.isTakenBack()) {
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

  private static String job(RunningBincard bincard, int exitCode, String... arguments) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ByteArrayOutputStream progress = new ByteArrayOutputStream();
    List<String> all = new ArrayList<>(Arrays.asList(arguments));
    for (String setting :
        List.of("spring.datasource.url", "spring.datasource.username", "bincard.ledger")) {
      all.add("--" + setting + "=" + bincard.property(setting));
    }
    int ended =
        PricingJob.run(
            all.toArray(String[]::new),
            new PrintStream(out, true, StandardCharsets.UTF_8),
            new PrintStream(progress, true, StandardCharsets.UTF_8));
    assertThat(ended).as(out + "\n" + progress).isEqualTo(exitCode);
    return out.toString(StandardCharsets.UTF_8);
  }

  /** The first invoices of the file that sell something, in the order of their times. */
  private static List<Invoice> invoices() throws IOException {
    Map<String, Invoice> invoices = new LinkedHashMap<>();
    try (BufferedReader lines =
        new BufferedReader(
            new InputStreamReader(
                new GZIPInputStream(Files.newInputStream(ORDERS)), StandardCharsets.UTF_8))) {
      lines.readLine();
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        Matcher fields = LINE.matcher(line);
        assertThat(fields.matches()).as(line).isTrue();
        long quantity = Long.parseLong(fields.group(3));
        BigDecimal price = new BigDecimal(fields.group(5));
        if (quantity < 1 || price.signum() < 0) {
          continue; // returned, written off, or a correction of the books
        }
        Instant time = Instant.parse(fields.group(4).replace(' ', 'T') + "Z");
        String customer = fields.group(6).replaceFirst("\\.0$", "");
        invoices
            .computeIfAbsent(
                fields.group(1),
                number ->
                    new Invoice(
                        number, time, customer.isEmpty() ? null : customer, new ArrayList<>()))
            .lines()
            .add(
                new Line(
                    fields.group(2),
                    quantity,
                    price.movePointRight(2).setScale(0, RoundingMode.HALF_EVEN).longValueExact()));
      }
    }
    return invoices.values().stream()
        .sorted(Comparator.comparing(Invoice::time))
        .limit(INVOICES)
        .toList();
  }
}
