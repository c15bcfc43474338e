package io.bincard.application.cluster;

import java.net.URI;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** The lease in PostgreSQL, on one connection. */
final class LeaseTable {

  /** The notification that the lease has changed; every other one is a position of the journal. */
  static final String LEASE_CHANGED = "lease";

  private static final String LOCK_KEY = "hashtextextended('bincard:' || current_schema(), 0)";

  /** The sessions that hold the ledger's advisory lock: none or one. */
  private static final String HOLDERS =
      """
      from pg_locks where locktype = 'advisory' and granted and objsubid = 1
        and database = (select oid from pg_database where datname = current_database())
        and (classid::bigint << 32) | objid::bigint =\s"""
          + LOCK_KEY;

  private static final String BOUND =
      "select set_config('lock_timeout', ?, true), set_config('idle_in_transaction_session_timeout', ?, true)";

  private static final String LOCK_LEASE =
      "select node, expires_at > clock_timestamp() as runs from ledger_lease for update";

  private static final String TRY_LOCK = "select pg_try_advisory_lock(" + LOCK_KEY + ")";

  private static final String AWAIT_LOCK = "select pg_advisory_lock(" + LOCK_KEY + ")";

  private static final String END_HOLDER =
      "select pg_terminate_backend(pid, 2000) " + HOLDERS + " and pid <> pg_backend_pid()";

  private static final String LOCK_HEAD = "select epoch from ledger_head for update";

  private static final String CLAIM =
      """
      update ledger_lease set node = ?, url = ?, secret = ?, epoch = ?,
        expires_at = clock_timestamp() + ? * interval '1 millisecond'
      returning clock_timestamp() as now
      """;

  private static final String RENEW =
      """
      update ledger_lease set url = ?, expires_at = clock_timestamp() + ? * interval '1 millisecond'
      where node = ? and epoch = ? and expires_at > timestamptz '-infinity'
      """;

  private static final String RELEASE =
      "update ledger_lease set expires_at = timestamptz '-infinity' where node = ? and epoch = ?";

  private static final String LOOK =
      """
      select l.node, l.url, l.secret, l.epoch, l.expires_at > clock_timestamp() as runs, h.position,
        exists (select\s"""
          + HOLDERS
          + ") as held from ledger_lease l, ledger_head h";

  private static final String CHANNEL = "'bincard_' || current_schema()";

  private final Connection connection;

  LeaseTable(Connection connection) {
    this.connection = connection;
  }

  /**
   * What is seen of the ledger from outside.
   *
   * @param leader who leads, {@code null} if nobody does
   * @param isFree whether another node may take over: nobody leads, or the leader's session is gone
   * @param head position of the last committed event
   */
  record Seen(@Nullable Leader leader, boolean isFree, long head) {}

  Seen look() throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(LOOK);
        ResultSet row = statement.executeQuery()) {
      if (!row.next()) {
        throw new SQLException("the table ledger_lease has lost its row");
      }
      String url = row.getString("url");
      boolean runs = row.getBoolean("runs");
      Leader leader =
          new Leader(
              row.getString("node"),
              row.getLong("epoch"),
              url == null ? null : URI.create(url),
              row.getString("secret"));
      return new Seen(
          runs ? leader : null, !runs || !row.getBoolean("held"), row.getLong("position"));
    }
  }

  // Taking over: one transaction, which the journal's own take-over ends

  /**
   * Nothing in this transaction waits for longer than {@code limit}, and a node that is paused in
   * it does not keep the others waiting.
   */
  void boundTransaction(Duration limit) throws SQLException {
    String millis = limit.toMillis() + "ms";
    try (PreparedStatement statement = connection.prepareStatement(BOUND)) {
      statement.setString(1, millis);
      statement.setString(2, millis);
      statement.execute();
    }
  }

  /**
   * Whether {@code node} may lead; then it holds the advisory lock, and the session that had it is
   * over. Candidates come here one at a time.
   */
  boolean mayLead(String node) throws SQLException {
    boolean isOpen;
    try (PreparedStatement statement = connection.prepareStatement(LOCK_LEASE);
        ResultSet row = statement.executeQuery()) {
      if (!row.next()) {
        throw new SQLException("the table ledger_lease has lost its row");
      }
      isOpen = !row.getBoolean("runs") || node.equals(row.getString("node"));
    }
    if (isTrue(TRY_LOCK)) {
      return true;
    }
    if (!isOpen) {
      return false;
    }
    run(END_HOLDER);
    run(AWAIT_LOCK);
    return true;
  }

  /**
   * The epoch of the ledger. Waits for a transaction that has moved the head and is not over; one
   * that has not is refused from now on.
   */
  long headEpoch() throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(LOCK_HEAD);
        ResultSet row = statement.executeQuery()) {
      if (!row.next()) {
        throw new SQLException("the table ledger_head has lost its row");
      }
      return row.getLong("epoch");
    }
  }

  /** Gives {@code leader} the lease, and says what time it is by PostgreSQL's clock. */
  Instant claim(Leader leader, Duration length) throws SQLException {
    Instant now;
    try (PreparedStatement statement = connection.prepareStatement(CLAIM)) {
      statement.setString(1, leader.node());
      setUrl(statement, 2, leader.url());
      statement.setString(3, leader.secret());
      statement.setLong(4, leader.epoch());
      statement.setLong(5, length.toMillis());
      try (ResultSet row = statement.executeQuery()) {
        row.next();
        now = row.getTimestamp("now").toInstant();
      }
    }
    tellOthers();
    return now;
  }

  // Leading

  /** Lets the lease run anew; {@code false} if another node has it, or it was released. */
  boolean renew(Leader leader, Duration length) throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(RENEW)) {
      setUrl(statement, 1, leader.url());
      statement.setLong(2, length.toMillis());
      statement.setString(3, leader.node());
      statement.setLong(4, leader.epoch());
      return statement.executeUpdate() == 1;
    }
  }

  /** Lets others lead, the advisory lock first: who sees the lease free must find it free, too. */
  void release(Leader leader) throws SQLException {
    run("select pg_advisory_unlock_all()");
    try (PreparedStatement statement = connection.prepareStatement(RELEASE)) {
      statement.setString(1, leader.node());
      statement.setLong(2, leader.epoch());
      statement.executeUpdate();
    }
    tellOthers();
  }

  void tellOthers() throws SQLException {
    run("select pg_notify(" + CHANNEL + ", '" + LEASE_CHANGED + "')");
  }

  // Listening

  void listen() throws SQLException {
    run("listen " + channel());
  }

  void ignore() throws SQLException {
    run("unlisten " + channel());
  }

  private String channel() throws SQLException {
    return text("select quote_ident(" + CHANNEL + ")");
  }

  /** Where PostgreSQL sees this node. */
  String ownAddress() throws SQLException {
    return text("select coalesce(host(inet_client_addr()), '127.0.0.1')");
  }

  private static void setUrl(PreparedStatement statement, int index, @Nullable URI url)
      throws SQLException {
    statement.setString(index, url == null ? null : url.toString());
  }

  private void run(String sql) throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(sql)) {
      statement.execute();
    }
  }

  private boolean isTrue(String sql) throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(sql);
        ResultSet row = statement.executeQuery()) {
      return row.next() && row.getBoolean(1);
    }
  }

  private String text(String sql) throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(sql);
        ResultSet row = statement.executeQuery()) {
      row.next();
      return row.getString(1);
    }
  }
}
