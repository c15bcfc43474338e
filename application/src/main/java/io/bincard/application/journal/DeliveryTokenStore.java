package io.bincard.application.journal;

import io.bincard.application.failpoint.FailPoint;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.axonframework.common.jdbc.JdbcException;
import org.axonframework.eventhandling.Segment;
import org.axonframework.eventhandling.TrackingToken;
import org.axonframework.eventhandling.WrappedToken;
import org.axonframework.eventhandling.tokenstore.jdbc.JdbcTokenStore;
import org.axonframework.messaging.unitofwork.CurrentUnitOfWork;
import org.jspecify.annotations.Nullable;

/**
 * Axon's token store, which also writes a delivery receipt whenever a consumer's token moves on: in
 * the transaction that moves it, so there is one exactly for what was processed. Every processor
 * passes here, whatever module it belongs to.
 *
 * <p>That transaction does not wait for the disk: a crash of PostgreSQL may set a token back by the
 * last moments and takes their receipts with it; what is then processed again was idempotent. So
 * consumers do not stand in the way of the writer's flushes.
 *
 * <p>A token that goes back, for a rebuild, writes nothing; what is then processed again has
 * receipts again.
 */
public final class DeliveryTokenStore extends JdbcTokenStore {

  /** The table's own limit on the length of a range. */
  private static final long MOST_POSITIONS = 1_000;

  private static final String DELIVERED =
      """
      with unhurried as (select set_config('synchronous_commit', 'off', true))
      insert into delivery_receipt (consumer, segment, from_position, to_position, processed_at)
      select ?, ?, p, least(p + ? - 1, ?), now()
      from unhurried, generate_series(?::bigint, ?::bigint, ?::bigint) as p
      """;

  /** The position that each token was at when it was last fetched or stored here. */
  private final Map<Claim, Long> positions = new ConcurrentHashMap<>();

  private record Claim(String consumer, int segment) {}

  public DeliveryTokenStore(Builder builder) {
    super(builder);
  }

  @Override
  public void storeToken(@Nullable TrackingToken token, String processorName, int segment) {
    super.storeToken(token, processorName, segment);
    // The processor stores the token first and then has its batch done: this runs after both.
    CurrentUnitOfWork.ifStarted(
        unitOfWork -> unitOfWork.onPrepareCommit(_ -> FailPoint.BEFORE_TOKEN.pass()));
    long position = positionOf(token);
    Claim claim = new Claim(processorName, segment);
    Long before = positions.put(claim, position);
    if (before != null && before < position) {
      delivered(claim, before + 1, position);
    }
  }

  private void delivered(Claim claim, long from, long to) {
    try (Connection connection = getConnection();
        PreparedStatement statement = connection.prepareStatement(DELIVERED)) {
      statement.setString(1, claim.consumer());
      statement.setInt(2, claim.segment());
      statement.setLong(3, MOST_POSITIONS);
      statement.setLong(4, to);
      statement.setLong(5, from);
      statement.setLong(6, to);
      statement.setLong(7, MOST_POSITIONS);
      statement.executeUpdate();
    } catch (SQLException e) {
      throw new JdbcException("a delivery receipt could not be written", e);
    }
  }

  @Override
  public @Nullable TrackingToken fetchToken(String processorName, Segment segment) {
    return claimed(super.fetchToken(processorName, segment), processorName, segment.getSegmentId());
  }

  @Override
  public @Nullable TrackingToken fetchToken(String processorName, int segment) {
    return claimed(super.fetchToken(processorName, segment), processorName, segment);
  }

  private @Nullable TrackingToken claimed(
      @Nullable TrackingToken token, String processorName, int segment) {
    positions.put(new Claim(processorName, segment), positionOf(token));
    return token;
  }

  private static long positionOf(@Nullable TrackingToken token) {
    TrackingToken plain = token == null ? null : WrappedToken.unwrapLowerBound(token);
    return plain == null ? 0 : Math.max(0, plain.position().orElse(0));
  }
}
