package io.bincard.application.tutorial;

import static java.util.stream.Collectors.joining;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.bincard.application.fixture.LedgerClock;
import io.bincard.application.fixture.RunningBincard;
import io.bincard.application.tiers.TierKeeper;
import io.bincard.application.timers.Timers;
import io.bincard.application.tutorial.ShopInvoices.Invoice;
import io.bincard.domain.hold.HoldCommand;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.PriorityQueue;
import java.util.Random;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * The real shop's invoices as holds, each placed at its own time and priced by the tutorial's
 * policy: a seeded draw says which are confirmed, whole or in part, released or forgotten. In the
 * end the books are balanced per item and per budget. Of all invoices with {@code
 * -Dbincard.shop.invoices=20000}.
 */
class ShopHoldsIT {

  private static final Path TUTORIAL = Path.of("..", "docs", "tutorial", "a-real-shop");
  private static final Path REPORT = Path.of("target", "shop-holds.md");
  private static final int INVOICES = Integer.getInteger("bincard.shop.invoices", 700);
  private static final long SEED = Long.getLong("bincard.shop.seed", 5);
  private static final int TTL_SECONDS = 900;
  private static final long NEWSLETTER = 50_000;

  /** So much of what is asked for is there, in percent: the rest has to be refused. */
  private static final int STOCKED = 97;

  private static final JsonMapper JSON = JsonMapper.shared();

  /** What becomes of a hold; so many of a hundred. */
  private enum Fate {
    CONFIRMED(55),
    CONFIRMED_IN_PART(12),
    CONFIRMED_IN_PART_AND_FORGOTTEN(6),
    EXTENDED_AND_CONFIRMED(7),
    RELEASED(10),
    FORGOTTEN(10);

    private final int share;

    Fate(int share) {
      this.share = share;
    }

    static Fate drawn(Random random) {
      int left = random.nextInt(100);
      for (Fate fate : values()) {
        left -= fate.share;
        if (left < 0) {
          return fate;
        }
      }
      throw new IllegalStateException("the shares do not come to a hundred");
    }
  }

  /** At most {@link HoldCommand#MAX_LINES} lines of an invoice. */
  private static final class Order {
    private final String id;
    private final Invoice invoice;
    private final List<ShopInvoices.Line> lines;
    private final Fate fate;
    private final Random random;
    private String hold = "";

    Order(Invoice invoice, int part, List<ShopInvoices.Line> lines) {
      this.id = invoice.number() + "-" + part;
      this.invoice = new Invoice(invoice.number(), invoice.time(), invoice.customer(), lines);
      this.lines = lines;
      this.random = new Random(SEED ^ id.hashCode());
      this.fate = Fate.drawn(random);
    }

    String place() {
      return "{\"key\":\"place-%s\",\"type\":\"place-hold\",\"orderId\":\"%s\",\"onExhausted\":\"skip\",\"ttlSeconds\":%d,%s\"lines\":[%s]}\n"
          .formatted(
              id,
              id,
              TTL_SECONDS,
              invoice.customerAndCoupons(),
              lines.stream().map(ShopInvoices.Line::json).collect(joining(",")));
    }

    /** The second step, {@code null} for none. */
    @Nullable String step() {
      return switch (fate) {
        case CONFIRMED -> confirmation("");
        case CONFIRMED_IN_PART -> confirmation("\"lines\":[" + some() + "]");
        case CONFIRMED_IN_PART_AND_FORGOTTEN ->
            confirmation("\"rest\":\"keep\",\"lines\":[" + some() + "]");
        case EXTENDED_AND_CONFIRMED ->
            "{\"key\":\"extend-%s\",\"type\":\"extend-hold\",\"hold\":\"%s\",\"ttlSeconds\":%d}\n"
                    .formatted(id, hold, 2 * TTL_SECONDS)
                + confirmation("");
        case RELEASED ->
            "{\"key\":\"release-%s\",\"type\":\"release-hold\",\"hold\":\"%s\"}\n"
                .formatted(id, hold);
        case FORGOTTEN -> null;
      };
    }

