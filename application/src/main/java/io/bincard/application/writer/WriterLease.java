package io.bincard.application.writer;

import io.bincard.application.journal.Journal;
import io.bincard.application.journal.JournalSafety;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import javax.sql.DataSource;
import org.axonframework.serialization.Serializer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The right to write the ledger: one connection that holds PostgreSQL's advisory lock of the
 * ledger. Used by the writer's thread alone.
 *
 * <p>Whoever holds the lock knows that no earlier writer's transaction is still under way, so what
 * the receipts say then is final.
 */
final class WriterLease {

  private static final Logger logger = LoggerFactory.getLogger(WriterLease.class);

  private static final String LOCK =
      "select pg_advisory_lock(hashtextextended('bincard:' || current_schema(), 0))";

  private static final String LOCK_NOT_AVAILABLE = "55P03";

  private final DataSource dataSource;
  private final Serializer serializer;
  private final Duration takeoverWait;
  private @Nullable Journal journal;

  WriterLease(DataSource dataSource, Serializer serializer, Duration takeoverWait) {
    this.dataSource = dataSource;
    this.serializer = serializer;
    this.takeoverWait = takeoverWait;
  }

  /** Whether {@link #journal} need not take the ledger over. */
  boolean isHeld() {
    return journal != null;
  }

  /** The journal to write, {@code null} if it has to be taken over first. */
  @Nullable Journal held() {
    return journal;
  }

  /** The journal to write; takes the ledger over if need be. */
  Journal journal() throws SQLException {
    Journal held = journal;
    if (held != null) {
      return held;
    }
    Connection connection = dataSource.getConnection();
    try {
      JournalSafety.check(connection);
      lock(connection);
      Journal taken = Journal.takeOver(connection, serializer);
      logger
          .atInfo()
          .addKeyValue("epoch", taken.epoch())
          .addKeyValue("position", taken.head())
          .log("The ledger is taken over");
      journal = taken;
      return taken;
    } catch (SQLException | RuntimeException e) {
      abandon(connection);
      throw e;
    }
  }

  private void lock(Connection connection) throws SQLException {
    try (PreparedStatement timeout =
            connection.prepareStatement("select set_config('lock_timeout', ?, false)");
        Statement statement = connection.createStatement()) {
      timeout.setString(1, takeoverWait.toMillis() + "ms");
      timeout.execute();
      statement.execute(LOCK);
    } catch (SQLException e) {
      throw LOCK_NOT_AVAILABLE.equals(e.getSQLState())
          ? new SQLException(
              "another Bincard writes this ledger; it did not let go within " + takeoverWait,
              e.getSQLState(),
              e)
          : e;
    }
  }

  /** Gives the ledger up in good order. */
  void release() {
    Journal held = journal;
    journal = null;
    if (held == null) {
      return;
    }
    try (Connection connection = held.connection();
        Statement statement = connection.createStatement()) {
      connection.rollback();
      connection.setAutoCommit(true);
      statement.execute("select pg_advisory_unlock_all()");
      statement.execute("reset lock_timeout");
    } catch (SQLException e) {
      logger.atWarn().setCause(e).log("The ledger was given up on a broken connection");
    }
  }

  /** Drops the connection, whose state is in doubt; PostgreSQL frees the lock when it notices. */
  void drop() {
    Journal held = journal;
    journal = null;
    if (held != null) {
      abandon(held.connection());
    }
  }

  private static void abandon(Connection connection) {
    try (connection) {
      connection.abort(Runnable::run);
    } catch (SQLException e) {
      logger.atDebug().setCause(e).log("A broken connection could not be closed");
    }
  }
}
