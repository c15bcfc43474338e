package io.bincard.application.tiers;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;

/**
 * The partitions: made and dropped by the database's own functions, which run as the owner of the
 * tables and refuse what would be unsafe.
 */
public final class LedgerDays {

  private LedgerDays() {}

  /**
   * Makes the partitions of {@code days} days from {@code first} on, as far as they are missing,
   * and returns how many were.
   */
  public static int make(Connection connection, LedgerDay first, int days) throws SQLException {
    try (PreparedStatement statement =
        connection.prepareStatement("select make_ledger_days(?, ?)")) {
      statement.setObject(1, first.date());
      statement.setInt(2, days);
      return number(statement);
    }
  }

  /**
   * Drops the receipts of every day that ended longer than {@code keep} ago, by the ledger's clock
   * and by PostgreSQL's, and returns how many days went.
   */
  public static int dropOldReceipts(Connection connection, Duration keep) throws SQLException {
    try (PreparedStatement statement =
        connection.prepareStatement("select drop_old_receipts(?::interval)")) {
      statement.setString(1, keep.toString());
      return number(statement);
    }
  }

  private static int number(PreparedStatement statement) throws SQLException {
    try (ResultSet row = statement.executeQuery()) {
      row.next();
      return row.getInt(1);
    }
  }
}
