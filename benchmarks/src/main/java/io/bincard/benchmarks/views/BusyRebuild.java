package io.bincard.benchmarks.views;

import io.bincard.benchmarks.load.Sample;
import io.bincard.benchmarks.views.Caller.Answer;
import java.io.IOException;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.HdrHistogram.Histogram;
import org.jspecify.annotations.Nullable;

/**
 * One rebuild while units are sold and figures are read, over HTTP, each at a fixed pace. Every
 * figure that is read is held against what the journal must have come to at its version: its items
 * began with a number of units, and each event after that took one. In the end every row is held
 * against the journal itself, added up by SQL.
 */
public final class BusyRebuild {

  private static final int SALES_A_SECOND = 2_000;
  private static final int READS_A_SECOND = 1_000;
  private static final int PAGES_A_SECOND = 20;
  private static final int SELLERS = 64;
  private static final int READERS = 32;
  private static final int PAGERS = 8;

  /** Items of a page. */
  private static final int A_PAGE = 100;

  private static final int OPENING = 1_000_000_000;

  /** Spreads consecutive numbers over the items; odd and no multiple of a power of ten. */
  private static final long STRIDE = 7_368_787;

  private static final Duration WARM_UP = Duration.ofSeconds(5);
  private static final Duration AROUND = Duration.ofSeconds(2);
  private static final Duration PATIENCE = Duration.ofMinutes(2);
  private static final int DIGITS = 3;
  private static final int NAMED = 5;
  private static final int FETCHED = 10_000;
  private static final String SKU = "\"sku\":\"FILL-";

  private final int port;
  private final String url;
  private final int items;
  private final String keys = "busy-" + System.currentTimeMillis() + "-";
  private final AtomicLongArray seen;
  private final AtomicLong asked = new AtomicLong();
  private final AtomicLong notByViews = new AtomicLong();
  private final Queue<String> wrong = new ConcurrentLinkedQueue<>();
  private final Queue<Told> told = new ConcurrentLinkedQueue<>();
  private volatile boolean isOver;

  private enum Kind {
    SALE,
    READ,
    PAGE
  }

  /** A request that was due at one time and answered, or not, at another. */
  private record Told(Kind kind, long due, long end, boolean isDone) {}

  /**
   * A ledger with a past of {@code items} items of a long journal.
   *
   * @param url of its schema, for who may read it
   */
  public BusyRebuild(int port, String url, int items) {
    this.port = port;
    this.url = url;
    this.items = items;
    this.seen = new AtomicLongArray(items);
  }

  /**
   * Load for {@code quiet}, one rebuild under it, load for {@code quiet} again; a table of it all.
   *
   * @throws IllegalStateException if an answer was wrong, or none came, or a row differs in the end
   */
  public String run(Duration quiet) throws Exception {
    List<Thread> callers = new ArrayList<>();
    start(callers, Kind.SALE, SELLERS, SALES_A_SECOND);
    start(callers, Kind.READ, READERS, READS_A_SECOND);
    start(callers, Kind.PAGE, PAGERS, PAGES_A_SECOND);
    long begun;
    long switched;
    Sample rebuild;
    try (ViewRebuild views = new ViewRebuild(port)) {
      LockSupport.parkNanos(WARM_UP.plus(quiet).toNanos());
      begun = System.nanoTime();
      rebuild = views.round();
      switched = System.nanoTime();
      LockSupport.parkNanos(quiet.toNanos());
    } finally {
      isOver = true;
      for (Thread caller : callers) {
        caller.join();
      }
    }
    String table = table(begun, switched, rebuild);
    long unanswered = told.stream().filter(each -> !each.isDone()).count();
    if (unanswered > 0 || !wrong.isEmpty()) {
      throw new IllegalStateException(
          table + unanswered + " requests failed; wrong: " + wrong.stream().limit(NAMED).toList());
    }
    return table + inTheEnd();
  }

  private void start(List<Thread> callers, Kind kind, int count, int perSecond) {
    long interval = TimeUnit.SECONDS.toNanos(count) / perSecond;
    for (int i = 0; i < count; i++) {
      callers.add(Thread.ofPlatform().name(kind.name() + i).start(() -> goOn(kind, interval)));
    }
  }

