package io.bincard.reconciliation.books;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import javax.sql.DataSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.core.namedparam.NamedParameterJdbcTemplate;
import org.springframework.jdbc.datasource.DataSourceTransactionManager;
import org.springframework.transaction.TransactionDefinition;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Holds the journal against itself: every {@link Rule}, all of them in one snapshot of the
 * database, so commands that go on meanwhile are no contradiction. Reads only.
 */
public final class BooksCheck {

  private static final Logger LOG = LoggerFactory.getLogger(BooksCheck.class);

  private final InstantSource clock;
  private final int most;
  private final TransactionTemplate snapshot;
  private final NamedParameterJdbcTemplate sql;

  /**
   * @param patience how long one rule may take
   * @param most contradictions of one rule that are reported one by one
   */
  public BooksCheck(DataSource dataSource, InstantSource clock, Duration patience, int most) {
    this.clock = clock;
    this.most = most;
    this.snapshot = new TransactionTemplate(new DataSourceTransactionManager(dataSource));
    snapshot.setIsolationLevel(TransactionDefinition.ISOLATION_REPEATABLE_READ);
    snapshot.setReadOnly(true);
    JdbcTemplate template = new JdbcTemplate(dataSource);
    template.setFetchSize(1_000);
    template.setQueryTimeout(Math.toIntExact(patience.toSeconds()));
    this.sql = new NamedParameterJdbcTemplate(template);
  }

  /**
   * Runs every rule.
   *
   * @param progress told of each rule before it is run
   * @throws org.springframework.dao.DataAccessException if the database cannot be read, or a rule
   *     took longer than it may
   */
  public BooksReport run(Consumer<Rule> progress) {
    BooksReport report = snapshot.execute(_ -> report(progress));
    if (report == null) {
      throw new IllegalStateException("no report");
    }
    report
        .contradictions()
        .forEach(
            found ->
                LOG.atError()
                    .addKeyValue("rule", found.rule().word())
                    .addKeyValue("place", found.place())
                    .addKeyValue("words", found.words())
                    .log("The journal contradicts itself"));
    return report;
  }

  private BooksReport report(Consumer<Rule> progress) {
    Instant at = clock.instant();
    long first =
        number(
            "select coalesce(max(last_position), 0) + 1 from journal_archive where dropped_at is not"
                + " null");
    Map<String, Object> parameters = Map.of("first", first);
    Map<LocalDate, Long> days = new TreeMap<>();
    sql.query(
        "select (created_at at time zone 'UTC')::date as day, count(*) from event_journal where"
            + " position >= :first group by 1",
        parameters,
        row -> {
          days.put(row.getObject(1, LocalDate.class), row.getLong(2));
        });
    Map<Rule, Duration> took = new EnumMap<>(Rule.class);
    Map<Rule, Long> found = new EnumMap<>(Rule.class);
    List<Contradiction> contradictions = new ArrayList<>();
    for (Rule rule : Rule.values()) {
      progress.accept(rule);
      long begun = System.nanoTime();
      long[] count = {0};
      sql.query(
          rule.sql(),
          parameters,
          row -> {
            if (count[0]++ < most) {
              contradictions.add(
                  new Contradiction(
                      rule,
                      row.getString("place"),
                      row.getString("stream"),
                      row.getString("words")));
            }
          });
      took.put(rule, Duration.ofNanos(System.nanoTime() - begun));
      found.put(rule, count[0]);
    }
    return new BooksReport(
        at,
        first,
        number("select position from ledger_head"),
        days,
        number("select count(*) from command_receipt"),
        took,
        found,
        contradictions);
  }

  private long number(String query) {
    Long number = sql.queryForObject(query, Map.of(), Long.class);
    if (number == null) {
      throw new IllegalStateException("no number: " + query);
    }
    return number;
  }
}
