package io.bincard.reconciliation.decoding;

import io.bincard.domain.LedgerHistory;
import io.bincard.domain.stock.LedgerUnavailableException;
import io.bincard.reconciliation.decoding.FeedDifference.Kind;
import io.bincard.reconciliation.expected.Expectations;
import io.bincard.reconciliation.feed.FoldInput;
import io.bincard.reconciliation.feed.PageListener;
import io.bincard.reconciliation.stored.ViewsUnreadableException;
import java.sql.SQLException;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;
import org.springframework.context.SmartLifecycle;
import org.springframework.dao.DataAccessException;

/**
 * Has logical decoding tell of the journal in the node that folds, holds that against what the fold
 * was given, and alarms where the two differ or where one goes on and another does not.
 *
 * <p>It stops nothing and repairs nothing: which feed is right is for a person. Without a right to
 * decode it says once what to do and looks again now and then.
 */
public final class FeedWitness implements PageListener, FoldInput, SmartLifecycle {

  private static final Logger LOG = LoggerFactory.getLogger(FeedWitness.class);

  private static final long STOP_MILLIS = 5_000;
  private static final int MOST_DOUBLINGS = 30;
  private static final double SHORTEST = 0.5;

  private final String url;
  private final String ledger;
  private final DecodingProperties settings;
  private final DecodingNeeds needs;
  private final LedgerHistory history;
  private final Expectations expectations;
  private final LongSupplier views;
  private final FeedMetrics metrics;
  private final FeedComparison comparison;
  private final Standstill viewsStandstill;
  private final Standstill foldStandstill;
  private final Standstill decodingStandstill;
  private final AtomicReference<@Nullable FoldedPage> given = new AtomicReference<>();

  // Guarded by this
  private boolean folds;
  private long endedNanos;
  private boolean isStarted;
  private @Nullable Thread decoder;
  private @Nullable ScheduledExecutorService looks;
  private @Nullable DecodedJournal current;

  // Of the decoder alone
  private int failures;
  private String told = "";

  /** Where the journal is. */
  record Place(String url, String ledger) {}

  /**
   * @param views the position up to which the views have every event; throws {@link
   *     ViewsUnreadableException} while nobody knows
   */
  FeedWitness(
      Place place,
      DecodingProperties settings,
      DecodingNeeds needs,
      LedgerHistory history,
      Expectations expectations,
      LongSupplier views,
      FeedMetrics metrics) {
    this.url = place.url();
    this.ledger = place.ledger();
    this.settings = settings;
    this.needs = needs;
    this.history = history;
    this.expectations = expectations;
    this.views = views;
    this.metrics = metrics;
    this.comparison = new FeedComparison(settings.window());
    this.viewsStandstill = new Standstill(settings.patience());
    this.foldStandstill = new Standstill(settings.patience());
    this.decodingStandstill = new Standstill(settings.patience());
    metrics.lag(this::lag);
  }

  // What the fold is given

  @Override
  public LedgerHistory over(LedgerHistory input) {
    return new WitnessedHistory(input, this);
  }

  /** A page that the fold begins to read. */
  FoldedPage page(long after, long upTo) {
    given.set(null);
    return new FoldedPage(after, upTo, comparison.isOn() ? settings.window() : 0);
  }

  /** A page that the fold has read; whether it keeps what it makes of it is told later. */
  void given(FoldedPage page) {
    given.set(page);
  }

  @Override
  public void folded(Collection<String> keys, long after, long upTo) {
    FoldedPage page = given.getAndSet(null);
    if (page != null && page.after() == after && page.upTo() == upTo) {
      alarm(comparison.folded(page));
    }
  }

  @Override
  public synchronized void begun(long position) {
    given.set(null);
    folds = true;
    notifyAll();
  }

  @Override
  public synchronized void ended() {
    folds = false;
    endedNanos = System.nanoTime();
  }

  /** A node that folds no more often does so again a moment later. */
  private boolean isWanted() {
    return folds || (current != null && !isOver(System.nanoTime() - endedNanos));
  }

  private boolean isOver(long nanos) {
    return nanos > settings.patience().toNanos();
  }

  // Decoding