    private String confirmation(String members) {
      return "{\"key\":\"confirm-%s\",\"type\":\"confirm-hold\",\"hold\":\"%s\"%s}\n"
          .formatted(id, hold, members.isEmpty() ? "" : "," + members);
    }

    /** The first line, and a part of some others. */
    private String some() {
      List<String> some = new ArrayList<>();
      for (ShopInvoices.Line line : lines) {
        long units =
            some.isEmpty()
                ? 1 + random.nextLong(line.quantity())
                : random.nextLong(line.quantity() + 1);
        if (units > 0) {
          some.add("{\"sku\":\"%s\",\"quantity\":%d}".formatted(line.sku(), units));
        }
      }
      return String.join(",", some);
    }
  }

  /** Something that happens at its time. */
  private record Moment(Instant at, Order order, boolean isPlacing) {}

  private final Map<String, Long> opening = new TreeMap<>();
  private final Map<String, Long> sold = new HashMap<>();
  private final Map<Fate, Long> fates = new TreeMap<>();
  private long placed;
  private long refused;

  /** What holds cost that were confirmed whole, by the stream of the hold. */
  private final Map<String, Long> confirmedPrices = new HashMap<>();

  @Test
  void the_books_are_balanced_whatever_becomes_of_the_shops_holds() throws Exception {
    PriorityQueue<Moment> moments =
        new PriorityQueue<>(
            Comparator.comparing(Moment::at)
                .thenComparing(moment -> moment.isPlacing() ? 1 : 0)
                .thenComparing(moment -> moment.order().id));
    for (Invoice invoice : ShopInvoices.first(INVOICES)) {
      for (int from = 0; from < invoice.lines().size(); from += HoldCommand.MAX_LINES) {
        List<ShopInvoices.Line> lines =
            invoice
                .lines()
                .subList(from, Math.min(from + HoldCommand.MAX_LINES, invoice.lines().size()));
        lines.forEach(line -> opening.merge(line.sku(), line.quantity(), Long::sum));
        moments.add(new Moment(invoice.time(), new Order(invoice, from, lines), true));
      }
    }
    opening.replaceAll((sku, units) -> Math.max(1, units * STOCKED / 100));
    try (LedgerClock clock = new LedgerClock(moments.element().at());
        RunningBincard bincard =
            RunningBincard.withOwnLedger(
                "bincard.policies.folder=" + TUTORIAL.resolve("policies"),
                "bincard.policies.environment=prod",
                "bincard.api.max-line=64KB")) {
      await()
          .untilAsserted(
              () -> assertThat(bincard.get("/v1/policies").body()).contains("\"inForce\""));
      register(bincard);
      sell(bincard, clock, moments);
      clock.move(Duration.ofDays(1));
      bincard.bean(TierKeeper.class).keep();
      bincard.bean(Timers.class).runDue();

      assertItemsAreBalanced(bincard);
      assertHoldsAreBalanced(bincard);
      assertBudgetsAreBalanced(bincard);
      assertThat(PricingJobs.run(bincard, 0, "reprice"))
          .contains("%,d orders".formatted(placed), ": 0 differ");
      Files.writeString(REPORT, report(bincard));
    }
  }

  private void register(RunningBincard bincard) throws Exception {
    String answers =
        bincard
            .batch(
                "continue",
                opening.entrySet().stream()
                    .map(
                        item ->
                            "{\"key\":\"register-%s\",\"type\":\"register-stock-item\",\"sku\":\"%s\",\"openingQuantity\":%d}\n"
                                .formatted(
                                    item.getKey().replace(' ', '_'),
                                    item.getKey(),
                                    item.getValue()))
                    .collect(joining()))
            .body();
    assertThat(answers.lines()).allMatch(line -> line.contains("\"status\":\"done\""));
  }

