package io.bincard.application.receipts;

import io.bincard.application.tiers.LedgerDay;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.axonframework.eventhandling.GenericEventMessage;
import org.jspecify.annotations.Nullable;

/**
 * The receipts in PostgreSQL; {@link #INSERT} runs inside the journal's transaction.
 *
 * <p>A look-up asks the hot days first, and older ones only for keys that may be as old as that.
 */
public final class Receipts {

  private static final String FIND =
      """
      select r.tenant, r.client, r.key, r.fingerprint, r.status, r.outcome, r.position
      from unnest(?::text[], ?::text[], ?::text[]) as asked (tenant, client, key)
      join command_receipt r using (tenant, client, key)
      where\s""";

  /** No receipt is newer than the ledger's clock, so the days made ahead need not be searched. */
  private static final String WRITTEN =
      " and r.recorded_at <= (select created_at from ledger_head)";

  /**
   * Stores receipts, as a part of the statement that writes their batch: one a row of {@code head}.
   * A key that is stored already violates its day's unique index. Bound by {@link ReceiptColumns}.
   */
  public static final String INSERT =
      """
      insert into command_receipt (tenant, client, key, fingerprint, status, outcome, position, recorded_at)
      select tenant, client, key, fingerprint, status, outcome::json, nullif(position, 0), ?::timestamptz
      from head, unnest(?::text[], ?::text[], ?::text[], ?::bytea[], ?::smallint[], ?::text[], ?::bigint[])
        as told (tenant, client, key, fingerprint, status, outcome, position)
      """;

  private final ReceiptTiers tiers;

  public Receipts(ReceiptTiers tiers) {
    this.tiers = tiers;
  }

  /** Whether a command of {@code key} may be run if {@link #find} has found no receipt of it. */
  public ReceiptTiers.Age ageOf(CommandKey key) {
    return tiers.ageOf(key, now());
  }

  private static Instant now() {
    return GenericEventMessage.clock.instant();
  }

  /** The receipts there are for {@code keys}. */
  public Map<CommandKey, Receipt> find(Connection connection, Collection<CommandKey> keys)
      throws SQLException {
    Instant now = now();
    LedgerDay hotBegin = LedgerDay.of(now.minus(tiers.hot()));
    Map<CommandKey, Receipt> found = HashMap.newHashMap(keys.size());
    LedgerDay begin = earliestDay(keys, now);
    find(connection, keys, hotDays(begin == null ? hotBegin : later(begin, hotBegin)), found);
    List<CommandKey> older =
        keys.stream()
            .filter(key -> !found.containsKey(key) && mayLieBefore(hotBegin, key, now))
            .toList();
    if (!older.isEmpty()) {
      find(connection, older, warmDays(earliestDay(older, now), hotBegin), found);
    }
    return found;
  }

  private boolean mayLieBefore(LedgerDay day, CommandKey key, Instant now) {
    Instant earliest = tiers.earliestReceiptOf(key, now);
    return earliest == null || earliest.isBefore(day.start());
  }

  /** The first day that may hold a receipt of {@code keys}, {@code null} if that may be any. */
  private @Nullable LedgerDay earliestDay(Collection<CommandKey> keys, Instant now) {
    Instant first = now;
    for (CommandKey key : keys) {
      Instant earliest = tiers.earliestReceiptOf(key, now);
      if (earliest == null) {
        return null;
      }
      first = earliest.isBefore(first) ? earliest : first;
    }
    return LedgerDay.of(first);
  }

  private static LedgerDay later(LedgerDay one, LedgerDay other) {
    return one.compareTo(other) > 0 ? one : other;
  }

  /** The look-up from {@code begin} on, the first of the two. */
  static String hotDays(LedgerDay begin) {
    return FIND + begin.from("r.recorded_at") + WRITTEN;
  }

  /** The look-up of the days before {@code end}, from {@code begin} on where that is known. */
  static String warmDays(@Nullable LedgerDay begin, LedgerDay end) {
    String older = FIND + end.before("r.recorded_at");
    return begin == null ? older : older + " and " + begin.from("r.recorded_at");
  }

  private static void find(
      Connection connection,
      Collection<CommandKey> keys,
      String sql,
      Map<CommandKey, Receipt> found)
      throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(sql)) {
      statement.setArray(1, text(connection, keys.stream().map(CommandKey::tenant)));
      statement.setArray(2, text(connection, keys.stream().map(CommandKey::client)));
      statement.setArray(3, text(connection, keys.stream().map(CommandKey::key)));
      try (ResultSet rows = statement.executeQuery()) {
        while (rows.next()) {
          Receipt receipt = read(rows);
          found.put(receipt.key(), receipt);
        }
      }
    }
  }

  private static java.sql.Array text(Connection connection, java.util.stream.Stream<String> values)
      throws SQLException {
    return connection.createArrayOf("text", values.toArray(String[]::new));
  }

  private static Receipt read(ResultSet row) throws SQLException {
    long position = row.getLong("position");
    @Nullable Long positionOrNone = row.wasNull() ? null : position;
    return new Receipt(
        new CommandKey(row.getString("tenant"), row.getString("client"), row.getString("key")),
        Fingerprint.ofStored(row.getBytes("fingerprint")),
        new Outcome(row.getShort("status"), row.getString("outcome")),
        positionOrNone);
  }
}
