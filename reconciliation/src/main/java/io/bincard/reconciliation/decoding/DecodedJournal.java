package io.bincard.reconciliation.decoding;

import java.nio.ByteBuffer;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.postgresql.PGConnection;
import org.postgresql.PGProperty;
import org.postgresql.ds.PGSimpleDataSource;
import org.postgresql.replication.LogSequenceNumber;
import org.postgresql.replication.PGReplicationConnection;
import org.postgresql.replication.PGReplicationStream;

/**
 * One connection over which PostgreSQL tells of what it wrote to the journal. Its slot is a
 * temporary one: PostgreSQL drops it when the connection ends, however that ends, so nobody who is
 * gone holds the write-ahead log back. Used by one thread; any may close it.
 */
final class DecodedJournal implements AutoCloseable {

  private static final String PLUGIN = "pgoutput";
  private static final String VERSION = "1";
  private static final String CONNECT_SECONDS = "5";
  private static final String LOGIN_SECONDS = "10";
  private static final String CONNECTION_FAILURE = "08006";

  private final Connection connection;
  private final String ledger;
  private final Duration acknowledgeEvery;
  private @Nullable PGReplicationStream stream;

  private DecodedJournal(Connection connection, String ledger, Duration acknowledgeEvery) {
    this.connection = connection;
    this.ledger = ledger;
    this.acknowledgeEvery = acknowledgeEvery;
  }

  /** What the publication of {@code ledger} is called, which says what is told. */
  static String publication(String ledger) {
    return "bincard_" + ledger;
  }

  /**
   * Connects.
   *
   * @param url of the ledger's database; a user or a password in it is not used
   */
  static DecodedJournal connect(String url, String ledger, DecodingProperties settings)
      throws SQLException {
    PGSimpleDataSource source = new PGSimpleDataSource();
    source.setUrl(url);
    source.setUser(settings.user());
    source.setPassword(settings.password());
    source.setProperty(PGProperty.REPLICATION, "database");
    source.setProperty(PGProperty.ASSUME_MIN_SERVER_VERSION, "18");
    source.setProperty(PGProperty.PREFER_QUERY_MODE, "simple");
    source.setProperty(PGProperty.APPLICATION_NAME, "bincard decoding " + ledger);
    source.setProperty(PGProperty.CONNECT_TIMEOUT, CONNECT_SECONDS);
    source.setProperty(PGProperty.LOGIN_TIMEOUT, LOGIN_SECONDS);
    source.setProperty(PGProperty.SOCKET_TIMEOUT, "0"); // it is silent while nothing is written
    source.setProperty(PGProperty.TCP_KEEP_ALIVE, "true");
    return new DecodedJournal(source.getConnection(), ledger, settings.acknowledgeEvery());
  }

  /**
   * From now on every transaction that commits is told. Waits until those have ended that are under
   * way.
   */
  void begin() throws SQLException {
    String slot =
        "bincard_%s_%08x".formatted(ledger, ThreadLocalRandom.current().nextInt() & 0xffffffffL);
    PGReplicationConnection replication = connection.unwrap(PGConnection.class).getReplicationAPI();
    replication
        .createReplicationSlot()
        .logical()
        .withSlotName(slot)
        .withTemporaryOption()
        .withOutputPlugin(PLUGIN)
        .make();
    stream =
        replication
            .replicationStream()
            .logical()
            .withSlotName(slot)
            .withSlotOption("proto_version", VERSION)
            .withSlotOption("publication_names", publication(ledger))
            .withStatusInterval(Math.toIntExact(acknowledgeEvery.toMillis()), TimeUnit.MILLISECONDS)
            // What is told to others moves the slot, too.
            .withAutomaticFlush(true)
            .start();
  }

  /**
   * Has {@code reader} told of everything until the connection ends.
   *
   * @throws SQLException always
   */
  void follow(PgOutput.Reader reader) throws SQLException {
    PGReplicationStream messages = stream;
    if (messages == null) {
      throw new IllegalStateException("it is not begun");
    }
    PgOutput output = new PgOutput(ledger, new Acknowledging(reader, messages));
    while (true) {
      ByteBuffer message = messages.read();
      if (message == null) {
        throw new SQLException("PostgreSQL has ended the logical decoding", CONNECTION_FAILURE);
      }
      output.take(message);
    }
  }

  /** Nothing of what was read is needed again, so PostgreSQL is told with the next status. */
  private record Acknowledging(PgOutput.Reader reader, PGReplicationStream messages)
      implements PgOutput.Reader {

    @Override
    public void event(long position, String stream, long sequence) {
      reader.event(position, stream, sequence);
    }

    @Override
    public void committed(long end) {
      reader.committed(end);
      LogSequenceNumber read = LogSequenceNumber.valueOf(end);
      messages.setAppliedLSN(read);
      messages.setFlushedLSN(read);
    }
  }

  @Override
  public void close() {
    try {
      connection.close();
    } catch (SQLException e) {
      // It is gone already, and its slot with it.
    }
  }
}