  /** At a fixed pace: what comes due while an answer is late is late, too. */
  private void goOn(Kind kind, long interval) {
    Caller caller = null;
    for (long due = System.nanoTime(); !isOver; due += interval) {
      for (long early = due - System.nanoTime(); early > 0; early = due - System.nanoTime()) {
        LockSupport.parkNanos(early);
      }
      boolean isDone = false;
      try {
        caller = caller == null ? new Caller(port) : caller;
        isDone = ask(caller, kind, asked.getAndIncrement());
      } catch (IOException e) {
        wrong.add(e.toString());
        caller = null;
      }
      told.add(new Told(kind, due, System.nanoTime(), isDone));
    }
  }

  private boolean ask(Caller caller, Kind kind, long number) throws IOException {
    int item = Math.floorMod(number * STRIDE, items);
    return switch (kind) {
      case SALE -> caller.ask(sale(item, number)).status() == 201;
      case READ -> isRight(caller, "/v1/stock/FILL-" + item, item, 1);
      case PAGE -> isRight(caller, page(item), item, A_PAGE);
    };
  }

  private String sale(int item, long number) {
    String body = "{\"quantity\":1,\"orderId\":\"order-" + number + "\"}";
    return "POST /v1/stock/FILL-%d/deductions HTTP/1.1\r\nHost: benchmark\r\nContent-Type: application/json\r\nIdempotency-Key: %s%d\r\nContent-Length: %d\r\n\r\n%s"
        .formatted(item, keys, number, body.length(), body);
  }

  private String page(int item) {
    return "/v1/stock?skus="
        + IntStream.range(item, item + A_PAGE)
            .mapToObj(i -> "FILL-" + i % items)
            .collect(Collectors.joining(","));
  }

  /** Asks for so many items and holds each that is answered against the versions seen before. */
  private boolean isRight(Caller caller, String path, int first, int count) throws IOException {
    long[] before = new long[count];
    for (int i = 0; i < count; i++) {
      before[i] = seen.get((first + i) % items);
    }
    Answer answer = caller.ask("GET " + path + " HTTP/1.1\r\nHost: benchmark\r\n\r\n");
    int found = 0;
    for (Figures each = Figures.next(answer.body(), 0);
        each != null;
        each = Figures.next(answer.body(), each.end())) {
      found++;
      int place = Math.floorMod(each.item() - first, items);
      if (place >= count || each.version() < before[place] || !each.isOf(OPENING)) {
        wrong.add(each + " after version " + (place < count ? before[place] : -1));
      } else {
        seen.accumulateAndGet(each.item(), each.version(), Math::max);
      }
      if (!each.isByView()) {
        notByViews.incrementAndGet();
      }
    }
    return answer.status() == 200 && found == count;
  }

  /**
   * What an answer says of an item.
   *
   * @param end where in the answer that was said
   */
  private record Figures(
      int item, long version, long onHand, long available, boolean isByView, int end) {

    static @Nullable Figures next(String body, int from) {
      int at = body.indexOf(SKU, from);
      if (at < 0) {
        return null;
      }
      int end = body.indexOf('}', at);
      String words = body.substring(at, end);
      return new Figures(
          Math.toIntExact(number(words, SKU)),
          number(words, "\"version\":"),
          number(words, "\"onHand\":"),
          number(words, "\"available\":"),
          words.contains("\"source\":\"view\""),
          end);
    }

    private static long number(String words, String name) {
      int from = words.indexOf(name) + name.length();
      int to = from;
      while (to < words.length()
          && (Character.isDigit(words.charAt(to)) || words.charAt(to) == '-')) {
        to++;
      }
      return Long.parseLong(words, from, to, 10);
    }

    boolean isOf(long opening) {
      return onHand == opening - version && available == onHand;
    }
  }

  private enum When {
    BEFORE,
    DURING,
    AT_THE_SWITCH,
    AFTER
  }

