package io.bincard.application.repricing;

import io.bincard.application.journal.JournalSerializer;
import io.bincard.domain.discount.DiscountEvent;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.function.Consumer;
import javax.sql.DataSource;
import org.axonframework.serialization.SimpleSerializedObject;
import org.jspecify.annotations.Nullable;

/** What orders were given and gave back, out of the journal and in its order. */
final class RecordedPrices {

  private static final int FETCH_SIZE = 1_000;

  private static final String EVENTS =
      """
      select position, type, revision, payload from event_journal
      where type in ('discount-applied', 'discount-revoked') and created_at >= ? and created_at < ?
      order by position
      """;

  private final DataSource ledger;
  private final JournalSerializer serializer = new JournalSerializer();

  RecordedPrices(DataSource ledger) {
    this.ledger = ledger;
  }

  /** When prices were made. */
  record Period(@Nullable Instant from, @Nullable Instant until) {

    /** Before and behind everything that PostgreSQL and people call a time. */
    private static final Instant BEGIN = Instant.EPOCH;

    private static final Instant END = Instant.parse("9999-01-01T00:00:00Z");

    OffsetDateTime begin() {
      return (from == null ? BEGIN : from).atOffset(ZoneOffset.UTC);
    }

    OffsetDateTime end() {
      return (until == null ? END : until).atOffset(ZoneOffset.UTC);
    }
  }

  /** An event on the discounts of an order. */
  record Recorded(long position, DiscountEvent.OfOrder event) {}

  /** Gives {@code to} what happened in {@code period}, however much it is; one view of all. */
  void read(Period period, Consumer<Recorded> to) throws SQLException {
    try (Connection connection = ledger.getConnection()) {
      connection.setAutoCommit(false); // or the driver would fetch everything at once
      try (PreparedStatement statement = connection.prepareStatement(EVENTS)) {
        statement.setFetchSize(FETCH_SIZE);
        statement.setObject(1, period.begin());
        statement.setObject(2, period.end());
        try (ResultSet rows = statement.executeQuery()) {
          while (rows.next()) {
            to.accept(new Recorded(rows.getLong("position"), event(rows)));
          }
        }
      } finally {
        connection.rollback();
      }
    }
  }

  private DiscountEvent.OfOrder event(ResultSet row) throws SQLException {
    return serializer.deserialize(
        new SimpleSerializedObject<>(
            row.getString("payload"),
            String.class,
            row.getString("type"),
            row.getString("revision")));
  }
}
