package io.bincard.benchmarks.ledger;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;

/**
 * A past for an empty ledger, written by SQL and not by commands: items and their deductions, in
 * turns, row for row what the ledger would have written, receipts too. The ledger must not be
 * running.
 */
public final class LongJournal {

  private static final long CHUNK = 500_000;

  private LongJournal() {}

  /** Writes {@code events} events of {@code items} items to the ledger at {@code url}. */
  public static void fill(String url, int items, long events) throws SQLException, IOException {
    String[] statements;
    try (InputStream in = LongJournal.class.getResourceAsStream("/long-journal.sql")) {
      if (in == null) {
        throw new IllegalStateException("the resource long-journal.sql is missing");
      }
      statements =
          new String(in.readAllBytes(), StandardCharsets.UTF_8)
              .replace(":items", Integer.toString(items))
              .split(";\\s*", -1);
    }
    try (Connection connection = DriverManager.getConnection(url);
        Statement plain = connection.createStatement()) {
      for (long from = 1; from <= events; from += CHUNK) {
        for (String each : statements) {
          if (!each.isBlank()) {
            try (PreparedStatement statement = connection.prepareStatement(each)) {
              statement.setLong(1, from);
              statement.setLong(2, Math.min(events, from + CHUNK - 1));
              statement.executeUpdate();
            }
          }
        }
      }
      plain.execute("vacuum analyze");
    }
  }
}
