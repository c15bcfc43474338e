package io.bincard.reconciliation.books;

import io.bincard.reconciliation.books.BooksReport.Finding;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import java.util.function.Supplier;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.core.NestedExceptionUtils;
import org.springframework.dao.DataAccessException;
import org.springframework.dao.DataAccessResourceFailureException;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.core.namedparam.NamedParameterJdbcTemplate;
import org.springframework.jdbc.datasource.DataSourceTransactionManager;
import org.springframework.transaction.TransactionDefinition;
import org.springframework.transaction.TransactionException;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Holds the journal against itself: every {@link Rule}, each by one statement and so in one
 * snapshot of the database, so commands that go on meanwhile are no contradiction. Reads only, one
 * rule at a time and on one core of PostgreSQL's.
 */
public final class BooksCheck {

  private static final Logger logger = LoggerFactory.getLogger(BooksCheck.class);

  /** SQLSTATE of a statement that was cancelled, by its timeout or by us. */
  private static final String CANCELLED = "57014";

  /** Class of SQLSTATE: what stands there cannot be read as what it should be. */
  private static final String UNREADABLE = "22";

  /**
   * Of every statement: its time; one core; and no look-up of each row of one table in every day of
   * another, which the planner would choose as it cannot know how many keys there are in JSON.
   */
  private static final String SETTINGS =
      "select set_config('statement_timeout', :timeout, true),"
          + " set_config('max_parallel_workers_per_gather', '0', true),"
          + " set_config('enable_nestloop', 'off', true)";

  private static final long CANCEL_AGAIN_MILLIS = 100;

  private final DataSource dataSource;
  private final InstantSource clock;
  private final Duration timeout;
  private final int most;

  /**
   * @param timeout how long one rule may take
   * @param most contradictions of one rule that are reported one by one
   */
  public BooksCheck(DataSource dataSource, InstantSource clock, Duration timeout, int most) {
    this.dataSource = dataSource;
    this.clock = clock;
    this.timeout = timeout;
    this.most = most;
  }

  /**
   * Runs every rule. One that takes too long, or comes to something that it cannot read, is
   * reported as unchecked.
   *
   * @param progress told of each rule before it is run
   * @throws DataAccessException if the database cannot be read
   * @throws InterruptedException if the thread was interrupted; nothing of it goes on then
   */
  public BooksReport run(Consumer<Rule> progress) throws InterruptedException {
    Reading reading = new Reading();
    try (ExecutorService hands =
        Executors.newSingleThreadExecutor(
            Thread.ofPlatform().name("reconciliation-books").factory())) {
      Future<BooksReport> report = hands.submit(() -> reading.report(progress));
      try {
        return report.get();
      } catch (InterruptedException e) {
        reading.cancel(report);
        throw e;
      } catch (ExecutionException e) {
        throw e.getCause() instanceof RuntimeException cause
            ? cause
            : new IllegalStateException(e.getCause());
      }
    }
  }

  /** One run of all rules. */
  private final class Reading {

    private final TransactionTemplate snapshot;
    private final NamedParameterJdbcTemplate sql;
    private volatile @Nullable Statement running;
    private volatile boolean cancelled;

    Reading() {
      snapshot = new TransactionTemplate(new DataSourceTransactionManager(dataSource));
      snapshot.setIsolationLevel(TransactionDefinition.ISOLATION_REPEATABLE_READ);
      snapshot.setReadOnly(true);
      JdbcTemplate template =
          new JdbcTemplate(dataSource) {
            @Override
            protected void applyStatementSettings(Statement statement) throws SQLException {
              super.applyStatementSettings(statement);
              running = statement;
              if (cancelled) {
                throw new CancellationException();
              }
            }
          };
      template.setFetchSize(1_000);
      sql = new NamedParameterJdbcTemplate(template);
    }

    /** Ends what {@code report} is made of. JDBC knows no interrupts. */
    void cancel(Future<BooksReport> report) {
      cancelled = true;
      while (!report.isDone()) {
        try {
          Statement statement = running;
          if (statement != null) {
            statement.cancel();
          }
          report.get(CANCEL_AGAIN_MILLIS, TimeUnit.MILLISECONDS);
        } catch (SQLException | TimeoutException e) {
          logger.atDebug().setCause(e).log("A rule goes on after it was cancelled");
        } catch (ExecutionException e) {
          logger.atDebug().setCause(e).log("The books were put away in the middle of a rule");
        } catch (InterruptedException e) {
          logger.atDebug().log("Interrupted again, which it is already");
        }
      }
    }

