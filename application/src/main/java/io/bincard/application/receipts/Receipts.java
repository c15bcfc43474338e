package io.bincard.application.receipts;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The receipts in PostgreSQL; {@link #insert} runs inside the journal's transaction. */
public final class Receipts {

  private static final String FIND =
      """
      select r.tenant, r.client, r.key, r.fingerprint, r.status, r.outcome, r.position
      from unnest(?::text[], ?::text[], ?::text[]) as asked (tenant, client, key)
      join command_receipt r using (tenant, client, key)
      """;

  private static final String INSERT =
      """
      insert into command_receipt (tenant, client, key, fingerprint, status, outcome, position, recorded_at)
      select tenant, client, key, fingerprint, status, outcome::json, position, ?::timestamptz
      from unnest(?::text[], ?::text[], ?::text[], ?::bytea[], ?::smallint[], ?::text[], ?::bigint[])
        as told (tenant, client, key, fingerprint, status, outcome, position)
      """;

  private Receipts() {}

  /** The receipts there are for {@code keys}. */
  public static Map<CommandKey, Receipt> find(Connection connection, Collection<CommandKey> keys)
      throws SQLException {
    Map<CommandKey, Receipt> found = new HashMap<>();
    try (PreparedStatement statement = connection.prepareStatement(FIND)) {
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
    return found;
  }

  /** Stores {@code receipts}; a key that is stored already violates the table's primary key. */
  public static void insert(Connection connection, Collection<Receipt> receipts, String recordedAt)
      throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(INSERT)) {
      statement.setString(1, recordedAt);
      statement.setArray(2, text(connection, receipts.stream().map(r -> r.key().tenant())));
      statement.setArray(3, text(connection, receipts.stream().map(r -> r.key().client())));
      statement.setArray(4, text(connection, receipts.stream().map(r -> r.key().key())));
      statement.setArray(
          5,
          connection.createArrayOf(
              "bytea",
              receipts.stream().map(r -> r.fingerprint().toBytes()).toArray(byte[][]::new)));
      statement.setArray(
          6,
          connection.createArrayOf(
              "smallint",
              receipts.stream().map(r -> (short) r.outcome().status()).toArray(Short[]::new)));
      statement.setArray(7, text(connection, receipts.stream().map(r -> r.outcome().body())));
      statement.setArray(
          8,
          connection.createArrayOf(
              "bigint", receipts.stream().map(Receipt::position).toArray(Long[]::new)));
      statement.executeUpdate();
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
