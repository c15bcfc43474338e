package io.bincard.benchmarks.ledger;

import io.bincard.application.journal.JournalTail;
import io.bincard.application.writer.Answer;
import io.bincard.application.writer.LedgerBusyException;
import io.bincard.benchmarks.load.ClosedLoop;
import io.bincard.benchmarks.load.OpenLoop;
import io.bincard.benchmarks.load.Overload;
import io.bincard.benchmarks.load.Sample;
import io.bincard.benchmarks.load.Sink;
import io.bincard.domain.stock.StockItem;
import io.bincard.domain.stock.StockItems;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.LongStream;
import javax.sql.DataSource;
import org.HdrHistogram.Histogram;
import org.axonframework.commandhandling.CommandMessage;
import org.axonframework.commandhandling.CommandResultMessage;
import org.axonframework.commandhandling.gateway.CommandGateway;
import org.springframework.context.ApplicationContext;
import org.springframework.jdbc.core.simple.JdbcClient;

/** The ledger of a running application, driven through Axon's command gateway in its process. */
final class Ledger {

  private static final int CALLERS = 2_000;

  private static final String VIEW_POSITION = "bincard.view.position";
  private static final String POSITION = "\"position\":";
  private static final long LOOK_NANOS = 100_000;
  private static final int DIGITS = 3;

  /** Slower than any machine that this is worth running on. */
  private static final int PLACED_A_SECOND = 6_000;

  private static final int EXPIRED_A_SECOND = 4_000;
  private static final int LEAST_SECONDS = 3;

  /** Before the first hold may fall due, however few there are: a machine may be busy. */
  private static final int PLACING_SECONDS = 20;

  private static final Duration VIEWS_PATIENCE = Duration.ofHours(2);

  private final CommandGateway gateway;
  private final StockItems stockItems;
  private final JournalTail tail;
  private final JdbcClient sql;
  private final MeterRegistry meters;
  private final ExpiryWatch watch;
  private int items;
  private int series = Math.toIntExact(System.currentTimeMillis() >>> 10);
  private long onHand;
  private long positionBefore;

  Ledger(ApplicationContext application) {
    this.gateway = application.getBean(CommandGateway.class);
    this.stockItems = application.getBean(StockItems.class);
    this.tail = application.getBean(JournalTail.class);
    this.sql = JdbcClient.create(application.getBean(DataSource.class));
    this.meters = application.getBean(MeterRegistry.class);
    this.watch = application.getBean(ExpiryWatch.class);
  }

  private void send(CommandMessage<?> message, Sink.Done done) {
    gateway.send(
        message,
        (sent, result) ->
            done.with(
                !result.isExceptional()
                    && result.getPayload() instanceof Answer.Told told
                    && told.outcome().isDone()
                    && !told.replayed()));
  }

  /** Registers items {@code 0} to {@code wanted - 1}, as far as this process has not. */
  Sample register(int wanted) throws InterruptedException {
    mark();
    Deductions registrations = new Deductions(wanted, series++);
    Sample sample =
        ClosedLoop.run(
            (number, done) -> send(registrations.register(number), done),
            CALLERS,
            items,
            (long) wanted - items);
    onHand += sample.done() * Deductions.OPENING;
    items = wanted;
    if (sample.failed() > 0) {
      throw new IllegalStateException(sample.failed() + " items were not registered");
    }
    return sample;
  }

  /** One deduction of each of {@code many} items of a {@link LongJournal}. */
  Sample touch(int many) throws InterruptedException {
    mark();
    Deductions deductions = new Deductions(many, series++);
    Sample sample =
        ClosedLoop.run(
            (number, done) -> send(deductions.deductOfThePast(number), done), CALLERS, 0, many);
    onHand += sample.done(); // what is checked are the items that commands registered
    if (sample.failed() > 0) {
      throw new IllegalStateException(sample.failed() + " items could not be sold");
    }
    return sample;
  }

  /** Deductions of the first {@code spread} items by {@code callers} who wait for their answers. */
  Sample closed(int callers, int spread, Duration time) throws InterruptedException {
    Deductions deductions = new Deductions(spread, series++);
    return ClosedLoop.run(
        (number, done) -> send(deductions.deduct(number), done), callers, 0, time);
  }

  /** Deductions of the first {@code spread} items at a fixed pace. */
  Sample open(double perSecond, int spread, Duration time) throws InterruptedException {
    Deductions deductions = new Deductions(spread, series++);
    return OpenLoop.run(
        (number, done) -> send(deductions.deduct(number), done), perSecond, 0, time);
  }