  /** Lets everything happen at its time, and time go by for the ledger too. */
  private void sell(RunningBincard bincard, LedgerClock clock, PriorityQueue<Moment> moments)
      throws Exception {
    LocalDate day = LocalDate.EPOCH;
    while (!moments.isEmpty()) {
      Instant now = moments.element().at();
      clock.set(now);
      if (!LocalDate.ofInstant(now, ZoneOffset.UTC).equals(day)) {
        day = LocalDate.ofInstant(now, ZoneOffset.UTC);
        bincard.bean(TierKeeper.class).keep();
      }
      bincard.bean(Timers.class).runDue();
      List<Moment> together = new ArrayList<>();
      while (!moments.isEmpty() && moments.element().at().equals(now)) {
        together.add(moments.remove());
      }
      StringBuilder commands = new StringBuilder();
      for (Moment moment : together) {
        commands.append(moment.isPlacing() ? moment.order().place() : moment.order().step());
      }
      HttpResponse<String> answers = bincard.batch("continue", commands.toString());
      Iterator<String> told = answers.body().lines().iterator();
      for (Moment moment : together) {
        if (moment.isPlacing()) {
          isPlaced(moment, JSON.readTree(told.next()), moments);
        } else {
          isDone(moment.order(), told);
        }
      }
    }
  }

  private void isPlaced(Moment moment, JsonNode answer, PriorityQueue<Moment> moments) {
    Order order = moment.order();
    if (answer.path("status").asString().equals("rejected")) {
      assertThat(answer.at("/problem/type").asString()).isEqualTo("/problems/order-refused");
      assertThat(answer.at("/problem/insufficient").size()).as(answer.toString()).isPositive();
      refused++;
      return;
    }
    JsonNode hold = answer.path("hold");
    assertThat(hold.path("status").asString()).as(answer.toString()).isEqualTo("placed");
    long price = 0;
    for (JsonNode line : hold.path("lines")) {
      price += line.at("/finalPrice/amount").asLong();
    }
    assertThat(price)
        .isEqualTo(hold.at("/finalPrice/amount").asLong())
        .isEqualTo(hold.at("/price/finalPrice/amount").asLong());
    placed++;
    fates.merge(order.fate, 1L, Long::sum);
    order.hold = hold.path("id").asString();
    if (order.step() != null) {
      moments.add(
          new Moment(
              moment.at().plusSeconds(60 + order.random.nextInt(TTL_SECONDS - 61)), order, false));
    }
  }

  private void isDone(Order order, Iterator<String> told) {
    JsonNode answer = JSON.readTree(told.next());
    assertThat(answer.path("status").asString()).as(answer.toString()).isEqualTo("done");
    if (order.fate == Fate.EXTENDED_AND_CONFIRMED) {
      answer = JSON.readTree(told.next());
      assertThat(answer.path("status").asString()).as(answer.toString()).isEqualTo("done");
    }
    for (JsonNode line : answer.path("hold").path("lines")) {
      sold.merge(line.path("sku").asString(), line.path("confirmed").asLong(), Long::sum);
    }
    if (order.fate == Fate.CONFIRMED || order.fate == Fate.EXTENDED_AND_CONFIRMED) {
      confirmedPrices.put(
          answer.path("stream").asString(), answer.at("/hold/finalPrice/amount").asLong());
    }
  }

  private void assertItemsAreBalanced(RunningBincard bincard) {
    Map<String, Long> soldByTheBooks = new HashMap<>();
    bincard
        .sql()
        .sql(
            """
            select payload->>'sku' sku,
              coalesce(sum((payload->>'quantity')::bigint) filter (where type = 'reservation-confirmed'), 0) sold,
              coalesce(sum((payload->>'quantity')::bigint * case type when 'stock-reserved' then 1 else -1 end)
                filter (where type in ('stock-reserved', 'reservation-confirmed', 'reservation-released', 'reservation-expired')), 0) held
            from event_journal where stream like 'stock:%' group by 1
            """)
        .query(
            row -> {
              String sku = row.getString("sku");
              assertThat(row.getLong("held")).as("still held of " + sku).isZero();
              assertThat(row.getLong("sold"))
                  .as(sku)
                  .isEqualTo(sold.getOrDefault(sku, 0L))
                  .isLessThanOrEqualTo(Objects.requireNonNull(opening.get(sku)));
              soldByTheBooks.put(sku, row.getLong("sold"));
            });
    assertThat(soldByTheBooks.keySet()).isEqualTo(opening.keySet());
  }

