package io.bincard.reconciliation.books;

import io.bincard.reconciliation.books.BooksReport.Finding;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Duration;
import java.time.LocalDate;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.UUID;
import javax.sql.DataSource;
import org.springframework.dao.DataAccessResourceFailureException;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.DataSourceTransactionManager;
import org.springframework.transaction.TransactionException;
import org.springframework.transaction.support.TransactionTemplate;
import tools.jackson.databind.json.JsonMapper;

/**
 * What came of the books of each run, never changed afterwards. Every method throws {@code
 * DataAccessException} if PostgreSQL does not answer.
 */
public final class BooksTable {

  private static final JsonMapper JSON = JsonMapper.shared();

  private final JdbcClient sql;
  private final TransactionTemplate transaction;

  public BooksTable(DataSource dataSource) {
    this.sql = JdbcClient.create(dataSource);
    this.transaction = new TransactionTemplate(new DataSourceTransactionManager(dataSource));
  }

  /**
   * Writes down what came of {@code run}, all or nothing; {@code false} if it is not {@code node}'s
   * any more.
   */
  boolean save(UUID run, String node, BooksReport report) {
    try {
      return Boolean.TRUE.equals(
          transaction.execute(
              _ -> {
                if (!isOf(run, node)) {
                  return false;
                }
                insert(run, report);
                return true;
              }));
    } catch (TransactionException e) {
      throw new DataAccessResourceFailureException("the books are not written down", e);
    }
  }

  /** Nobody takes the run over before this transaction ends. */
  private boolean isOf(UUID run, String node) {
    return sql.sql(
            "select 1 from reconciliation_run where id = ? and node = ? and ended_at is null for"
                + " update")
        .params(run, node)
        .query(Integer.class)
        .optional()
        .isPresent();
  }

  private void insert(UUID run, BooksReport report) {
    sql.sql(
            "insert into books_check (run, at, first_position, head_position, receipts, days)"
                + " values (?, ?, ?, ?, ?, ?::json)")
        .param(run)
        .param(Timestamp.from(report.at()))
        .param(report.first())
        .param(report.head())
        .param(report.receipts())
        .param(JSON.writeValueAsString(report.days()))
        .update();
    report
        .rules()
        .forEach(
            (rule, finding) ->
                sql.sql(
                        "insert into books_rule (run, rule, contradictions, millis, unchecked)"
                            + " values (?, ?, ?, ?, ?)")
                    .param(run)
                    .param(rule.word())
                    .param(finding.contradictions())
                    .param(finding.took().toMillis())
                    .param(finding.unchecked())
                    .update());
    for (Contradiction each : report.contradictions()) {
      sql.sql(
              "insert into books_contradiction (run, rule, place, stream, hold, order_id, words)"
                  + " values (?, ?, ?, ?, ?, ?, ?)")
          .param(run)
          .param(each.rule().word())
          .param(each.place())
          .param(each.stream())
          .param(each.hold())
          .param(each.orderId())
          .param(each.words())
          .update();
    }
  }

  /** What came of the books of {@code run}; empty while they are not done. */
  public Optional<BooksReport> find(UUID run) {
    return sql.sql(
            "select at, first_position, head_position, receipts, days from books_check where run ="
                + " ?")
        .param(run)
        .query(
            (row, _) ->
                new BooksReport(
                    row.getTimestamp("at").toInstant(),
                    row.getLong("first_position"),
                    row.getLong("head_position"),
                    row.getLong("receipts"),
                    days(row.getString("days")),
                    rules(run),
                    told(run)))
        .optional();
  }

  /** How many contradictions {@code run} has found; empty while its books are not done. */
  public OptionalLong contradictions(UUID run) {
    return sql.sql("select sum(contradictions) from books_rule where run = ? group by run")
        .param(run)
        .query((row, _) -> OptionalLong.of(row.getLong(1)))
        .optional()
        .orElse(OptionalLong.empty());
  }

  private static SortedMap<LocalDate, Long> days(String json) {
    SortedMap<LocalDate, Long> days = new TreeMap<>();
    JSON.readTree(json)
        .properties()
        .forEach(day -> days.put(LocalDate.parse(day.getKey()), day.getValue().longValue()));
    return days;
  }

  private Map<Rule, Finding> rules(UUID run) {
    Map<Rule, Finding> rules = new EnumMap<>(Rule.class);
    sql.sql("select rule, contradictions, millis, unchecked from books_rule where run = ?")
        .param(run)
        .query(
            row -> {
              rules.put(
                  Rule.of(row.getString("rule")),
                  new Finding(
                      row.getLong("contradictions"),
                      Duration.ofMillis(row.getLong("millis")),
                      row.getString("unchecked")));
            });
    return rules;
  }

  private List<Contradiction> told(UUID run) {
    return sql.sql(
            "select rule, place, stream, hold, order_id, words from books_contradiction where run ="
                + " ? order by id")
        .param(run)
        .query(BooksTable::contradiction)
        .list();
  }

  private static Contradiction contradiction(ResultSet row, int number) throws SQLException {
    return new Contradiction(
        Rule.of(row.getString("rule")),
        row.getString("place"),
        row.getString("stream"),
        row.getString("hold"),
        row.getString("order_id"),
        row.getString("words"));
  }
}
