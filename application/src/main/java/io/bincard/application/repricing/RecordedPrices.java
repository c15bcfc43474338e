package io.bincard.application.repricing;

import io.bincard.application.journal.JournalSerializer;
import io.bincard.domain.discount.DiscountEvent;
import io.bincard.domain.discount.DiscountEvent.DiscountRevoked;
import io.bincard.domain.hold.HoldEvent.HoldConfirmed;
import io.bincard.domain.hold.HoldEvent.HoldExpired;
import io.bincard.domain.hold.HoldEvent.HoldPlaced;
import io.bincard.domain.hold.HoldEvent.HoldReleased;
import io.bincard.domain.reservation.HoldId;
import io.bincard.domain.stock.OrderId;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.HashSet;
import java.util.Set;
import java.util.function.Consumer;
import javax.sql.DataSource;
import org.axonframework.serialization.SimpleSerializedObject;
import org.jspecify.annotations.Nullable;

/**
 * What orders were given and gave back, out of the journal and in its order. The price of a hold is
 * its order's; it is given back when the hold ends before anything of it was confirmed.
 */
final class RecordedPrices {

  private static final int FETCH_SIZE = 1_000;

  private static final String EVENTS =
      """
      select position, type, revision, payload from event_journal
      where (type in ('discount-applied', 'discount-revoked') or type like 'hold-%')
        and created_at >= ? and created_at < ?
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
          Set<HoldId> held = new HashSet<>();
          while (rows.next()) {
            DiscountEvent.OfOrder event = event(rows, held);
            if (event != null) {
              to.accept(new Recorded(rows.getLong("position"), event));
            }
          }
        }
      } finally {
        connection.rollback();
      }
    }
  }

  /**
   * What an event says of an order's price; {@code null} if nothing.
   *
   * @param held the holds with a price that were neither confirmed nor given back so far
   */
  private DiscountEvent.@Nullable OfOrder event(ResultSet row, Set<HoldId> held)
      throws SQLException {
    Object event =
        serializer.deserialize(
            new SimpleSerializedObject<>(
                row.getString("payload"),
                String.class,
                row.getString("type"),
                row.getString("revision")));
    return switch (event) {
      case DiscountEvent.OfOrder ofOrder -> ofOrder;
      case HoldPlaced placed -> {
        if (placed.price() != null) {
          held.add(placed.hold());
        }
        yield placed.price();
      }
      case HoldConfirmed confirmed -> {
        held.remove(confirmed.hold());
        yield null;
      }
      case HoldReleased(HoldId hold, OrderId order) ->
          held.remove(hold) ? new DiscountRevoked(order) : null;
      case HoldExpired(HoldId hold, OrderId order, _) ->
          held.remove(hold) ? new DiscountRevoked(order) : null;
      default -> null; // a hold that lasts longer costs the same
    };
  }
}