  private String table(long begun, long switched, Sample rebuild) {
    StringBuilder table =
        new StringBuilder(
            String.format(
                Locale.ROOT,
                "%n- a rebuild of %,d events under load: %.1f s, %,.0f events a second%n- wrong answers: %d; answered by the ledger and not by views: %d%n%n",
                rebuild.done(),
                rebuild.done() / rebuild.perSecond(),
                rebuild.perSecond(),
                wrong.size(),
                notByViews.get()));
    table.append("| what | when | done | failed | p50 ms | p99 ms | longest ms |\n");
    table.append("|---|---|---:|---:|---:|---:|---:|\n");
    long first = told.stream().mapToLong(Told::due).min().orElse(begun) + WARM_UP.toNanos();
    for (Kind kind : Kind.values()) {
      for (When when : When.values()) {
        Sample sample =
            sample(
                told.stream()
                    .filter(each -> each.kind() == kind && each.due() >= first)
                    .filter(each -> when(each, begun, switched) == when)
                    .toList());
        table.append(
            String.format(
                Locale.ROOT,
                "| %s | %s | %,d | %d | %.2f | %.2f | %.2f |%n",
                kind.name().toLowerCase(Locale.ROOT),
                when.name().toLowerCase(Locale.ROOT).replace('_', ' '),
                sample.done(),
                sample.failed(),
                sample.p50(),
                sample.p99(),
                sample.max()));
      }
    }
    return table.toString();
  }

  private static Sample sample(List<Told> some) {
    Histogram latencies = new Histogram(DIGITS);
    some.forEach(each -> latencies.recordValue(each.end() - each.due()));
    long failed = some.stream().filter(each -> !each.isDone()).count();
    return Sample.of(some.size() - failed, failed, 1, latencies);
  }

  /** The seconds around the switch are those of whoever had to wait then. */
  private static When when(Told each, long begun, long switched) {
    if (each.end() < begun) {
      return When.BEFORE;
    }
    if (each.end() < switched - AROUND.toNanos()) {
      return When.DURING;
    }
    return each.due() < switched + AROUND.toNanos() ? When.AT_THE_SWITCH : When.AFTER;
  }

  /** Waits for the last sales and holds every item, as it is read, against the journal. */
  private String inTheEnd() throws Exception {
    long[] versions = new long[items];
    long[] units = new long[items];
    addUp(versions, units);
    long until = System.nanoTime() + PATIENCE.toNanos();
    try (Caller caller = new Caller(port)) {
      for (int first = 0; first < items; first += A_PAGE) {
        while (!isAsTheJournal(caller, first, versions, units)) {
          if (System.nanoTime() > until) {
            throw new IllegalStateException("of the items from " + first + " on some differ");
          }
          LockSupport.parkNanos(AROUND.toNanos() / NAMED);
        }
      }
    }
    return String.format(
        Locale.ROOT, "%n- %,d rows in the end, each as the journal adds up%n", items);
  }

  private void addUp(long[] versions, long[] units) throws SQLException {
    try (Connection connection = DriverManager.getConnection(url);
        Statement statement = connection.createStatement()) {
      connection.setAutoCommit(false);
      statement.setFetchSize(FETCHED);
      try (ResultSet rows =
          statement.executeQuery(
              """
              select split_part(split_part(stream, '@', 1), '-', 2)::int, max(sequence),
                sum(case type when 'stock-item-registered' then (payload->>'openingQuantity')::bigint
                  when 'stock-deducted' then -(payload->>'quantity')::bigint end)
              from event_journal where stream like 'stock:FILL-%' group by stream
              """)) {
        while (rows.next()) {
          versions[rows.getInt(1)] = rows.getLong(2);
          units[rows.getInt(1)] = rows.getLong(3);
        }
      }
    }
  }

  private boolean isAsTheJournal(Caller caller, int first, long[] versions, long[] units)
      throws IOException {
    Answer answer = caller.ask("GET " + page(first) + " HTTP/1.1\r\nHost: benchmark\r\n\r\n");
    int same = 0;
    for (Figures each = Figures.next(answer.body(), 0);
        each != null;
        each = Figures.next(answer.body(), each.end())) {
      if (each.isByView()
          && each.version() == versions[each.item()]
          && each.onHand() == units[each.item()]) {
        same++;
      }
    }
    return same == A_PAGE;
  }
}