    BooksReport report(Consumer<Rule> progress) {
      Instant at = clock.instant();
      SortedMap<LocalDate, Long> days = new TreeMap<>();
      long[] bounds = inSnapshot(() -> new long[] {first(), head()});
      long receipts = 0;
      try {
        receipts = inSnapshot(() -> count(days));
      } catch (DataAccessException e) {
        days.clear();
        logger.atWarn().addKeyValue("why", whyUnchecked(e)).log("The events were not counted");
      }
      Map<Rule, Finding> rules = new EnumMap<>(Rule.class);
      List<Contradiction> contradictions = new ArrayList<>();
      for (Rule rule : Rule.values()) {
        progress.accept(rule);
        rules.put(rule, check(rule, contradictions));
      }
      return new BooksReport(at, bounds[0], bounds[1], receipts, days, rules, contradictions);
    }

    /** Adds the events of each day, and returns how many receipts there are. */
    private long count(Map<LocalDate, Long> days) {
      sql.query(
          "select (created_at at time zone 'UTC')::date as day, count(*) from event_journal where"
              + " position >= :first group by 1",
          Map.of("first", first()),
          row -> {
            days.put(row.getObject(1, LocalDate.class), row.getLong(2));
          });
      return number("select count(*) from command_receipt");
    }

    private Finding check(Rule rule, List<Contradiction> contradictions) {
      long begun = System.nanoTime();
      List<Contradiction> told = new ArrayList<>();
      long[] count = {0};
      String unchecked = null;
      try {
        inSnapshot(
            () -> {
              sql.query(
                  rule.sql(),
                  Map.of("first", first()),
                  row -> {
                    if (count[0]++ < most) {
                      told.add(contradiction(rule, row));
                    }
                  });
              return true;
            });
      } catch (DataAccessException e) {
        unchecked = whyUnchecked(e);
        logger
            .atWarn()
            .addKeyValue("rule", rule.word())
            .addKeyValue("why", unchecked)
            .log("The journal was not held against a rule");
      }
      contradictions.addAll(told);
      return new Finding(count[0], Duration.ofNanos(System.nanoTime() - begun), unchecked);
    }

    private static Contradiction contradiction(Rule rule, ResultSet row) throws SQLException {
      return new Contradiction(
          rule,
          row.getString("place"),
          row.getString("stream"),
          rule.isOfHolds() ? row.getString("hold") : null,
          rule.isOfHolds() ? row.getString("order_id") : null,
          row.getString("words"));
    }

    /**
     * Why, for people, as far as another try would not go better.
     *
     * @throws DataAccessException {@code e} itself, if the next try may go better
     */
    private String whyUnchecked(DataAccessException e) {
      if (cancelled) {
        throw e;
      }
      if (NestedExceptionUtils.getRootCause(e) instanceof SQLException cause
          && cause.getSQLState() != null) {
        if (cause.getSQLState().equals(CANCELLED)) {
          return "it took longer than " + timeout.toMillis() + " ms";
        }
        if (cause.getSQLState().startsWith(UNREADABLE)) {
          return "it came to something that it cannot read: " + cause.getMessage();
        }
      }
      throw e;
    }

    /** A snapshot is kept for no longer than it must be: meanwhile PostgreSQL tidies up nothing. */
    private <T> T inSnapshot(Supplier<T> questions) {
      try {
        return Objects.requireNonNull(
            snapshot.execute(
                _ -> {
                  sql.query(
                      SETTINGS, Map.of("timeout", Long.toString(timeout.toMillis())), _ -> {});
                  return questions.get();
                }));
      } catch (TransactionException e) {
        throw new DataAccessResourceFailureException("there is no snapshot of the ledger", e);
      }
    }

    private long first() {
      return number(
          "select coalesce(max(last_position), 0) + 1 from journal_archive where dropped_at is not"
              + " null");
    }

    private long head() {
      return number("select position from ledger_head");
    }

    private long number(String query) {
      return Objects.requireNonNull(sql.queryForObject(query, Map.of(), Long.class), query);
    }
  }
}