  private void decode() {
    try {
      while (awaitFold()) {
        long pause = decodeOnce();
        TimeUnit.MILLISECONDS.sleep(pause);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt(); // the node stops
    }
  }

  private synchronized boolean awaitFold() throws InterruptedException {
    while (isStarted && !folds) {
      wait();
    }
    return isStarted;
  }

  /** Decodes as long as that goes well, and returns for how many milliseconds to pause then. */
  private long decodeOnce() {
    long began = System.nanoTime();
    try {
      String lacking = needs.lacking();
      if (lacking != null) {
        tellOff(lacking);
        return jittered(settings.longestPause().toMillis());
      }
      follow();
    } catch (SQLException e) {
      String lacking = needs.lacking(e);
      if (lacking != null) {
        tellOff(lacking);
        return jittered(settings.longestPause().toMillis());
      }
      broken(e);
    } catch (RuntimeException e) { // a ledger that cannot be read, and whatever else
      broken(e);
    } finally {
      comparison.end();
      let(null);
    }
    failures = System.nanoTime() - began > settings.longestPause().toNanos() ? 0 : failures + 1;
    return jittered(
        Math.min(
            settings.longestPause().toMillis(),
            settings.firstPause().toMillis() << Math.min(MOST_DOUBLINGS, failures)));
  }

  private void follow() throws SQLException {
    try (DecodedJournal journal = DecodedJournal.connect(url, ledger, settings)) {
      if (!let(journal)) {
        return;
      }
      journal.begin();
      // Whatever is not told is committed by now, so it is below the head; all behind it is told.
      long position = history.headPosition();
      comparison.begin(position);
      LOG.atInfo()
          .addKeyValue("position", position)
          .addKeyValue("notCompared", comparison.passedOver())
          .log("Logical decoding watches the journal");
      told = "";
      journal.follow(
          new PgOutput.Reader() {
            @Override
            public void event(long position, String stream, long sequence) {
              comparison.saw(position, Digest.of(position, stream, sequence));
            }

            @Override
            public void committed(long end) {
              alarm(comparison.settle());
            }
          });
    }
  }

  /** Has others close {@code journal} when it is wanted no more; false if that is so by now. */
  private synchronized boolean let(@Nullable DecodedJournal journal) {
    current = journal;
    return isStarted && folds;
  }

  private static long jittered(long millis) {
    return Math.round(millis * ThreadLocalRandom.current().nextDouble(SHORTEST, 1));
  }

  private void tellOff(String lacking) {
    if (!told.equals(lacking)) {
      told = lacking;
      LOG.atWarn()
          .addKeyValue("why", lacking)
          .log(
              "Logical decoding does not watch the journal; everything else goes on. Do what is"
                  + " said here, or set bincard.reconciliation.decoding.enabled=false");
    }
  }

  private void broken(Exception cause) {
    synchronized (this) {
      if (!isStarted || !folds) {
        return;
      }
    }
    LOG.atLevel(told.isEmpty() ? Level.WARN : Level.DEBUG)
        .setCause(cause)
        .log("Logical decoding was broken off and is begun again");
    told = "broken off";
  }

  // How far everybody is

  void look() {
    try {
      closeIfUnwanted();
      if (!comparison.isOn()) {
        viewsStandstill.forget();
        foldStandstill.forget();
        decodingStandstill.forget();
        return;
      }
      long now = System.nanoTime();
      long decoded = comparison.decoded();
      long folded = expectations.position();
      if (foldStandstill.begins(folded, decoded, now)) {
        alarm(Kind.FOLD_STANDS_STILL, folded, decoded);
      }
      if (decodingStandstill.begins(decoded, folded, now)) {
        alarm(Kind.DECODING_STANDS_STILL, decoded, folded);
        closeCurrent();
      }
      lookAtViews(decoded, now);
    } catch (DataAccessException | LedgerUnavailableException e) {
      LOG.atDebug().setCause(e).log("How far the feeds are is not known");
    } catch (RuntimeException e) {
      LOG.atError().setCause(e).log("The feeds of the journal are not looked after");
    }
  }

  private void lookAtViews(long decoded, long now) {
    try {
      long mark = views.getAsLong();
      if (viewsStandstill.begins(mark, decoded, now)) {
        alarm(Kind.VIEWS_STAND_STILL, mark, decoded);
      }
    } catch (ViewsUnreadableException e) {
      viewsStandstill.forget(); // no fault of a feed
    }
  }

  private void closeIfUnwanted() {
    synchronized (this) {
      if (isWanted()) {
        return;
      }
    }
    closeCurrent();
  }

  private void closeCurrent() {
    DecodedJournal journal;
    synchronized (this) {
      journal = current;
    }
    if (journal != null) {
      journal.close();
    }
  }

  private double lag() {
    return comparison.isOn()
        ? Math.max(0, history.headPosition() - comparison.decoded())
        : Double.NaN;
  }

  // Alarms

  private void alarm(Kind kind, long reached, long goal) {
    alarm(List.of(new FeedDifference(kind, reached + 1, goal, 1)));
  }

  private void alarm(List<FeedDifference> differences) {
    for (FeedDifference difference : differences) {
      metrics.differs(difference);
      LOG.atError()
          .addKeyValue("kind", difference.kind().word())
          .addKeyValue("first", difference.first())
          .addKeyValue("last", difference.last())
          .addKeyValue("events", difference.events())
          .log("Feeds of the journal differ: {}", difference.kind().words());
    }
  }

  /** How many positions were held against each other in this node. */
  public long compared() {
    return comparison.compared();
  }

  /** Whether decoding is under way in this node. */
  public boolean isDecoding() {
    return comparison.isOn();
  }

  // Lifecycle

  @Override
  public synchronized void start() {
    isStarted = true;
    decoder = Thread.ofPlatform().daemon().name("reconciliation-decoding").start(this::decode);
    ScheduledExecutorService every =
        Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().daemon().name("reconciliation-feeds").factory());
    long pause = settings.lookEvery().toNanos();
    var unused = every.scheduleWithFixedDelay(this::look, pause, pause, TimeUnit.NANOSECONDS);
    looks = every;
  }

  @Override
  public void stop() {
    Thread running;
    synchronized (this) {
      running = decoder;
      decoder = null;
      isStarted = false;
      if (looks != null) {
        looks.shutdownNow();
      }
      looks = null;
      notifyAll();
    }
    if (running == null) {
      return;
    }
    closeCurrent();
    running.interrupt();
    try {
      running.join(STOP_MILLIS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public synchronized boolean isRunning() {
    return decoder != null;
  }
}