  /**
   * How long after its answer each deduction of the first {@code spread} items is in the views,
   * while they come at a fixed pace.
   */
  Sample visible(double perSecond, int spread, Duration time) throws InterruptedException {
    Gauge shown = meters.get(VIEW_POSITION).gauge();
    Queue<Told> told = new ConcurrentLinkedQueue<>();
    Histogram delays = new Histogram(DIGITS);
    AtomicBoolean ended = new AtomicBoolean();
    Thread watch =
        Thread.ofPlatform()
            .start(
                () -> {
                  while (!ended.get() || !told.isEmpty()) {
                    long position = (long) shown.value();
                    long now = System.nanoTime();
                    for (Told next = told.peek();
                        next != null && next.position() <= position;
                        next = told.peek()) {
                      delays.recordValue(Math.max(0, now - next.nanos()));
                      told.remove();
                    }
                    LockSupport.parkNanos(LOOK_NANOS);
                  }
                });
    Deductions deductions = new Deductions(spread, series++);
    Sample answered =
        OpenLoop.run(
            (number, done) ->
                gateway.send(
                    deductions.deduct(number),
                    (sent, result) -> {
                      boolean isDone = endOf(result) == Overload.End.DONE;
                      if (isDone) {
                        told.add(new Told(positionIn(result), System.nanoTime()));
                      }
                      done.with(isDone);
                    }),
            perSecond,
            0,
            time);
    ended.set(true);
    watch.join();
    return Sample.of(answered.done(), answered.failed(), time.toNanos(), delays);
  }

  /** That a command was done, and when it was told so. */
  private record Told(long position, long nanos) {}

  private static long positionIn(CommandResultMessage<?> result) {
    String json = ((Answer.Told) result.getPayload()).outcome().body();
    int at = json.indexOf(POSITION) + POSITION.length();
    return Long.parseLong(json, at, json.indexOf(',', at), 10);
  }

  /**
   * Deductions at a fixed pace while Redis takes no writes for a first part of the time; how long
   * after that part the views had every event, and how many they took until then.
   *
   * @param stopped the part of the time, which has begun
   */
  Map<String, Long> catchUp(double perSecond, int spread, Duration stopped, Duration time)
      throws InterruptedException {
    long begun = System.nanoTime();
    long end = begun + stopped.toNanos();
    long from = metered(VIEW_POSITION);
    AtomicLong whole = new AtomicLong();
    AtomicLong position = new AtomicLong();
    Thread watch =
        Thread.ofPlatform()
            .start(
                () -> {
                  while (whole.get() == 0) {
                    LockSupport.parkNanos(LOOK_NANOS);
                    long head = tail.position();
                    if (System.nanoTime() > end && metered(VIEW_POSITION) >= head) {
                      position.set(head);
                      whole.set(System.nanoTime());
                    }
                  }
                });
    Deductions deductions = new Deductions(spread, series++);
    Sample sample =
        OpenLoop.run((number, done) -> send(deductions.deduct(number), done), perSecond, 0, time);
    watch.join(); // the views get there, or the run is ended by whoever waits for it
    check(sample.done());
    return Map.of(
        "millis",
        TimeUnit.NANOSECONDS.toMillis(whole.get() - end),
        "events",
        position.get() - from);
  }

  /**
   * Deductions of one item at a fixed pace, or as near to it as this process comes, whatever is
   * refused.
   */
  Overload.Window overload(double perSecond, Duration time) throws InterruptedException {
    Deductions deductions = new Deductions(1, series++);
    Overload overload = new Overload();
    double interval = TimeUnit.SECONDS.toNanos(1) / perSecond;
    Semaphore ended = new Semaphore(0);
    long start = System.nanoTime();
    int sent = 0;
    for (long now = start; now - start < time.toNanos(); now = System.nanoTime()) {
      long early = start + (long) (sent * interval) - now;
      if (early > 0) {
        LockSupport.parkNanos(early);
        continue;
      }
      CommandMessage<?> message = deductions.deduct(sent++);
      long sentAt = System.nanoTime();
      gateway.send(
          message,
          (command, result) -> {
            overload.ended(endOf(result), sentAt);
            ended.release();
          });
    }
    ended.acquire(sent);
    return overload.window();
  }

  private static Overload.End endOf(CommandResultMessage<?> result) {
    if (result.isExceptional()) {
      return result.exceptionResult() instanceof LedgerBusyException
          ? Overload.End.REFUSED
          : Overload.End.FAILED;
    }
    return result.getPayload() instanceof Answer.Told told && told.outcome().isDone()
        ? Overload.End.DONE
        : Overload.End.FAILED;
  }

  /** Orders of {@value HoldOrders#LINES} items, each held and then confirmed. */
  Sample pairs(int callers, int spread, Duration time) throws InterruptedException {
    HoldOrders orders = new HoldOrders(gateway, new Deductions(spread, series++), spread);
    Sample sample = ClosedLoop.run(orders.pairs(), callers, 0, time);
    checkSold("reservation-confirmed", sample.done() * HoldOrders.LINES);
    return sample;
  }

