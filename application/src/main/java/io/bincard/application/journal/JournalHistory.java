package io.bincard.application.journal;

import io.bincard.application.journal.DayBeginnings.Begun;
import io.bincard.application.tiers.LedgerDay;
import io.bincard.domain.LedgerEvent;
import io.bincard.domain.LedgerHistory;
import io.bincard.domain.stock.LedgerUnavailableException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicBoolean;
import javax.sql.DataSource;
import org.axonframework.eventsourcing.eventstore.EventStoreException;
import org.jspecify.annotations.Nullable;
import org.postgresql.PGConnection;
import org.postgresql.copy.CopyOut;

/**
 * The journal from end to end, read by {@code COPY} in PostgreSQL's own format, a range of
 * positions at a time: a few threads copy and decode ranges ahead of the reader, who gets them in
 * order. Each range lies in one day, so one partition is asked.
 */
public final class JournalHistory implements LedgerHistory {

  /** Events of a range: some 10 MB while it waits to be read. */
  private static final int RANGE = 20_000;

  private final JournalEngine engine;
  private final DataSource dataSource;
  private final JournalSerializer serializer;
  private final int readers;

  /**
   * @param readers threads that read at once, each by a connection of its own
   */
  public JournalHistory(
      JournalEngine engine, DataSource dataSource, JournalSerializer serializer, int readers) {
    this.engine = engine;
    this.dataSource = dataSource;
    this.serializer = serializer;
    this.readers = readers;
  }

  @Override
  public long headPosition() {
    try {
      return engine.headPosition();
    } catch (EventStoreException e) {
      throw unavailable(e);
    }
  }

  /** Positions after {@code after} up to {@code upTo}, all on one day. */
  private record Range(LedgerDay day, long after, long upTo) {

    String copy() {
      return "copy (select position, stream, sequence, type, coalesce(revision, ''), created_at,"
          + " payload"
          + " from event_journal where position > "
          + after
          + " and position <= "
          + upTo
          + " and "
          + day.holds("created_at")
          + " order by position) to stdout (format binary)";
    }
  }

  @Override
  public void read(long after, long upTo, Set<Class<? extends LedgerEvent>> kinds, Reader reader) {
    Queue<Range> ranges = ranges(after, upTo);
    CopiedEvents.Kinds wanted = new CopiedEvents.Kinds(serializer, kinds);
    AtomicBoolean isOver = new AtomicBoolean();
    ExecutorService threads =
        Executors.newFixedThreadPool(
            readers, Thread.ofPlatform().daemon().name("bincard-history-", 1).factory());
    try {
      Deque<CompletableFuture<Part>> ahead = new ArrayDeque<>();
      while (!ranges.isEmpty() || !ahead.isEmpty()) {
        while (!ranges.isEmpty() && ahead.size() <= readers) {
          Range range = ranges.remove();
          ahead.add(CompletableFuture.supplyAsync(() -> part(range, wanted, isOver), threads));
        }
        if (!reader.take(ahead.remove().join())) {
          return;
        }
      }
    } catch (CompletionException e) {
      throw e.getCause() instanceof RuntimeException cause ? cause : e;
    } finally {
      isOver.set(true);
      threads.shutdownNow();
      threads.close();
    }
  }

  private Queue<Range> ranges(long after, long upTo) {
    Queue<Range> ranges = new ArrayDeque<>();
    try {
      Begun day = engine.days().nearest(after + 1);
      for (long at = after; at < upTo; ) {
        Begun next = day == null ? null : engine.days().nextAfter(day);
        if (day == null) {
          throw unavailable(new EventStoreException("there are no events"));
        }
        long end = next == null ? upTo : Math.min(upTo, next.firstPosition() - 1);
        for (; at < end; at = Math.min(end, at + RANGE)) {
          ranges.add(new Range(day.day(), at, Math.min(end, at + RANGE)));
        }
        day = next;
      }
    } catch (EventStoreException e) {
      throw unavailable(e);
    }
    return ranges;
  }

  private Part part(Range range, CopiedEvents.Kinds wanted, AtomicBoolean isOver) {
    try (Connection connection = dataSource.getConnection()) {
      CopyOut copy = connection.unwrap(PGConnection.class).getCopyAPI().copyOut(range.copy());
      try {
        CopiedEvents events = new CopiedEvents(wanted, range.after(), range.upTo());
        for (byte @Nullable [] row = copy.readFromCopy(); row != null; row = copy.readFromCopy()) {
          if (!isOver.get()) {
            events.add(row);
          }
        }
        return events.part();
      } finally {
        // Read to its end, for a copy that is cancelled leaves answers behind that the next user of
        // the connection would take for its own.
        while (copy.isActive() && copy.readFromCopy() != null) {
          // the rest
        }
      }
    } catch (SQLException e) {
      throw unavailable(e);
    }
  }

  @Override
  public long streams(String prefix, long upTo) {
    try (Connection connection = dataSource.getConnection();
        PreparedStatement statement =
            connection.prepareStatement(
                "select count(*) from stream where starts_with(stream, ?) and born_position <= ?")) {
      statement.setString(1, prefix);
      statement.setLong(2, upTo);
      try (ResultSet rows = statement.executeQuery()) {
        rows.next();
        return rows.getLong(1);
      }
    } catch (SQLException e) {
      throw unavailable(e);
    }
  }

  private static LedgerUnavailableException unavailable(Exception cause) {
    return new LedgerUnavailableException("the journal cannot be read", cause);
  }
}
