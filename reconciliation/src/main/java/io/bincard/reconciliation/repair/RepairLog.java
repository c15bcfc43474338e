package io.bincard.reconciliation.repair;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.bincard.reconciliation.comparison.Discrepancy;
import io.bincard.reconciliation.comparison.Discrepancy.Kind;
import io.bincard.reconciliation.expected.ExpectedRow;
import io.bincard.reconciliation.stored.FoundRow;
import io.bincard.reconciliation.stored.Mark;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;
import tools.jackson.databind.json.JsonMapper;

/**
 * The evidence: what was found to differ, and what was done about it, never changed afterwards.
 * Every method throws {@code DataAccessException} if PostgreSQL does not answer.
 */
public final class RepairLog {

  /** The kind of what is done about an item that the journal contradicts itself about. */
  public static final String CONTRADICTION = "contradiction";

  private static final JsonMapper JSON = JsonMapper.shared();

  private final JdbcClient sql;
  private final TransactionTemplate transaction;

  public RepairLog(DataSource dataSource) {
    this.sql = JdbcClient.create(dataSource);
    this.transaction = new TransactionTemplate(new JdbcTransactionManager(dataSource));
  }

  /** What an entry says of a row. */
  public enum Outcome {
    /** It differs. */
    FOUND,
    /** It is about to be put right. */
    BEGUN,
    /** It was put right. */
    REPAIRED,
    /** Somebody else wrote it meanwhile; nothing was done. */
    OVERTAKEN,
    /** When it was to be put right, it was right. */
    SETTLED,
    /** It moved, or the ledger did; nothing was done. */
    UNSETTLED,
    /** Nothing can be done about it but by people. */
    LEFT,
    /** The item is frozen. */
    FROZEN;

    /** As in answers and tables. */
    public String word() {
      return name().toLowerCase(Locale.ROOT);
    }

    private static Outcome of(String word) {
      return valueOf(word.toUpperCase(Locale.ROOT));
    }
  }

  /**
   * An entry.
   *
   * @param before the row as it was found, {@code null} for none
   * @param after as it must be, {@code null} for none
   * @param position of the views when it was written; of the ledger, of a contradiction
   * @param epoch of the live generation; empty, of a contradiction
   */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  public record Entry(
      long id,
      UUID run,
      String key,
      String kind,
      @Nullable Map<String, Object> before,
      @Nullable Map<String, Object> after,
      long position,
      String epoch,
      @Nullable String cause,
      String outcome,
      Instant at) {}

  /** Has all that {@code entries} adds added at once, or nothing of it. */
  void together(Runnable entries) {
    transaction.executeWithoutResult(_ -> entries.run());
  }

  void add(UUID run, Discrepancy discrepancy, Mark mark, Outcome outcome, @Nullable String cause) {
    sql.sql(
            "insert into repair_log (run, key, kind, before, after, position, epoch, cause,"
                + " outcome) values (?, ?, ?, ?::json, ?::json, ?, ?, ?, ?)")
        .param(run)
        .param(storable(discrepancy.key()))
        .param(discrepancy.kind().word())
        .param(before(discrepancy.found()))
        .param(after(discrepancy.expected()))
        .param(mark.position())
        .param(mark.epoch())
        .param(cause == null ? null : storable(cause))
        .param(outcome.word())
        .update();
  }

  /**
   * Adds what is done about an item that the journal contradicts itself about.
   *
   * @param key of the item's row
   * @param position of the ledger
   */
  void addContradiction(UUID run, String key, long position, Outcome outcome, String cause) {
    sql.sql(
            "insert into repair_log (run, key, kind, position, epoch, cause, outcome)"
                + " values (?, ?, ?, ?, '', ?, ?)")
        .params(run, key, CONTRADICTION, position, storable(cause), outcome.word())
        .update();
  }

  /** The keys of items that {@code run} is done with, for the journal contradicts itself. */
  public Map<String, Outcome> ofContradictions(UUID run) {
    Map<String, Outcome> done = new LinkedHashMap<>();
    sql.sql(
            "select key, outcome from repair_log where run = ? and kind = ? and outcome <> 'begun'"
                + " order by id")
        .params(run, CONTRADICTION)
        .query(
            row -> {
              done.put(row.getString(1), Outcome.of(row.getString(2)));
            });
    return done;
  }

  private static @Nullable String before(FoundRow found) {
    return found.exists() || !found.sets().isEmpty()
        ? JSON.writeValueAsString(Map.of("fields", found.fields(), "sets", found.sets()))
        : null;
  }

  private static @Nullable String after(@Nullable ExpectedRow expected) {
    return expected == null
        ? null
        : JSON.writeValueAsString(
            Map.of(
                "version", expected.version(),
                "position", expected.position(),
                "fields", expected.fields(),
                "sets", expected.sets()));
  }

  /** PostgreSQL's text has no NUL, which stands between a name and its SKU. */
  private static String storable(String text) {
    return text.replace('\0', ' ');
  }

  /** The keys that {@code run} has found to differ, and how. */
  public Map<String, Kind> found(UUID run) {
    Map<String, Kind> found = new LinkedHashMap<>();
    sql.sql("select key, kind from repair_log where run = ? and outcome = 'found' order by id")
        .param(run)
        .query(
            row -> {
              found.put(row.getString(1), Kind.of(row.getString(2)));
            });
    return found;
  }

  /**
   * How many rows runs of {@code askedBy} have found to differ for so long, {@code late} ones not.
   */
  public long foundWithin(String askedBy, Duration time) {
    return sql.sql(
            "select count(distinct l.key) from repair_log l join reconciliation_run r on r.id = l.run"
                + " where r.asked_by = ? and r.begun_at > clock_timestamp() - ?::interval"
                + " and l.outcome = 'found' and l.kind <> ?")
        .param(askedBy)
        .param(time.toSeconds() + " s")
        .param(Kind.LATE.word())
        .query(Long.class)
        .single();
  }

  /** How many rows {@code run} has entries of, of each kind and by their outcome. */
  public Map<String, Map<String, Long>> counts(UUID run) {
    Map<String, Map<String, Long>> counts = new TreeMap<>();
    sql.sql("select outcome, kind, count(distinct key) from repair_log where run = ? group by 1, 2")
        .param(run)
        .query(
            row -> {
              counts
                  .computeIfAbsent(row.getString(1), _ -> new TreeMap<>())
                  .put(row.getString(2), row.getLong(3));
            });
    return counts;
  }

  /**
   * Entries, the newest first.
   *
   * @param run of which, {@code null} for all
   * @param before the number of the entry to go on after, 0 for the newest
   */
  public List<Entry> entries(@Nullable UUID run, long before, int limit) {
    return sql.sql(
            "select * from repair_log where (?::uuid is null or run = ?::uuid)"
                + " and (? = 0 or id < ?) order by id desc limit ?")
        .param(run)
        .param(run)
        .param(before)
        .param(before)
        .param(limit)
        .query(RepairLog::entry)
        .list();
  }

  private static Entry entry(ResultSet row, int number) throws SQLException {
    return new Entry(
        row.getLong("id"),
        row.getObject("run", UUID.class),
        row.getString("key"),
        row.getString("kind"),
        map(row.getString("before")),
        map(row.getString("after")),
        row.getLong("position"),
        row.getString("epoch"),
        row.getString("cause"),
        row.getString("outcome"),
        row.getTimestamp("at").toInstant());
  }

  @SuppressWarnings("unchecked") // JSON objects have texts for names
  private static @Nullable Map<String, Object> map(@Nullable String json) {
    return json == null ? null : JSON.readValue(json, Map.class);
  }
}