  /** Orders of {@value HoldOrders#LINES} items, each taken at once. */
  Sample orders(int callers, int spread, Duration time) throws InterruptedException {
    HoldOrders orders = new HoldOrders(gateway, new Deductions(spread, series++), spread);
    Sample sample = ClosedLoop.run(orders.deductions(), callers, 0, time);
    checkSold("stock-deducted", sample.done() * HoldOrders.LINES);
    return sample;
  }

  private void checkSold(String type, long units) {
    onHand -= units;
    require(
        "units sold",
        units,
        count(
            "select coalesce(sum((payload->>'quantity')::bigint), 0) from event_journal"
                + " where position > ? and type = '"
                + type
                + "'"));
    checkOnHand();
    mark();
  }

  private void checkOnHand() {
    require(
        "units on hand",
        onHand,
        LongStream.range(0, items)
            .map(i -> stockItems.find(Deductions.item(i)).map(StockItem::onHand).orElse(0L))
            .sum());
  }

  /**
   * What deductions at a fixed pace feel of holds.
   *
   * @param before while all are open
   * @param during while they expire, and until the end is written down of all
   * @param expiries how late the end of each was committed
   */
  record Expiry(Sample before, Sample during, Sample expiries) {}

  /**
   * {@code holds} of one unit fall due within {@code spread}, while deductions go on at {@code
   * perSecond}.
   */
  Expiry expiry(int holds, Duration spread, double perSecond, Duration time)
      throws InterruptedException {
    Deductions keys = new Deductions(items, series++);
    HoldOrders orders = new HoldOrders(gateway, keys, items);
    // Placing takes its time too: who comes late has less of it, so that all are due together.
    int seconds = Math.toIntExact(time.toSeconds()) + PLACING_SECONDS + holds / PLACED_A_SECOND;
    long begun = System.nanoTime();
    int parts = Math.max(1, Math.toIntExact(spread.toSeconds()));
    Sample placed =
        ClosedLoop.run(
            orders.forgotten(
                number ->
                    seconds
                        - (int) TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - begun)
                        + (int) (number % parts)),
            CALLERS,
            0,
            (long) holds);
    if (placed.failed() > 0) {
      throw new IllegalStateException(placed.failed() + " holds were not placed");
    }
    settle();
    watch.take();
    Deductions deductions = new Deductions(items, series++);
    Duration left = Duration.ofSeconds(seconds).minusNanos(System.nanoTime() - begun);
    if (left.compareTo(time.dividedBy(2)) < 0) {
      throw new IllegalStateException("the holds took too long to be placed");
    }
    Sample before =
        OpenLoop.run(
            (number, done) -> send(deductions.deduct(number), done),
            perSecond,
            0,
            left.minusSeconds(1));
    Deductions more = new Deductions(items, series++);
    Sample during =
        OpenLoop.run(
            (number, done) -> send(more.deduct(number), done),
            perSecond,
            0,
            spread.plusSeconds(LEAST_SECONDS + holds / EXPIRED_A_SECOND));
    onHand -= before.done() + during.done();
    Sample expiries = watch.take();
    require("holds that expired", holds, expiries.done());
    checkOnHand();
    mark();
    return new Expiry(before, during, expiries);
  }

  /** From here on {@link #check} counts. */
  void mark() {
    positionBefore = tail.position();
  }

  /**
   * Holds {@code done} deductions of one unit since {@link #mark} against the journal, the receipts
   * and what the items have on hand.
   *
   * @throws IllegalStateException if one of them says otherwise
   */
  void check(long done) {
    onHand -= done;
    require("positions", done, tail.position() - positionBefore);
    require(
        "events",
        done,
        count("select count(*) from event_journal where position > ? and type = 'stock-deducted'"));
    require(
        "units in the journal",
        done,
        count(
            "select coalesce(sum((payload->>'quantity')::bigint), 0) from event_journal"
                + " where position > ?"));
    require(
        "receipts",
        done,
        count("select count(*) from command_receipt where position > ? and status = 201"));
    checkOnHand();
    mark();
  }

  private long count(String query) {
    return sql.sql(query).param(positionBefore).query(Long.class).single();
  }

  private static void require(String what, long expected, long found) {
    if (expected != found) {
      throw new IllegalStateException(what + ": " + expected + " expected, " + found + " found");
    }
  }

  /** What the meters called {@code name} show together, 0 if there is none. */
  long metered(String name) {
    return Math.round(meters.find(name).gauges().stream().mapToDouble(Gauge::value).sum());
  }

  /** Waits until the views have every event, so that their work is not charged to the next. */
  void settle() {
    long start = System.nanoTime();
    while (metered(VIEW_POSITION) < tail.position()) {
      if (System.nanoTime() - start > VIEWS_PATIENCE.toNanos()) {
        throw new IllegalStateException("the views do not get to the end of the journal");
      }
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(20));
    }
  }
}
