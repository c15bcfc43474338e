package io.bincard.reconciliation.decoding;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/** What PostgreSQL must have and allow before it tells of the journal. */
final class DecodingNeeds {

  private static final String LOGICAL = "logical";
  private static final String INSUFFICIENT_PRIVILEGE = "42501";
  private static final String INVALID_AUTHORIZATION = "28";

  /** As the driver says it that has no password to give. */
  private static final String REJECTED = "08004";

  private static final String QUESTION =
      """
      select current_setting('wal_level'),
        exists (select from pg_publication where pubname = ?),
        coalesce((select rolcanlogin and (rolreplication or rolsuper) from pg_roles where rolname = ?), false)
      """;

  private final DataSource dataSource;
  private final String ledger;
  private final String user;

  /**
   * @param dataSource of the application
   * @param user the role that is to connect
   */
  DecodingNeeds(DataSource dataSource, String ledger, String user) {
    this.dataSource = dataSource;
    this.ledger = ledger;
    this.user = user;
  }

  /** What is missing and what to do about it; {@code null} if nothing is. */
  @Nullable String lacking() throws SQLException {
    try (Connection connection = dataSource.getConnection();
        PreparedStatement question = connection.prepareStatement(QUESTION)) {
      question.setString(1, DecodedJournal.publication(ledger));
      question.setString(2, user);
      try (ResultSet answer = question.executeQuery()) {
        answer.next();
        return lacking(answer.getString(1), answer.getBoolean(2), answer.getBoolean(3));
      }
    }
  }

  private @Nullable String lacking(String walLevel, boolean isPublished, boolean mayReplicate) {
    if (!LOGICAL.equals(walLevel)) {
      return "PostgreSQL runs with wal_level = %s: set wal_level = logical and start it again"
          .formatted(walLevel);
    }
    if (!mayReplicate) {
      return "there is no role %1$s that may: as a superuser, create role %1$s login replication"
          .formatted(user);
    }
    if (!isPublished) {
      return ("the journal is not published: as the owner of the tables, create publication %s for"
              + " table %s.event_journal (position, stream, sequence)"
              + " with (publish = 'insert', publish_via_partition_root)")
          .formatted(DecodedJournal.publication(ledger), ledger);
    }
    return null;
  }

  /** What to do about {@code refusal}; {@code null} if it is a failure that may pass by itself. */
  @Nullable String lacking(SQLException refusal) {
    String state = String.valueOf(refusal.getSQLState());
    return state.startsWith(INVALID_AUTHORIZATION)
            || state.equals(REJECTED)
            || state.equals(INSUFFICIENT_PRIVILEGE)
        ? "the role %s is refused: set bincard.reconciliation.decoding.password, and see pg_hba.conf (%s)"
            .formatted(user, refusal.getMessage())
        : null;
  }
}
