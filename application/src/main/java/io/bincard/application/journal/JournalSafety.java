package io.bincard.application.journal;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/** Refuses a PostgreSQL whose settings would make "committed" mean less than "on disk". */
public final class JournalSafety {

  private static final List<String> NEEDED =
      List.of("fsync", "full_page_writes", "synchronous_commit");

  private JournalSafety() {}

  /**
   * Returns if PostgreSQL keeps what it commits.
   *
   * @throws UnsafeSettingsException naming every setting that is off
   */
  public static void check(Connection connection) throws SQLException {
    List<String> off = new ArrayList<>();
    try (PreparedStatement statement = connection.prepareStatement("select current_setting(?)")) {
      for (String setting : NEEDED) {
        statement.setString(1, setting);
        try (ResultSet row = statement.executeQuery()) {
          row.next();
          if ("off".equals(row.getString(1))) {
            off.add(setting);
          }
        }
      }
    }
    if (!off.isEmpty()) {
      throw new UnsafeSettingsException(off);
    }
  }

  /** PostgreSQL would acknowledge commits that it can lose. */
  public static final class UnsafeSettingsException extends RuntimeException {
    UnsafeSettingsException(List<String> off) {
      super(
          "PostgreSQL could lose what the ledger has acknowledged: "
              + String.join(" = off, ", off)
              + " = off. Switch on and start again.");
    }
  }
}