  private void assertHoldsAreBalanced(RunningBincard bincard) {
    assertThat(refused).isPositive();
    assertThat(fates.keySet()).containsExactly(Fate.values());
    assertThat(count(bincard, "type = 'hold-placed'")).isEqualTo(placed);
    assertThat(count(bincard, "type = 'hold-expired'"))
        .isEqualTo(of(Fate.FORGOTTEN) + keptInPart(bincard));
    assertThat(count(bincard, "type = 'hold-released'")).isEqualTo(of(Fate.RELEASED));
    Map<String, Long> byTheBooks = new HashMap<>();
    bincard
        .sql()
        .sql(
            """
            select e.stream, sum((part->'finalPrice'->>'amount')::bigint) price
            from event_journal e, json_array_elements(e.payload->'parts') part
            where e.type = 'hold-confirmed' group by 1
            """)
        .query(
            row -> {
              byTheBooks.put(row.getString("stream"), row.getLong("price"));
            });
    assertThat(byTheBooks)
        .as("what was confirmed whole costs what was promised")
        .containsAllEntriesOf(confirmedPrices);
  }

  private long of(Fate fate) {
    return fates.getOrDefault(fate, 0L);
  }

  private static long keptInPart(RunningBincard bincard) {
    return count(bincard, "type = 'hold-confirmed' and payload->>'rest' = 'keep'");
  }

  private static void assertBudgetsAreBalanced(RunningBincard bincard) {
    assertThat(
            number(
                bincard,
                """
                select coalesce(max(taken), 0) from (
                  select sum(case type
                      when 'budget-reserved' then (payload->'amount'->>'amount')::bigint
                      when 'budget-released' then -(payload->'amount'->>'amount')::bigint
                      else 0 end) over (order by position) as taken
                  from event_journal where stream = 'campaign:newsletter') as t
                """))
        .as("spent and reserved, at the most")
        .isBetween(1L, NEWSLETTER);
    assertThat(
            number(
                bincard,
                """
                select coalesce(sum(case type when 'budget-reserved' then 1 else -1 end
                    * (payload->'amount'->>'amount')::bigint), 0)
                from event_journal where type in ('budget-reserved', 'budget-spent', 'budget-released')
                """))
        .as("what is still reserved")
        .isZero();
    assertThat(
            number(
                bincard,
                """
                select coalesce(sum(case when type = 'budget-reserved' then 1
                    else -(payload->'promise'->>'uses')::bigint end), 0)
                from event_journal where type in ('budget-reserved', 'budget-spent', 'budget-released')
                """))
        .as("uses that are still reserved")
        .isZero();
  }

  private String report(RunningBincard bincard) {
    StringBuilder report = new StringBuilder("| | |\n|---|---:|\n");
    row(report, "items", opening.size());
    row(report, "holds placed", placed);
    fates.forEach(
        (fate, many) ->
            row(report, "  " + fate.name().toLowerCase(Locale.ROOT).replace('_', ' '), many));
    row(report, "refused, for units that were gone", refused);
    row(report, "units sold", sold.values().stream().mapToLong(Long::longValue).sum());
    for (String type :
        List.of(
            "stock-reserved",
            "reservation-confirmed",
            "reservation-released",
            "reservation-expired")) {
      row(
          report,
          "units of " + type,
          number(
              bincard,
              "select coalesce(sum((payload->>'quantity')::bigint), 0) from event_journal where type = '"
                  + type
                  + "'"));
    }
    for (String type : List.of("budget-reserved", "budget-spent", "budget-released")) {
      row(
          report,
          "pence of " + type + " by the newsletter",
          number(
              bincard,
              "select coalesce(sum((payload->'amount'->>'amount')::bigint), 0) from event_journal"
                  + " where stream = 'campaign:newsletter' and type = '"
                  + type
                  + "'"));
    }
    row(report, "events", count(bincard, "true"));
    return report.toString();
  }

  private static void row(StringBuilder report, String what, long many) {
    report.append("| %s | %,d |%n".formatted(what, many));
  }

  private static long count(RunningBincard bincard, String condition) {
    return number(bincard, "select count(*) from event_journal where " + condition);
  }

  private static long number(RunningBincard bincard, String query) {
    return bincard.sql().sql(query).query(Long.class).single();
  }
}
