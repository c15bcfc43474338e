package io.bincard.application.cluster;

import com.zaxxer.hikari.HikariDataSource;
import com.zaxxer.hikari.pool.ProxyConnection;
import io.bincard.application.journal.Journal;
import io.bincard.application.journal.JournalSafety;
import io.bincard.application.writer.NotLeadingException;
import io.bincard.application.writer.WriterLease;
import java.net.URI;
import java.security.SecureRandom;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * This node's lease of the ledger: a row in PostgreSQL, a session that holds the ledger's advisory
 * lock, and the epoch that every commit checks.
 *
 * <p>The row says until when the leader leads although nobody hears of it; the lock, which ends
 * with the session, says that it is gone before that. Neither keeps a replaced leader from writing:
 * the epoch does. Taking over ends the session of the leader before, then locks the row that every
 * commit moves first, and raises its epoch: what of the old leader was under way is over by then,
 * and what it begins later is refused.
 */
public final class LedgerLease implements WriterLease {

  private static final Logger logger = LoggerFactory.getLogger(LedgerLease.class);

  private static final int SECRET_BYTES = 24;

  private final DataSource dataSource;
  private final Duration length;
  private final Duration takeoverWait;
  private final Consumer<Instant> timeKeeper;
  private final String node = UUID.randomUUID().toString();
  private final SecureRandom random = new SecureRandom();

  private volatile @Nullable URI url;
  private volatile Runnable afterRelease = () -> {};
  private final AtomicReference<@Nullable Term> term = new AtomicReference<>();
  private volatile long epoch;

  /**
   * One time as the leader.
   *
   * @param certainUntil of {@link System#nanoTime}
   * @param over whether another node has taken over
   */
  private record Term(Journal journal, Leader leader, long certainUntil, boolean over) {}

  /**
   * @param length how long a lease runs from its last renewal
   * @param takeoverWait how long the leader before may take to let go
   * @param timeKeeper is told the time of PostgreSQL whenever this node takes over, before it leads
   */
  public LedgerLease(
      DataSource dataSource, Duration length, Duration takeoverWait, Consumer<Instant> timeKeeper) {
    this.dataSource = dataSource;
    this.length = length;
    this.takeoverWait = takeoverWait;
    this.timeKeeper = timeKeeper;
  }

  @Override
  public boolean isHeld() {
    Term held = term.get();
    return held != null && !held.over();
  }

  @Override
  public Journal journal() throws SQLException {
    Term held = term.get();
    if (held != null && !held.over()) {
      return held.journal();
    }
    drop();
    return takeOver();
  }

  private Journal takeOver() throws SQLException {
    Connection connection = dataSource.getConnection();
    try {
      JournalSafety.check(connection);
      connection.setAutoCommit(false);
      LeaseTable table = new LeaseTable(connection);
      table.boundTransaction(takeoverWait);
      if (!table.mayLead(node)) {
        giveBack(connection);
        throw new NotLeadingException("another node leads the ledger");
      }
      long sent = System.nanoTime();
      Leader me = new Leader(node, table.headEpoch() + 1, url, secret());
      timeKeeper.accept(table.claim(me, length));
      Journal journal = Journal.takeOver(connection); // and commits
      logger
          .atInfo()
          .addKeyValue("epoch", journal.epoch())
          .addKeyValue("position", journal.head())
          .log("The ledger is taken over");
      epoch = me.epoch();
      term.set(new Term(journal, me, sent + length.toNanos(), false));
      return journal;
    } catch (SQLException | RuntimeException e) {
      abandon(connection);
      throw e;
    }
  }

  private static void giveBack(Connection connection) throws SQLException {
    connection.rollback();
    connection.close();
  }

  private String secret() {
    byte[] bytes = new byte[SECRET_BYTES];
    random.nextBytes(bytes);
    return HexFormat.of().formatHex(bytes);
  }

  @Override
  public void release() {
    Term held = term.getAndSet(null);
    if (held == null) {
      return;
    }
    try (Connection connection = held.journal().connection()) {
      connection.rollback();
      connection.setAutoCommit(true);
      new LeaseTable(connection).release(held.leader());
    } catch (SQLException e) {
      logger.atWarn().setCause(e).log("The ledger was given up on a broken connection");
    }
    afterRelease.run();
  }

  @Override
  public void drop() {
    Term held = term.getAndSet(null);
    if (held != null) {
      abandon(held.journal().connection());
    }
  }

  /** Ends the session of {@code connection}, whatever is under way in it. */
  void abandon(Connection connection) {
    try {
      connection.abort(Runnable::run);
      if (connection instanceof ProxyConnection) {
        // A pool that is given it back finds out for itself, and warns of a connection that broke.
        dataSource.unwrap(HikariDataSource.class).evictConnection(connection);
      } else {
        connection.close();
      }
    } catch (SQLException e) {
      logger.atDebug().setCause(e).log("A broken connection could not be closed");
    }
  }

  @Override
  public long epoch() {
    return epoch;
  }

  @Override
  public long certainEpoch() {
    Term held = term.get();
    return held != null && !held.over() && System.nanoTime() - held.certainUntil() < 0
        ? held.leader().epoch()
        : 0;
  }

  // For the thread that watches the lease

  String node() {
    return node;
  }

  /** Calls {@code listener} whenever the lease was released; it must return at once. */
  void onRelease(Runnable listener) {
    afterRelease = listener;
  }

  /** Where others reach this node; told to them with the next renewal. */
  void advertise(URI reachedAt) {
    url = reachedAt;
  }

  @Nullable URI url() {
    return url;
  }

  /** What this node leads as; {@code null} while it does not. */
  @Nullable Leader leading() {
    Term held = term.get();
    return held == null || held.over() ? null : held.leader();
  }

  /** The lease of {@code leader} runs again from {@code sentNanos} on. */
  void renewed(Leader leader, long sentNanos) {
    change(leader, held -> new Term(held.journal(), leader, sentNanos + length.toNanos(), false));
  }

  /** Another node has taken over from {@code leader}. */
  void replaced(Leader leader) {
    change(leader, held -> new Term(held.journal(), leader, held.certainUntil(), true));
  }

  private void change(Leader leader, UnaryOperator<Term> change) {
    term.updateAndGet(
        held ->
            held == null || held.leader().epoch() != leader.epoch() ? held : change.apply(held));
  }
}
